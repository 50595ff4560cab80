/// Takes checkpoints of a guest's run, and runs guests on from them.
@NullMarked
package dev.cairn.study.checkpoint;

import org.jspecify.annotations.NullMarked;
