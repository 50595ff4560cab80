package dev.cairn.program.call.strace;

import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ioctls that QEMU knows by name, and how it prints them.
final class Ioctls {
  /// An ioctl.
  ///
  /// @param reads whether the kernel writes to the guest's memory
  /// @param writes whether it reads from there
  /// @param letter what the argument is: a letter as of a type, `N` for none, `*` for an address
  /// @param type what lies at the address; null if the argument is none
  private record Ioctl(
      String name, boolean reads, boolean writes, char letter, @Nullable IoctlType type) {}

  private static final Map<Long, Ioctl> IOCTLS = new HashMap<>();

  static {
    for (String line : DataFile.entries(Ioctls.class, "qemu.ioctls")) {
      String[] words = line.split(" ", 4);
      boolean address = words[3].startsWith("*");
      Ioctl ioctl =
          new Ioctl(
              words[1],
              words[2].contains("R"),
              words[2].contains("W"),
              words[3].charAt(0),
              address ? IoctlType.parse(words[3].substring(1)) : null);
      // QEMU compares the register with the number as an int, so one with bit 31 never fits.
      IOCTLS.putIfAbsent((long) (int) (long) Long.decode(words[0]), ioctl);
    }
  }

  private static final CFormat NUMBER = CFormat.parse("%#x");
  private static final int COMMAND = 1;
  private static final int ARGUMENT = 2;

  private Ioctls() {}

  /// Writes the arguments from the command on.
  static void write(StringBuilder out, SystemCall call) {
    long argument = call.argument(ARGUMENT);
    Ioctl ioctl = IOCTLS.get(call.argument(COMMAND));
    if (ioctl == null) {
      NUMBER.write(out, call.argument(COMMAND), null);
      out.append(',');
      NUMBER.write(out, argument, null);
      return;
    }
    out.append(ioctl.name).append(ioctl.letter == 'N' ? "" : ",");
    switch (ioctl.letter) {
      case 'N' -> {}
      case 'p' -> StraceStructs.pointer(out, argument);
      case 'l' -> out.append(argument);
      case 'L' -> out.append(Long.toUnsignedString(argument));
      case '*' -> {
        if (ioctl.writes) {
          memory(out, ioctl, argument, call.memory(ARGUMENT));
        } else if (ioctl.reads) {
          StraceStructs.pointer(out, argument);
        }
      }
      default -> out.append((int) argument);
    }
  }

  /// Writes what the kernel wrote, in parentheses.
  static void writeResult(StringBuilder out, SystemCall call, SystemCallResult result) {
    out.append(result.value());
    Ioctl ioctl = IOCTLS.get(call.argument(COMMAND));
    if (ioctl != null && ioctl.reads && ioctl.type != null) {
      out.append(" (");
      memory(out, ioctl, call.argument(ARGUMENT), result.memory(ARGUMENT));
      out.append(')');
    }
  }

  private static void memory(
      StringBuilder out, Ioctl ioctl, long address, byte @Nullable [] memory) {
    IoctlType type = ioctl.type;
    ByteBuffer from = type == null ? null : StraceStructs.read(memory, type.bytes());
    if (type == null || from == null) {
      StraceStructs.pointer(out, address);
    } else {
      type.write(out, from, 0);
    }
  }
}
