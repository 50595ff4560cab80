/// The system calls of a run: each as it is made and returns, with an instruction count for a
/// clock, and what they add up to.
@NullMarked
package dev.cairn.profile.syscall;

import org.jspecify.annotations.NullMarked;
