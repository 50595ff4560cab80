package dev.cairn.bench;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.timing.SyntheticTiming;
import dev.cairn.timing.SyntheticTiming.Work;
import dev.cairn.timing.WindowResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How many instructions a second of a host core's time the in-order core times, and warms with.
///
/// Run: `mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/cp` and then `java
/// -cp target/classes:target/test-classes:$(cat target/cp) dev.cairn.bench.TimingBench`, with the
/// rounds and files that [RecordedRun] wrote, if any, behind.
public final class TimingBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private TimingBench() {}

  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 40;
    for (int i = 1; i < arguments.length; i++) {
      recorded(Path.of(arguments[i]), rounds);
    }
    if (arguments.length < 2) {
      for (int miss : new int[] {0, 5, 30}) {
        SyntheticRun run = new SyntheticRun(64, 1 << 14, miss);
        for (Work work : Work.values()) {
          synthetic(run, work + ", " + miss + " % of accesses far", work, rounds);
        }
      }
    }
  }

  private static void synthetic(SyntheticRun run, String what, Work work, int rounds) {
    SyntheticTiming timing = new SyntheticTiming(work, id -> run.blocks().get(id));
    run.blocks().forEach(block -> timing.define(block.definition()));
    long[] position = new long[1];
    measure(
        what,
        run.instructions(),
        rounds,
        () -> {
          long start = THREADS.getCurrentThreadCpuTime();
          for (Batch batch : run.batches()) {
            long first = batch.firstInstruction();
            batch.reset(0, position[0] + first, batch.length());
            timing.accept(batch);
            batch.reset(0, first, batch.length());
          }
          position[0] += run.instructions();
          return THREADS.getCurrentThreadCpuTime() - start;
        });
    if (work == Work.TIME) {
      System.out.println(timing.result());
    }
  }

  private static void recorded(Path file, int rounds) throws IOException {
    RecordedRun run = RecordedRun.read(file);
    Batch last = run.batches().getLast();
    long instructions = last.firstInstruction() - run.first();
    double words = 0;
    double executions = 0;
    for (Batch batch : run.batches()) {
      words += batch.length();
      for (int i = 0; i < batch.length(); i++) {
        executions += EventWord.kind(batch.words()[i]) == EventWord.EXECUTION ? 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f M instructions, %.3f executions and %.3f accesses an instruction%n",
        file.getFileName(),
        instructions / 1e6,
        executions / instructions,
        (words - executions) / instructions);
    SyntheticTiming half = SyntheticTiming.halfWarmed(run.first(), instructions);
    run.blocks().forEach(half::define);
    run.batches().forEach(half::accept);
    System.out.println(half.result());
    for (Work work : Work.values()) {
      WindowResult[] result = new WindowResult[1];
      measure(
          file.getFileName() + ", " + work,
          instructions,
          rounds,
          () -> {
            SyntheticTiming timing = new SyntheticTiming(work, run.first());
            run.blocks().forEach(timing::define);
            long start = THREADS.getCurrentThreadCpuTime();
            run.batches().forEach(timing::accept);
            long nanos = THREADS.getCurrentThreadCpuTime() - start;
            result[0] = timing.result();
            return nanos;
          });
      if (work == Work.TIME) {
        System.out.println(result[0]);
      }
    }
  }

  private static void measure(String what, long instructions, int rounds, LongSupplier nanos) {
    double best = 0;
    double total = 0;
    for (int round = 0; round < rounds; round++) {
      double rate = instructions * 1e3 / nanos.getAsLong();
      best = Math.max(best, rate);
      total += round < rounds / 2 ? 0 : 1 / rate;
    }
    System.out.printf(
        Locale.ROOT,
        "%-34s %6.1f M instructions/s (best %.1f)%n",
        what,
        (rounds - rounds / 2) / total,
        best);
  }
}
