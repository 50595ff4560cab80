package dev.cairn.bench;

import dev.cairn.event.Batch;
import dev.cairn.timing.SyntheticTiming;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/// How many instructions a second of a host core's time the in-order core times, and warms with.
///
/// Run: `mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp` and then `java
/// -cp target/classes:target/test-classes:$(cat target/cp) dev.cairn.bench.TimingBench`.
public final class TimingBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private TimingBench() {}

  public static void main(String[] arguments) {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
    for (int miss : new int[] {0, 5, 30}) {
      SyntheticRun run = new SyntheticRun(64, 1 << 14, miss);
      measure("timing, " + miss + " % of accesses far", run, false, rounds);
      measure("warming, " + miss + " % of accesses far", run, true, rounds);
    }
  }

  private static void measure(String what, SyntheticRun run, boolean warm, int rounds) {
    SyntheticTiming timing = new SyntheticTiming(run.blocks(), warm);
    long position = 0;
    double best = 0;
    double total = 0;
    for (int round = 0; round < rounds; round++) {
      long start = THREADS.getCurrentThreadCpuTime();
      for (Batch batch : run.batches()) {
        long first = batch.firstInstruction();
        batch.reset(0, position + first, batch.length());
        timing.accept(batch);
        batch.reset(0, first, batch.length());
      }
      position += run.instructions();
      double rate = run.instructions() * 1e3 / (THREADS.getCurrentThreadCpuTime() - start);
      best = Math.max(best, rate);
      total += round < rounds / 2 ? 0 : 1 / rate;
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %6.1f M instructions/s (best %.1f)%s%n",
        what,
        (rounds - rounds / 2) / total,
        best,
        timing.summary());
  }
}
