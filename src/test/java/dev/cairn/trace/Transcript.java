package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Writes down all that an analysis is told, thread by thread, so that two sources can be compared.
///
/// Executions that follow each other in a block are one: a part of a trace begins and ends inside.
final class Transcript implements Analysis<Transcript> {
  private final LongFunction<@Nullable CodeLocation> locate;
  final List<BlockDefinition> blocks = new ArrayList<>();
  final List<@Nullable CodeLocation> places = new ArrayList<>();

  /// By thread, `position word` and what is told of system calls at the notes.
  final Map<Integer, List<String>> words = new TreeMap<>();

  /// How memory changed.
  final List<MemoryChange> changes = new ArrayList<>();

  private final Map<Long, String> calls = new TreeMap<>();
  private final boolean joins;

  /// @param joins whether executions that were cut apart are put together
  Transcript(LongFunction<@Nullable CodeLocation> locate, boolean joins) {
    this.locate = locate;
    this.joins = joins;
  }

  @Override
  public void define(BlockDefinition block) {
    blocks.add(block);
    places.add(locate.apply(block.pc()));
  }

  @Override
  public void systemCall(SystemCall call) {
    calls.put(
        call.index(),
        "call %d %s%s"
            .formatted(call.number(), Arrays.toString(call.arguments()), text(call.memory())));
  }

  @Override
  public void systemReturn(SystemReturn result) {
    calls.put(result.index(), "return %d%s".formatted(result.result(), text(result.memory())));
  }

  private static String text(List<GuestBytes> memory) {
    StringBuilder text = new StringBuilder();
    for (GuestBytes piece : memory) {
      text.append(' ').append(piece.argument()).append(Arrays.toString(piece.bytes()));
    }
    return text.toString();
  }

  @Override
  public void accept(Batch batch) {
    List<String> into = words.computeIfAbsent(batch.thread(), _ -> new ArrayList<>());
    long position = batch.firstInstruction();
    for (int i = 0; i < batch.length(); i++) {
      long word = batch.words()[i];
      switch (EventWord.kind(word)) {
        case EventWord.EXECUTION -> {
          int first = EventWord.first(word);
          int end = EventWord.end(word);
          execution(into, position, EventWord.block(word), first, end);
          position += end - first;
        }
        case EventWord.NOTE -> {
          String call =
              EventWord.note(word) >= EventWord.NOTE_CALL
                  ? calls.remove(EventWord.address(word))
                  : null;
          into.add(position + " note " + Long.toHexString(word) + " " + call);
        }
        case EventWord.ACCESS ->
            into.add(into.removeLast() + " " + Long.toHexString(word) + value(batch, i));
        default -> throw new IllegalStateException("word " + Long.toHexString(word));
      }
    }
  }

  private static String value(Batch batch, int index) {
    return batch.hasValues()
        ? "=%x:%x".formatted(batch.values()[2 * index], batch.values()[2 * index + 1])
        : "";
  }

  @Override
  public void memory(MemoryChange change) {
    changes.add(change);
  }

  private void execution(List<String> into, long position, int block, int first, int end) {
    String open = position - first + " of " + block + " to " + first;
    if (joins && !into.isEmpty() && first > 0 && into.getLast().startsWith(open + " from ")) {
      String before = into.removeLast();
      into.add(position - first + " of " + block + " to " + end + before.substring(open.length()));
      return;
    }
    into.add(position - first + " of " + block + " to " + end + " from " + first);
  }

  /// {@return a line of [#words] without the accesses at its end}
  static String withoutAccesses(String line) {
    int from = line.indexOf(" from ");
    int end = from < 0 ? -1 : line.indexOf(' ', from + " from ".length());
    return end < 0 ? line : line.substring(0, end);
  }

  /// {@return what was told of calls without a note}
  Map<Long, String> calls() {
    return calls;
  }

  @Override
  public Transcript result() {
    return this;
  }
}
