/// Caches and translation buffers without time: any tree of them, many trees in one pass over a
/// run, and what missed where and why. The timed ones are in [dev.cairn.memory]; policies and
/// prefetchers are the same.
@NullMarked
package dev.cairn.memory.simulation;

import org.jspecify.annotations.NullMarked;
