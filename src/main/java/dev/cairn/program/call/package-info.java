/// System calls: what each is called, what its arguments mean, what of the guest's memory is needed
/// to show one, and its text.
///
/// The facts are tables beside the classes, one line a call, a struct or a set of names, each with
/// its form in its first lines: `aarch64-linux.calls`, `linux.structs`, `linux.names`,
/// `linux.errors`. Knows nothing else of Cairn.
@NullMarked
package dev.cairn.program.call;

import org.jspecify.annotations.NullMarked;
