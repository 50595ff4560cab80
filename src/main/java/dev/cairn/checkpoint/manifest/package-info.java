/// The file that says what a checkpoint is, but for its memory.
@NullMarked
package dev.cairn.checkpoint.manifest;

import org.jspecify.annotations.NullMarked;
