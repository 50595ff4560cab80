package dev.cairn.timing;

import java.util.List;

/// What came out of all windows, in their order.
public record TimingResult(List<WindowResult> windows) {
  public TimingResult {
    windows = List.copyOf(windows);
  }
}
