/// Trace files: what a run did, exactly and in order, to be read again and again. The writer is an
/// analysis like others; the reader is a source of the same batches as a live run. Knows neither
/// QEMU nor what is done with a trace.
@NullMarked
package dev.cairn.trace;

import org.jspecify.annotations.NullMarked;
