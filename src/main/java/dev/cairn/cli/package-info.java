/// The commands: parse the line, call what does the work, print, and say by the exit status how it
/// went. May use every other package; nothing may use it.
@NullMarked
package dev.cairn.cli;

import org.jspecify.annotations.NullMarked;
