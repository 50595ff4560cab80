package dev.cairn.report;

import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.profile.stat.AccessCounts;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.profile.stat.StreamStatistics;
import dev.cairn.profile.stat.Touched;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What `cairn stat` prints for people: a number, what it counts, and what that means at the right.
public final class StatText {
  private static final int MOST_THREADS = 64;

  private final StatResult result;
  private final Statistics statistics;
  private final StringBuilder text = new StringBuilder();

  private StatText(StatResult result) {
    this.result = result;
    statistics = result.statistics();
  }

  /// {@return the whole report, lines ended}
  public static String of(StatResult result) {
    return new StatText(result).text();
  }

  private String text() {
    text.append("\n ").append(String.join(" ", result.program())).append("\n\n");
    long instructions = statistics.instructions();
    line(instructions, "instructions", "");
    threads();
    long faults = result.run().threads().stream().mapToLong(ThreadSummary::faults).sum();
    line(faults, "faults", faults == 0 ? "" : "begun but not executed, not among the instructions");
    blocks();
    branches();
    memory();
    touched();
    classes();
    time();
    end();
    return text.toString();
  }

  private void threads() {
    List<ThreadSummary> threads = result.run().threads();
    if (threads.size() < 2) {
      return;
    }
    for (ThreadSummary thread : threads.subList(0, Math.min(threads.size(), MOST_THREADS))) {
      share(
          thread.instructions(),
          "  thread " + thread.thread(),
          statistics.instructions(),
          "of instructions");
    }
    if (threads.size() > MOST_THREADS) {
      text.append(
          String.format(
              Locale.ROOT, "%20s    and %,d threads more\n", "", threads.size() - MOST_THREADS));
    }
  }

  private void blocks() {
    StreamStatistics stream = statistics.stream();
    long cut = stream == null ? 0 : stream.cutBlocks();
    long blocks = statistics.blocks() + cut;
    line(
        blocks,
        "blocks",
        ratio(statistics.instructions(), blocks, "instructions each")
            + (cut == 0 ? "" : String.format(Locale.ROOT, ", %,d cut short", cut)));
  }

  private void branches() {
    long branches = statistics.branchInstructions();
    share(branches, "branches", statistics.instructions(), "of instructions");
    long conditional = statistics.count(BranchKind.CONDITIONAL);
    share(conditional, "  conditional", branches, "of branches");
    StreamStatistics stream = statistics.stream();
    if (stream != null) {
      share(stream.taken(), "    taken", conditional, "of conditional branches");
      share(stream.notTaken(), "    not taken", conditional, "of conditional branches");
    }
    share(statistics.count(BranchKind.JUMP), "  jumps", branches, "of branches");
    share(statistics.count(BranchKind.CALL), "  calls", branches, "of branches");
    share(statistics.count(BranchKind.RETURN), "  returns", branches, "of branches");
    share(statistics.count(BranchKind.INDIRECT_JUMP), "  indirect jumps", branches, "of branches");
    share(statistics.count(BranchKind.INDIRECT_CALL), "  indirect calls", branches, "of branches");
    line(statistics.count(BranchKind.SYSTEM_CALL), "system calls", "");
  }

  private void memory() {
    StreamStatistics stream = statistics.stream();
    long all = statistics.instructions();
    share(statistics.loadInstructions(), "loads", all, "of instructions");
    if (stream != null) {
      accesses(stream.loads(), statistics.loadInstructions(), "a load");
    }
    share(statistics.storeInstructions(), "stores", all, "of instructions");
    if (stream != null) {
      accesses(stream.stores(), statistics.storeInstructions(), "a store");
    }
  }

  private void accesses(AccessCounts counts, long instructions, String each) {
    line(counts.accesses(), "  accesses", ratio(counts.accesses(), instructions, each));
    line(counts.bytes(), "  bytes", ratio(counts.bytes(), counts.accesses(), "an access"));
  }

  private void touched() {
    Touched code = statistics.code();
    line(
        code.bytes(),
        "bytes of code",
        String.format(Locale.ROOT, "in %,d lines of 64 bytes, %s", code.lines(), pages(code)));
    StreamStatistics stream = statistics.stream();
    if (stream != null) {
      Touched data = stream.data();
      line(
          data.lines(),
          "lines of data",
          String.format(Locale.ROOT, "of 64 bytes, in %s", pages(data)));
    }
  }

  private static String pages(Touched touched) {
    return String.format(
        Locale.ROOT,
        "%,d pages of 4 KiB%s",
        touched.pages(),
        touched.complete() ? "" : "; there were more than could be followed");
  }

  private void classes() {
    text.append("\n");
    statistics.classes().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(
            Map.Entry.<InstructionClass, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(entry ->
            share(
                entry.getValue(),
                entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                statistics.instructions(),
                "of instructions"));
  }

  private void time() {
    long elapsed = result.run().elapsedNanos();
    text.append("\n");
    seconds(
        elapsed,
        "host time",
        String.format(Locale.ROOT, "%6.1f MIPS", statistics.instructions() * 1e3 / elapsed));
    Comparison comparison = result.comparison();
    if (comparison != null) {
      long plain = comparison.medianNanos();
      seconds(
          plain,
          "plain QEMU",
          String.format(
              Locale.ROOT,
              "%6.2f × slowdown, against the median of %d runs",
              (double) elapsed / plain,
              comparison.nanos().length));
    }
  }

  private void end() {
    if (!(result.run().end() instanceof GuestEnd.Exited(int status) && status == 0)) {
      text.append("\n ").append(GuestEndText.of(result.run(), result.place())).append("\n");
    }
    text.append("\n");
  }

  private static String ratio(long part, long whole, String what) {
    return whole == 0 ? "" : String.format(Locale.ROOT, "%6.2f %s", (double) part / whole, what);
  }

  private void share(long count, String what, long whole, String of) {
    line(
        count,
        what,
        whole == 0 ? "" : String.format(Locale.ROOT, "%6.2f %% %s", 100.0 * count / whole, of));
  }

  private void line(long count, String what, String note) {
    put(String.format(Locale.ROOT, "%,20d", count), what, note);
  }

  private void seconds(long nanos, String what, String note) {
    put(String.format(Locale.ROOT, "%,18.3f s", nanos / 1e9), what, note);
  }

  private void put(String number, String what, String note) {
    String line = String.format(Locale.ROOT, "%s  %-24s", number, what);
    text.append((note.isEmpty() ? line : line + "  # " + note).stripTrailing()).append("\n");
  }
}
