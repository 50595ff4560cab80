/// Compares two runs of one process: what they execute, and what they are afterwards.
@NullMarked
package dev.cairn.checkpoint.verify;

import org.jspecify.annotations.NullMarked;
