/// Branch prediction: whether, and where to. May know [dev.cairn.program]; knows no pipeline.
@NullMarked
package dev.cairn.timing.branch;

import org.jspecify.annotations.NullMarked;
