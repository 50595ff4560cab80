package dev.cairn.study.directory;

import java.util.LinkedHashMap;
import java.util.Map;

/// How long each stage took when it ran: the one file of a study that differs from run to run.
///
/// @param seconds by the stage's name
public record StageTimes(Map<String, Double> seconds) {
  /// Of a study whose stages have not run.
  public static final StageTimes NONE = new StageTimes(Map.of());

  /// {@return the same, and a stage that has run now}
  public StageTimes with(String stage, double elapsedSeconds) {
    Map<String, Double> times = new LinkedHashMap<>(seconds);
    times.put(stage, elapsedSeconds);
    return new StageTimes(times);
  }
}
