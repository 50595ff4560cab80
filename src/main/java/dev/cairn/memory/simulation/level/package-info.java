/// A tree of caches and translation buffers without time: what one access changes in it, and what
/// it counts.
@NullMarked
package dev.cairn.memory.simulation.level;

import org.jspecify.annotations.NullMarked;
