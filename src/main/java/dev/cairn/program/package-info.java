/// The guest program's static side: symbols, mappings, decoded code. Knows [dev.cairn.event] for
/// what a block's definition and a format error are.
@NullMarked
package dev.cairn.program;

import org.jspecify.annotations.NullMarked;
