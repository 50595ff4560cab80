/// How a run comes back to its memory: reuse distances and miss-ratio curves, working sets, heat
/// maps, and what each instruction's accesses look like. Knows no cache.
@NullMarked
package dev.cairn.memory.locality;

import org.jspecify.annotations.NullMarked;
