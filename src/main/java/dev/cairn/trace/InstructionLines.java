package dev.cairn.trace;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Makes text of what it sees, a line an instruction: thread, instruction count, address, bytes,
/// disassembly, function. Between them stand system calls, their returns and signals.
///
/// The text of an instruction is made once, when its block executes first.
public final class InstructionLines implements Analysis<Long> {
  /// Makes text of an instruction.
  public interface Disassembly {
    /// {@return as an assembler would take it}
    ///
    /// @param pc its virtual address
    /// @param code holds its bytes from `offset` on
    /// @param size how many these are
    String text(long pc, byte[] code, int offset, int size);

    /// {@return what kind of access an instruction makes, in words that end with load or store, if
    /// it is one}
    default String accessKind(byte[] code, int offset, boolean store) {
      return store ? "store" : "load";
    }

    /// Tells the bytes only: as a number where an instruction has four.
    Disassembly BYTES =
        (_, code, offset, size) -> {
          StringBuilder text = new StringBuilder(".inst 0x");
          for (int i = size - 1; i >= 0; i--) {
            text.append(String.format(Locale.ROOT, "%02x", code[offset + i]));
          }
          return text.toString();
        };
  }

  /// Makes text of system calls and signals.
  public interface CallText {
    /// {@return a call with what is known when it is made}
    String call(SystemCall call);

    /// {@return a call's name and what it gave}
    ///
    /// @param call null if the trace, or the part of it that is read, does not hold it
    String result(@Nullable SystemCall call, SystemReturn result);

    /// {@return what a signal is called}
    String signal(int number);

    /// Tells numbers only.
    CallText NUMBERS = new CallNumbers();
  }

  private static final String INSTRUCTION = "%d %12d  ";
  private final LongFunction<@Nullable CodeLocation> locate;
  private final Disassembly disassembly;
  private final CallText callText;
  private final Consumer<String> lines;
  private final @Nullable AddressTranslation translation;
  private final BatchCursor cursor = new BatchCursor();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final List<@Nullable CodeLocation> places = new ArrayList<>();
  private final Map<Integer, String[]> texts = new HashMap<>();
  private final Map<Long, SystemCall> calls = new HashMap<>();
  private final Map<Long, SystemReturn> returns = new HashMap<>();
  private long printed;

  /// Of the batch's accesses; empty if they have none.
  private long[] values = new long[0];

  /// Leaves physical addresses out.
  InstructionLines(
      LongFunction<@Nullable CodeLocation> locate,
      Disassembly disassembly,
      CallText callText,
      Consumer<String> lines) {
    this(locate, disassembly, callText, null, lines);
  }

  /// @param locate says where the code of a block comes from that is being defined
  /// @param translation says where accesses go in physical memory; null if nobody knows
  /// @param lines takes each line, without its end
  public InstructionLines(
      LongFunction<@Nullable CodeLocation> locate,
      Disassembly disassembly,
      CallText callText,
      @Nullable AddressTranslation translation,
      Consumer<String> lines) {
    this.locate = locate;
    this.disassembly = disassembly;
    this.callText = callText;
    this.lines = lines;
    this.translation = translation;
  }

  @Override
  public void define(BlockDefinition block) {
    blocks.add(block);
    places.add(locate.apply(block.pc()));
  }

  @Override
  public void systemCall(SystemCall call) {
    calls.put(call.index(), call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    returns.put(result.index(), result);
  }

  @Override
  public void pause(int thread) {
    calls.values().removeIf(call -> call.thread() == thread);
    returns.values().removeIf(result -> result.thread() == thread);
  }

  @Override
  public void accept(Batch batch) {
    int thread = batch.thread();
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    values = batch.values();
    boolean more = true;
    while (more) {
      more = cursor.next();
      for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
        note(thread, position, cursor.word(i));
      }
      if (more) {
        String[] text = texts.computeIfAbsent(cursor.block(), this::texts);
        int access = cursor.firstAccess();
        for (int i = cursor.first(); i < cursor.end(); i++) {
          lines.accept(String.format(Locale.ROOT, INSTRUCTION, thread, position) + text[i]);
          access = accesses(thread, position, i, access);
          position++;
          printed++;
        }
      }
    }
  }

