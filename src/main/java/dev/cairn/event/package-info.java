/// What a run of a guest program looks like to everything that studies it: the layout of a record,
/// the batch, the cursor over it, and the contract of an analysis. Knows no other package.
@NullMarked
package dev.cairn.event;

import org.jspecify.annotations.NullMarked;
