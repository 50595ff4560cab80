/// Caches, translation buffers, prefetchers and memory behind them, each exact in cycles: a request
/// goes in with the cycle it is made in and the cycle of its answer comes out. May know
/// [dev.cairn.event] and [dev.cairn.program]; knows no core.
@NullMarked
package dev.cairn.memory;

import org.jspecify.annotations.NullMarked;
