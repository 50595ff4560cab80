/// Which line of a full set goes. Knows nothing but sets and ways.
@NullMarked
package dev.cairn.memory.replacement;

import org.jspecify.annotations.NullMarked;
