/// The values of memory accesses and what memory holds besides: as columns of a chunk, and
/// replayed.
@NullMarked
package dev.cairn.trace.value;

import org.jspecify.annotations.NullMarked;
