/// What a run that stops at places tells: where it stands, and what happened to the process between
/// them.
@NullMarked
package dev.cairn.capture.stop;

import org.jspecify.annotations.NullMarked;
