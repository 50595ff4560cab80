/// True basic blocks: found from the translation blocks that a run executed, with how often each
/// executed, was left half-way or ran in a circle, and what led to what. Knows the events and the
/// program.
@NullMarked
package dev.cairn.profile.block;

import org.jspecify.annotations.NullMarked;
