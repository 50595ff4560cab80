/// Keeps checkpoints in a directory, with equal pages once.
@NullMarked
package dev.cairn.checkpoint.store;

import org.jspecify.annotations.NullMarked;
