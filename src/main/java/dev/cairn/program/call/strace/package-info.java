/// System calls written as the user mode of QEMU writes them under `-strace`, to the byte.
///
/// How each is written is in tables beside the classes, `qemu.formats` first. Every peculiarity is
/// QEMU's: arguments beyond those that a call takes, flags without a name in some set, results that
/// are left out. Knows [dev.cairn.program.call] only.
@NullMarked
package dev.cairn.program.call.strace;

import org.jspecify.annotations.NullMarked;
