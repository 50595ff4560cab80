/// Writes a process as images that CRIU restores, and reads what CRIU has dumped.
@NullMarked
package dev.cairn.checkpoint.criu;

import org.jspecify.annotations.NullMarked;
