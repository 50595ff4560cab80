/// Traces in the forms that other simulators read, made of the same batches as everything else.
/// `docs/trace.md` says what each form cannot carry.
@NullMarked
package dev.cairn.trace.export;

import org.jspecify.annotations.NullMarked;
