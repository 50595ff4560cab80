package dev.cairn.trace;

import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ByteSource;
import java.util.ArrayList;
import java.util.List;

/// What a trace is of; the beginning of its file.
///
/// @param version of Cairn that wrote it
/// @param program the guest program and its arguments
/// @param isa the instruction set, as `Isa.name()` gives it
/// @param cpu QEMU's CPU model
/// @param contents what is in it
/// @param chunkInstructions how many instructions a chunk has
/// @param from the instruction of each thread with which the trace begins
/// @param until the instruction of each thread before which it ends; [Long#MAX_VALUE] for none
/// @param thread of which it is; -1 for all
public record TraceManifest(
    String version,
    List<String> program,
    String isa,
    String cpu,
    TraceContents contents,
    long chunkInstructions,
    long from,
    long until,
    int thread) {
  /// Stands for all threads.
  public static final int ALL_THREADS = -1;

  /// How many instructions a chunk has where nobody asks for another length.
  public static final long CHUNK_INSTRUCTIONS = 4_000_000;

  /// The most that a chunk may have.
  public static final long MOST_CHUNK_INSTRUCTIONS = 1L << 30;

  public TraceManifest {
    program = List.copyOf(program);
    if (chunkInstructions < 1 || chunkInstructions > MOST_CHUNK_INSTRUCTIONS) {
      throw new IllegalArgumentException(
          "chunkInstructions must be between 1 and %d: %d"
              .formatted(MOST_CHUNK_INSTRUCTIONS, chunkInstructions));
    }
    if (from < 0 || until < from || thread < ALL_THREADS) {
      throw new IllegalArgumentException(
          "no part of a trace: from %d until %d of thread %d".formatted(from, until, thread));
    }
  }

  /// {@return whether it is of the whole run}
  public boolean isWhole() {
    return from == 0 && until == Long.MAX_VALUE && thread == ALL_THREADS;
  }

  /// {@return the manifest of a part}
  TraceManifest cut(String by, long from, long until, int thread) {
    return new TraceManifest(
        by,
        program,
        isa,
        cpu,
        contents,
        chunkInstructions,
        Math.max(from, this.from),
        Math.max(Math.max(from, this.from), Math.min(until, this.until)),
        thread == ALL_THREADS ? this.thread : thread);
  }

  byte[] bytes() {
    ByteSink into = new ByteSink();
    into.text(version);
    into.text(isa);
    into.text(cpu);
    into.number(contents.bits());
    into.text(contents.accessFilter());
    if (contents.physical()) {
      into.text(contents.placement());
      into.number(contents.pageBytes());
    }
    into.number(chunkInstructions);
    into.number(from);
    into.number(until);
    into.number(thread + 1L);
    into.number(program.size());
    program.forEach(into::text);
    return into.toByteArray();
  }

  static TraceManifest of(ByteSource from) throws FormatException {
    String version = from.text();
    String isa = from.text();
    String cpu = from.text();
    int contents = from.number(TraceContents.ALL);
    String filter = from.text();
    boolean physical = TraceContents.isPhysical(contents);
    String placement = physical ? from.text() : "";
    int pageBytes = physical ? from.number(Integer.MAX_VALUE) : 0;
    long chunk = from.number();
    long begin = from.number();
    long end = from.number();
    int thread = from.number(Integer.MAX_VALUE) - 1;
    int count = from.number(from.remaining());
    List<String> program = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      program.add(from.text());
    }
    from.finish();
    try {
      return new TraceManifest(
          version,
          program,
          isa,
          cpu,
          physical
              ? TraceContents.of(contents, filter).placed(placement, pageBytes)
              : TraceContents.of(contents, filter),
          chunk,
          begin,
          end,
          thread);
    } catch (IllegalArgumentException e) {
      throw from.wrong(String.valueOf(e.getMessage()));
    }
  }
}
