package dev.cairn.timing;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.Isa;
import dev.cairn.timing.core.CoreModel;
import dev.cairn.timing.core.Execution;
import dev.cairn.timing.core.ExecutionRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Times windows of one thread on a core model.
///
/// At a window's `warmFrom` the core is emptied, so a window's result depends on nothing before;
/// only a window that begins where the one before ended goes on with the core as it stands. Warming
/// has three parts, the cheapest first. Up to [#PREDICTOR_WARMING] instructions before `from` only
/// caches and translation buffers follow the program, as only they are large enough to remember
/// more. Then the branch predictors follow too. The last [#DETAILED_WARMING] instructions run in
/// the full pipeline and its time is thrown away, so that the first instruction timed finds the
/// pipeline, the misses under way and the store buffer as busy as they would be. Windows are cut at
/// exactly the instructions asked for, inside a block too.
///
/// An execution is handed on only when the next one says where it went, or at the end of what was
/// observed, where the last branch is not predicted at all.
///
/// One thread.
public final class TimingAnalysis implements Analysis<TimingResult> {
  /// Instructions run in full detail, and not counted, before each window.
  public static final long DETAILED_WARMING = 4096;

  /// Instructions with which branch predictors are warmed, those of [#DETAILED_WARMING] included.
  public static final long PREDICTOR_WARMING = 2_000_000;

  /// What is done with the instructions of the present stretch.
  private enum Phase {
    SKIP,
    WARM_MEMORY,
    WARM,
    SETTLE,
    COUNT
  }

  private final CoreModel core;
  private final Function<BlockDefinition, DecodedBlock> decoder;
  private final int thread;
  private final List<TimingWindow> windows;
  private final List<WindowResult> results = new ArrayList<>();
  private final BatchCursor cursor = new BatchCursor();
  private final Execution execution = new Execution();
  private final ExecutionRun run = new ExecutionRun();
  private final long predictorWarming;
  private long[] blockPcs = new long[1024];
  private int[][] blockOffsets = new int[1024][];

  private Phase phase = Phase.SKIP;
  private long phaseEnd;
  private int window;

  private boolean held;
  private long heldPosition;
  private int heldBlock;
  private int heldFirst;
  private int heldEnd;
  private long[] heldWords = new long[64];
  private int heldFirstAccess;
  private int heldEndAccess;

  /// @param thread which guest thread's batches are looked at
  /// @param windows ascending and not overlapping, warming included
  public TimingAnalysis(
      Isa isa, CoreConfiguration configuration, int thread, List<TimingWindow> windows) {
    this(
        configuration.create(isa),
        block -> DecodedBlock.of(block, isa),
        thread,
        windows,
        PREDICTOR_WARMING);
  }

  /// @param core is used by this analysis only
  /// @param predictorWarming in place of [#PREDICTOR_WARMING], at least [#DETAILED_WARMING]
  TimingAnalysis(
      CoreModel core,
      Function<BlockDefinition, DecodedBlock> decoder,
      int thread,
      List<TimingWindow> windows,
      long predictorWarming) {
    this.core = core;
    this.predictorWarming = predictorWarming;
    this.decoder = decoder;
    this.thread = thread;
    this.windows = List.copyOf(windows);
    for (int i = 1; i < windows.size(); i++) {
      if (windows.get(i).warmFrom() < windows.get(i - 1).until()) {
        throw new IllegalArgumentException(
            "windows must ascend and not overlap: " + windows.get(i - 1) + ", " + windows.get(i));
      }
    }
    phaseEnd = windows.isEmpty() ? Long.MAX_VALUE : this.windows.get(0).warmFrom();
  }

