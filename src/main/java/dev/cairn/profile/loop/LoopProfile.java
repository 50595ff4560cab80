package dev.cairn.profile.loop;

import java.util.List;

/// The loops of a run.
///
/// @param loops by function and header's address
/// @param instructions that the run executed, of which each loop has a share
public record LoopProfile(List<Loop> loops, long instructions) {
  public LoopProfile {
    loops = List.copyOf(loops);
  }
}
