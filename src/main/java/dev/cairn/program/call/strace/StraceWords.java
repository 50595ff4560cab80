package dev.cairn.program.call.strace;

import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.NamedValues;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.TypeWord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The words of `qemu.formats`: what each of them writes.
final class StraceWords {
  private static final NamedValues FUTEX = QemuNames.set("futex");
  private static final int AT_FDCWD = -100;
  private static final long FUTEX_COMMAND = ~0x180L;

  /// FUTEX_WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2: those with a time.
  private static final long FUTEX_TIMED = 1L | 1 << 6 | 1 << 9 | 1 << 11 | 1 << 13;

  /// The commands of `fcntl`, each with what it writes of argument 2.
  private record FcntlCommand(String name, @Nullable StraceWord argument) {}

  /// An argument that is there only if another has some bit of a mask.
  private record Condition(int flags, int mask, StraceWord word) implements StraceWord {
    @Override
    public void write(StringBuilder out, SystemCall call) {
      word.write(out, call);
    }

    @Override
    public boolean isLeftOut(SystemCall call) {
      return (call.argument(flags) & mask) == 0;
    }
  }

  private static final Map<Long, FcntlCommand> FCNTL = new HashMap<>();

  static {
    for (String line : DataFile.entries(StraceWords.class, "qemu.fcntl")) {
      String[] words = line.split(" ", -1);
      StraceWord argument = words.length < 3 ? null : parse(words[2], 2);
      FCNTL.put(Long.valueOf(words[0]), new FcntlCommand(words[1], argument));
    }
  }

  private StraceWords() {}

  /// Reads a word.
  ///
  /// @param index the argument that it is for
  static StraceWord parse(String word, int index) {
    if (word.contains("%") && !word.contains("(")) {
      CFormat format = CFormat.parse(word);
      return (out, call) -> format.write(out, call.argument(index), call.memory(index));
    }
    TypeWord type = TypeWord.parse(word);
    return switch (type.name()) {
      case "flags", "flags32", "enum" -> named(type, index);
      case "if" -> new Condition(type.number(0), type.number(1), parse(type.text(2), index));
      case "fcntl" -> StraceWords::fcntl;
      case "ioctl" -> Ioctls::write;
      case "dirfd", "mode", "open", "dev", "signal", "domain", "socktype", "futexop" ->
          number(type.name(), index);
      case "protocol" ->
          (out, call) ->
              StraceSockets.protocol(
                  out, (int) call.argument(0), (int) call.argument(1), (int) call.argument(index));
      case "siginfo" -> information(type, index);
      default -> memory(type, index);
    };
  }

  private static StraceWord named(TypeWord type, int index) {
    NamedValues set = QemuNames.set(type.text(0));
    if (type.name().equals("flags")) {
      return (out, call) -> QemuNames.flags(out, set, call.argument(index));
    }
    if (type.name().equals("flags32")) {
      return (out, call) -> QemuNames.flags(out, set, call.argument(index) & 0xffffffffL);
    }
    String unnamed = type.parameters().size() > 1 ? type.text(1) : "%#x";
    long mask = type.has(3) ? type.number(2) : -1;
    if (unnamed.contains("%")) {
      CFormat format = CFormat.parse(unnamed);
      return (out, call) -> QemuNames.member(out, set, call.argument(index) & mask, format);
    }
    return (out, call) -> {
      String name = set.name(call.argument(index) & mask);
      out.append(name == null ? unnamed : name);
    };
  }

  /// Words that need no more than the argument's number.
  private static StraceWord number(String name, int index) {
    return (out, call) -> {
      long value = call.argument(index);
      switch (name) {
        case "dirfd" -> out.append(value == AT_FDCWD ? "AT_FDCWD" : Integer.toString((int) value));
        case "mode" -> QemuNames.mode(out, value);
        case "open" -> QemuNames.open(out, value);
        case "dev" -> device(out, value);
        case "signal" -> StraceSignals.signal(out, value);
        case "domain" -> StraceSockets.domain(out, (int) value);
        case "socktype" -> StraceSockets.type(out, value);
        default -> futexOperation(out, (int) value);
      }
    };
  }

