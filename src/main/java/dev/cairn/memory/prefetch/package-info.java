/// Which lines to fetch before they are asked for. Knows nothing but line numbers.
@NullMarked
package dev.cairn.memory.prefetch;

import org.jspecify.annotations.NullMarked;
