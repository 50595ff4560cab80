/// Memory accesses in a trace file: as columns of a chunk, which a reader takes or skips.
/// `docs/formats/trace.md` is the specification. Knows no files.
@NullMarked
package dev.cairn.trace.access;

import org.jspecify.annotations.NullMarked;
