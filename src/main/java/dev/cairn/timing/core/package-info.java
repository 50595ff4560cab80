/// Core models: what turns executed instructions into cycles. May know [dev.cairn.memory],
/// [dev.cairn.timing.branch], [dev.cairn.program] and [dev.cairn.event]; knows no source of events.
@NullMarked
package dev.cairn.timing.core;

import org.jspecify.annotations.NullMarked;