  /// Words that show memory.
  private static StraceWord memory(TypeWord type, int index) {
    int length = type.has(1) ? type.number(0) : 0;
    return switch (type.name()) {
      case "ptr" -> (out, call) -> StraceStructs.pointer(out, call.argument(index));
      case "str" ->
          (out, call) -> StraceStructs.string(out, call.argument(index), call.memory(index));
      case "number" ->
          (out, call) -> StraceStructs.number(out, call.argument(index), call.memory(index));
      case "timespec" ->
          (out, call) -> StraceStructs.timespec(out, call.argument(index), call.memory(index));
      case "timeval" ->
          (out, call) -> StraceStructs.timeval(out, call.argument(index), call.memory(index));
      case "timezone" ->
          (out, call) -> StraceStructs.timezone(out, call.argument(index), call.memory(index));
      case "itimerval" ->
          (out, call) -> StraceStructs.itimerval(out, call.argument(index), call.memory(index));
      case "rlimit" ->
          (out, call) -> StraceStructs.rlimit(out, call.argument(index), call.memory(index));
      case "futextimeout" -> (out, call) -> futexTimeout(out, call, index);
      case "argv" -> texts(type, index);
      default -> sized(type.name(), index, length);
    };
  }

  /// Words that show memory whose length is another argument.
  private static StraceWord sized(String name, int index, int length) {
    return (out, call) -> {
      long address = call.argument(index);
      long bytes = call.argument(length);
      switch (name) {
        case "buf" -> StraceStructs.buffer(out, address, bytes, call.memory(index));
        case "sockaddr" -> StraceSockets.address(out, address, bytes, call.memory(index));
        case "sigset" -> StraceSignals.set(out, address, bytes, call.memory(index));
        case "how" -> StraceStructs.openHow(out, address, bytes, call.memory(index));
        default -> throw new IllegalArgumentException("no such word: " + name);
      }
    };
  }

  /// A `siginfo_t`; with a format the argument behind it too, which a decoded one has no comma
  /// from.
  private static StraceWord information(TypeWord type, int index) {
    if (type.has(0)) {
      return (out, call) ->
          StraceSignals.information(out, call.argument(index), call.memory(index));
    }
    CFormat next = CFormat.parse(type.text(0));
    return (out, call) -> {
      StraceSignals.information(out, call.argument(index), call.memory(index));
      out.append(StraceSignals.hasInformation(call.memory(index)) ? "" : ",");
      next.write(out, call.argument(index + 1), null);
    };
  }

  /// An array of texts; with a word also another argument, which has no comma before it if the
  /// array could not be read to its end.
  private static StraceWord texts(TypeWord type, int index) {
    if (type.has(0)) {
      return (out, call) -> StraceStructs.strings(out, call.memory(index));
    }
    StraceWord next = parse(type.text(0), type.number(1));
    return (out, call) -> {
      boolean whole = StraceStructs.strings(out, call.memory(index));
      out.append(whole ? "," : "");
      next.write(out, call);
    };
  }

  private static void device(StringBuilder out, long device) {
    int major = (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL));
    int minor = (int) ((device & 0xff) | ((device >>> 12) & ~0xffL));
    out.append("makedev(").append(major).append(',').append(minor).append(')');
  }

  private static void futexOperation(StringBuilder out, int operation) {
    String name = FUTEX.name(operation & (int) FUTEX_COMMAND);
    if (name == null) {
      out.append("0x").append(Integer.toHexString(operation));
      return;
    }
    out.append((operation & 0x80) != 0 ? "FUTEX_PRIVATE_FLAG|" : "");
    out.append((operation & 0x100) != 0 ? "FUTEX_CLOCK_REALTIME|" : "");
    out.append(name);
  }

  private static void futexTimeout(StringBuilder out, SystemCall call, int index) {
    long command = call.argument(1) & FUTEX_COMMAND;
    boolean timed = command >= 0 && command < Long.SIZE && (FUTEX_TIMED >>> command & 1) != 0;
    if (timed) {
      StraceStructs.timespec(out, call.argument(index), call.memory(index));
    } else {
      StraceStructs.pointer(out, call.argument(index));
    }
  }

  private static void fcntl(StringBuilder out, SystemCall call) {
    FcntlCommand command = FCNTL.get(call.argument(1));
    if (command == null) {
      out.append(call.argument(1)).append(',');
      StraceStructs.pointer(out, call.argument(2));
      return;
    }
    out.append(command.name);
    if (command.argument != null) {
      out.append(',');
      command.argument.write(out, call);
    }
  }
}
