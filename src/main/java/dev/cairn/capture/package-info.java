/// Live runs: starts QEMU with the probe, drains the rings, hands batches and interval counts to
/// analyses, and ends everything in order. Knows events and the program's static side.
@NullMarked
package dev.cairn.capture;

import org.jspecify.annotations.NullMarked;