  /// Writes the accesses of an instruction.
  ///
  /// @param begin the first one that is left
  /// @return the first one that is left then
  private int accesses(int thread, long position, int instruction, int begin) {
    int at = begin;
    while (at < cursor.endAccess() && EventWord.instruction(cursor.word(at)) == instruction) {
      long word = cursor.word(at++);
      String kind = accessKind(cursor.block(), instruction, EventWord.isStore(word));
      lines.accept(
          String.format(Locale.ROOT, INSTRUCTION, thread, position)
              + String.format(
                  Locale.ROOT,
                  "-> 0x%012x  %s %d%s%s",
                  EventWord.address(word),
                  kind,
                  EventWord.bytes(word),
                  value(word, at - 1),
                  physical(EventWord.address(word))));
    }
    return at;
  }

  /// {@return an access's value, if it has one}
  ///
  /// @param at where it stands in the batch
  private String value(long word, int at) {
    int bytes = EventWord.bytes(word);
    if (values.length == 0) {
      return "";
    }
    if (bytes > 2 * Long.BYTES) {
      return EventWord.isStore(word) ? " = 0x0" : ""; // a prefetch moves nothing
    }
    return bytes == 2 * Long.BYTES
        ? String.format(Locale.ROOT, " = 0x%016x%016x", values[2 * at + 1], values[2 * at])
        : String.format(Locale.ROOT, " = 0x%0" + 2 * bytes + "x", values[2 * at]);
  }

  private String physical(long address) {
    long physical = translation == null ? -1 : translation.physicalAddress(address);
    return physical < 0 ? "" : String.format(Locale.ROOT, "  physical 0x%x", physical);
  }

  private String accessKind(int id, int instruction, boolean store) {
    BlockDefinition block = blocks.get(id);
    int offset = 0;
    for (int i = 0; i < instruction; i++) {
      offset += block.sizes()[i];
    }
    return disassembly.accessKind(block.code(), offset, store);
  }

  private void note(int thread, long position, long word) {
    long value = EventWord.address(word);
    String text =
        switch (EventWord.note(word)) {
          case EventWord.NOTE_INTERRUPT ->
              "%s at 0x%x".formatted(callText.signal(EventWord.detail(word)), value);
          case EventWord.NOTE_CALL -> "#" + value + " " + called(calls.get(value));
          case EventWord.NOTE_RETURN ->
              "#" + value + " " + returned(calls.remove(value), returns.remove(value));
          default -> null;
        };
    if (text != null) {
      lines.accept(String.format(Locale.ROOT, INSTRUCTION, thread, position) + "-- " + text);
    }
  }

  private String called(@Nullable SystemCall call) {
    return call == null ? "system call" : callText.call(call);
  }

  private String returned(@Nullable SystemCall call, @Nullable SystemReturn result) {
    return result == null ? "system call" : callText.result(call, result);
  }

  private String[] texts(int id) {
    BlockDefinition block = blocks.get(id);
    CodeLocation place = places.get(id);
    String[] all = new String[block.instructions()];
    int offset = 0;
    for (int i = 0; i < all.length; i++) {
      int size = block.sizes()[i];
      StringBuilder bytes = new StringBuilder();
      for (int b = 0; b < size; b++) {
        bytes.append(String.format(Locale.ROOT, "%02x", block.code()[offset + b]));
      }
      String text = disassembly.text(block.pc() + offset, block.code(), offset, size);
      String line =
          String.format(Locale.ROOT, "0x%012x  %-8s  %-32s", block.pc() + offset, bytes, text);
      all[i] = place == null ? line.stripTrailing() : line + "  " + name(place, offset);
      offset += size;
    }
    return all;
  }

  private static String name(CodeLocation place, int offset) {
    String file = place.file().substring(place.file().lastIndexOf('/') + 1);
    String function = place.function();
    return function == null
        ? "%s:0x%x".formatted(file, place.address() + offset)
        : "%s+0x%x (%s)".formatted(function, place.functionOffset() + offset, file);
  }

  /// {@return how many instructions were written}
  @Override
  public Long result() {
    return printed;
  }
}
