/// What is done with checkpoints that are there.
@NullMarked
package dev.cairn.cli.checkpoint;

import org.jspecify.annotations.NullMarked;