  @Override
  public void define(BlockDefinition block) {
    if (block.id() == blockPcs.length) {
      blockPcs = Arrays.copyOf(blockPcs, blockPcs.length * 2);
      blockOffsets = Arrays.copyOf(blockOffsets, blockOffsets.length * 2);
    }
    core.define(decoder.apply(block));
    int[] offsets = new int[block.instructions() + 1];
    for (int i = 0; i < block.instructions(); i++) {
      offsets[i + 1] = offsets[i] + block.sizes()[i];
    }
    blockPcs[block.id()] = block.pc();
    blockOffsets[block.id()] = offsets;
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread) {
      return;
    }
    cursor.wrap(batch);
    long position = batch.firstInstruction();
    long[] words = batch.words();
    if (held && heldPosition + heldEnd - heldFirst != position) {
      deliver(heldWords);
    }
    long[] heldIn = heldWords;
    boolean kept = true;
    while (true) {
      if (!held) {
        position = warmMemory(words, batch.length(), position);
      }
      if (!cursor.next()) {
        break;
      }
      int block = cursor.block();
      int first = cursor.first();
      if (held) {
        long pc = cursor.interrupted() ? cursor.resumePc() : pc(block, first);
        deliver(heldIn, pc, cursor.interrupted());
      }
      held = cursor.end() > first;
      heldIn = words;
      kept = false;
      heldPosition = position;
      heldBlock = block;
      heldFirst = first;
      heldEnd = cursor.end();
      heldFirstAccess = cursor.firstAccess();
      heldEndAccess = cursor.endAccess();
      position += heldEnd - first;
      if (held && phase == Phase.WARM_MEMORY && position <= phaseEnd) {
        deliver(words);
      }
    }
    if (held && !kept) {
      keep(words);
    }
  }

  /// Where the execution held led is not known.
  @Override
  public void pause(int number) {
    if (number == thread && held) {
      deliver(heldWords);
    }
  }

  @Override
  public TimingResult result() {
    if (held) {
      deliver(heldWords);
    }
    while (window < windows.size()) {
      if (phase != Phase.COUNT) {
        core.clearCounts();
      }
      results.add(new WindowResult(windows.get(window++), core.counts()));
      phase = Phase.SKIP;
    }
    return new TimingResult(results);
  }

  /// Takes the executions that come next in a batch and are to warm the memory only.
  ///
  /// @param position of the first of them
  /// @return the position behind the last one taken
  private long warmMemory(long[] words, int end, long position) {
    while (position >= phaseEnd) {
      nextPhase();
    }
    if (phase != Phase.WARM_MEMORY) {
      return position;
    }
    run.set(words, cursor.endAccess(), end, phaseEnd - position);
    core.warmMemory(run);
    cursor.skipTo(run.position());
    return phaseEnd - run.wanted();
  }

  private long pc(int block, int instruction) {
    return instruction == 0 ? blockPcs[block] : blockPcs[block] + blockOffsets[block][instruction];
  }

  private void keep(long[] words) {
    int count = heldEndAccess - heldFirstAccess;
    if (count > heldWords.length) {
      heldWords = new long[count * 2];
    }
    System.arraycopy(words, heldFirstAccess, heldWords, 0, count);
    heldFirstAccess = 0;
    heldEndAccess = count;
  }

  /// Hands on the execution held, whose successor is not known.
  private void deliver(long[] words) {
    held = false;
    if (heldPosition + heldEnd - heldFirst <= phaseEnd) {
      execution.set(heldBlock, heldFirst, heldEnd, words, heldFirstAccess, heldEndAccess);
      run();
    } else {
      split(words, false, 0, false);
    }
  }

  /// Hands on the execution held, which `next` follows.
  private void deliver(long[] words, long next, boolean interrupted) {
    if (heldPosition + heldEnd - heldFirst <= phaseEnd) {
      execution.set(heldBlock, heldFirst, heldEnd, words, heldFirstAccess, heldEndAccess);
      execution.next(next, interrupted);
      run();
    } else {
      split(words, true, next, interrupted);
    }
  }

  private void run() {
    switch (phase) {
      case SKIP -> {}
      case WARM_MEMORY, WARM -> core.warm(execution);
      case SETTLE, COUNT -> core.execute(execution);
    }
  }

  /// Hands on the execution held in parts that end where phases end.
  private void split(long[] words, boolean known, long next, boolean interrupted) {
    long position = heldPosition;
    int first = heldFirst;
    int access = heldFirstAccess;
    while (first < heldEnd) {
      while (position >= phaseEnd) {
        nextPhase();
      }
      int end = first + (int) Math.min(heldEnd - first, phaseEnd - position);
      int endAccess = access;
      while (endAccess < heldEndAccess && EventWord.instruction(words[endAccess]) < end) {
        endAccess++;
      }
      execution.set(heldBlock, first, end, words, access, endAccess);
      if (end < heldEnd) {
        execution.next(pc(heldBlock, end), false);
      } else if (known) {
        execution.next(next, interrupted);
      }
      run();
      position += end - first;
      first = end;
      access = endAccess;
    }
  }

  /// {@return whether the next window begins where the one before ended, so that the core goes on}
  private boolean continues() {
    return window > 0 && windows.get(window).warmFrom() == windows.get(window - 1).until();
  }

  private void nextPhase() {
    switch (phase) {
      case SKIP -> {
        if (!continues()) {
          core.reset();
        }
        phase = Phase.WARM_MEMORY;
        TimingWindow next = windows.get(window);
        phaseEnd = Math.max(next.warmFrom(), next.from() - predictorWarming);
      }
      case WARM_MEMORY -> {
        phase = Phase.WARM;
        TimingWindow next = windows.get(window);
        phaseEnd = Math.max(next.warmFrom(), next.from() - DETAILED_WARMING);
      }
      case WARM -> {
        phase = Phase.SETTLE;
        phaseEnd = windows.get(window).from();
      }
      case SETTLE -> {
        core.clearCounts();
        phase = Phase.COUNT;
        phaseEnd = windows.get(window).until();
      }
      case COUNT -> {
        results.add(new WindowResult(windows.get(window++), core.counts()));
        phase = Phase.SKIP;
        phaseEnd = window == windows.size() ? Long.MAX_VALUE : windows.get(window).warmFrom();
      }
    }
  }
}
