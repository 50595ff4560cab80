/// What a compiler's debug information tells of the source: DWARF's line tables. Works on the bytes
/// of sections and knows nothing of the files they come from; of Cairn it uses the format error.
@NullMarked
package dev.cairn.program.debug;

import org.jspecify.annotations.NullMarked;
