/// Instruction sets: decoding, registers, classes. The only place, with one class per instruction
/// set in `checkpoint`, that knows one. Knows nothing else of Cairn.
@NullMarked
package dev.cairn.program.isa;

import org.jspecify.annotations.NullMarked;
