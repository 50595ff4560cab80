/// What hierarchies of caches and translation buffers can look like, and the files that say so.
/// Computes nothing.
@NullMarked
package dev.cairn.memory.hierarchy;

import org.jspecify.annotations.NullMarked;
