package dev.cairn.program.call.strace;

import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.NamedValues;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.TypeWord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A line that QEMU printed, read back into the numbers and the memory that it was made of.
///
/// @param result null if the line has none
record StraceLine(SystemCall call, @Nullable SystemCallResult result) {
  private static final Pattern LINE = Pattern.compile("(\\w+)\\((.*?)\\)( = (.*))?");
  private static final Pattern ERROR = Pattern.compile("-1 errno=(\\d+) \\(.*\\)");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+");

  /// An address for memory of which the line shows no address.
  private static final long SOMEWHERE = 0x1000;

  private static final Map<String, List<String>> FORMATS = formats();
  private static final Map<String, String> IOCTLS = numbers("qemu.ioctls");
  private static final Map<String, String> FCNTLS = numbers("qemu.fcntl");

  private static Map<String, List<String>> formats() {
    Map<String, List<String>> formats = new HashMap<>();
    for (String line : DataFile.entries(StraceText.class, "qemu.formats")) {
      List<String> words = new ArrayList<>(List.of(line.split(" +", -1)));
      formats.put(words.removeFirst(), words);
    }
    return formats;
  }

  private static Map<String, String> numbers(String table) {
    Map<String, String> numbers = new HashMap<>();
    for (String line : DataFile.entries(StraceText.class, table)) {
      String[] words = line.split(" ", -1);
      numbers.put(words[1], words[0]);
    }
    return numbers;
  }

  /// Reads a line, without its process's number.
  ///
  /// @throws IllegalArgumentException if the line is of a form that is not known
  static StraceLine parse(String line) {
    Matcher m = LINE.matcher(line);
    SystemCallSignature signature =
        m.matches() ? SystemCallTable.aarch64Linux().call(m.group(1)) : null;
    List<String> words = signature == null ? null : FORMATS.get(signature.name());
    if (signature == null || words == null) {
      throw new IllegalArgumentException("no call: " + line);
    }
    Reader reader = new Reader();
    int arrow = words.indexOf("->");
    List<String> arguments = words.subList(0, arrow < 0 ? words.size() : arrow);
    reader.arguments(arguments, split(m.group(2)));
    SystemCall call = new SystemCall(signature.number(), reader.arguments, reader.memory);
    String form = arrow < 0 ? "number" : words.get(arrow + 1);
    String result = m.group(4);
    return new StraceLine(call, form.equals("none") || result == null ? null : result(result));
  }

  /// Takes arguments apart at their commas, but for those in texts, structs and sets.
  private static List<String> split(String arguments) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean text = false;
    int start = 0;
    for (int i = 0; i < arguments.length(); i++) {
      char c = arguments.charAt(i);
      text ^= c == '"';
      if (!text) {
        depth += "{[(".indexOf(c) >= 0 ? 1 : "}])".indexOf(c) >= 0 ? -1 : 0;
        if (c == ',' && depth == 0) {
          parts.add(arguments.substring(start, i));
          start = i + 1;
        }
      }
    }
    if (!arguments.isEmpty()) {
      parts.add(arguments.substring(start));
    }
    return parts;
  }

  private static SystemCallResult result(String text) {
    Matcher error = ERROR.matcher(text);
    if (error.matches()) {
      return new SystemCallResult(-Long.parseLong(error.group(1)), Map.of());
    }
    int space = text.indexOf(' ');
    String value = space < 0 ? text : text.substring(0, space);
    Map<Integer, byte[]> memory = new HashMap<>();
    if (space >= 0) {
      String written = text.substring(space + 2, text.length() - 1);
      byte[] bytes = written.startsWith("oldset=") ? signals(written.substring(7)) : longs(written);
      for (int i = 0; i < SystemCall.ARGUMENTS; i++) {
        memory.put(i, bytes);
      }
    }
    return new SystemCallResult(value.isEmpty() ? 0 : number(value), memory);
  }

  private static long number(String text) {
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text, 2, text.length(), 16)
        : Long.decode(text);
  }

  /// {@return all the numbers in a text, as 64 bits each}
  private static byte[] longs(String text) {
    List<Long> found = NUMBER.matcher(text).results().map(n -> Long.valueOf(n.group())).toList();
    ByteBuffer bytes = ByteBuffer.allocate(8 * found.size()).order(ByteOrder.LITTLE_ENDIAN);
    found.forEach(bytes::putLong);
    return bytes.array();
  }

  private static byte[] signals(String text) {
    long set = 0;
    for (String each : text.substring(1, text.length() - 1).split(" ", -1)) {
      set |= each.isEmpty() ? 0 : 1L << (named("signal", each) - 1);
    }
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(set).array();
  }

  /// {@return the sum of names of a set and of numbers}
  private static long named(String set, String text) {
    long value = 0;
    for (String part : text.split("\\|", -1)) {
      long each = -1;
      for (NamedValues.Entry entry : QemuNames.set(set).entries()) {
        each = entry.name().equals(part) ? entry.value() : each;
      }
      value |= each == -1 ? number(part) : each;
    }
    return value;
  }

  /// Fills registers and memory from words.
  private static final class Reader {
    private final long[] arguments = new long[SystemCall.ARGUMENTS];
    private final Map<Integer, byte[]> memory = new HashMap<>();

    private void arguments(List<String> words, List<String> parts) {
      int index = 0;
      int part = 0;
      for (String word : words) {
        if (word.equals("raw")) {
          for (; index < SystemCall.ARGUMENTS; index++) {
            arguments[index] = number(parts.get(part++));
          }
          continue;
        }
        int at = word.lastIndexOf('@');
        index = at < 0 ? index : Integer.parseInt(word.substring(at + 1));
        TypeWord type = TypeWord.parse(at < 0 ? word : word.substring(0, at));
        if (type.name().equals("if")) {
          type = TypeWord.parse(type.text(2));
          if (part == parts.size()) {
            continue;
          }
        }
        if (type.name().equals("ioctl") || type.name().equals("fcntl")) {
          command(type.name().equals("ioctl") ? IOCTLS : FCNTLS, parts.subList(part, parts.size()));
          return;
        }
        argument(type, index++, parts.get(part++));
        part += type.name().equals("sockaddr") ? 1 : 0;
      }
    }

    private void command(Map<String, String> numbers, List<String> parts) {
      arguments[1] = number(numbers.getOrDefault(parts.getFirst(), parts.getFirst()));
      if (parts.size() > 1) {
        boolean flags = parts.getFirst().equals("F_SETFL");
        boolean number = NUMBER.matcher(parts.get(1)).matches();
        String word = flags ? "open" : number ? "%ld" : "ptr";
        argument(new TypeWord(word, List.of()), 2, parts.get(1));
      }
    }

    private void argument(TypeWord type, int index, String text) {
      if (type.name().contains("%")) {
        arguments[index] = text.equals("(nil)") ? 0 : number(text);
        return;
      }
      switch (type.name()) {
        case "flags" -> arguments[index] = named(type.text(0), text);
        case "enum" -> arguments[index] = named(type.text(0), text);
        case "signal" -> arguments[index] = named("signal", text);
        case "open" -> arguments[index] = named("open", accessed(text));
        case "dirfd" -> arguments[index] = text.equals("AT_FDCWD") ? -100 : number(text);
        case "mode" -> arguments[index] = named("mode", text);
        case "futexop" ->
            arguments[index] = named("futex", text.replace("FUTEX_PRIVATE_FLAG", "128"));
        case "domain" -> arguments[index] = named("domain", text);
        case "socktype" -> {
          String flags = text.replace("SOCK_CLOEXEC", "02000000");
          arguments[index] = named("type", flags.replace("SOCK_NONBLOCK", "04000"));
        }
        case "protocol" -> arguments[index] = named("protocol", text);
        default -> pointer(index, text);
      }
    }

    private static String accessed(String text) {
      return text.replace("O_RDONLY", "0").replace("O_WRONLY", "1").replace("O_RDWR", "2");
    }

    private void pointer(int index, String text) {
      if (text.equals("NULL") || text.startsWith("0x")) {
        arguments[index] = text.equals("NULL") ? 0 : number(text);
        return;
      }
      arguments[index] = SOMEWHERE;
      if (text.startsWith("\"")) {
        String bytes = text.substring(1, text.length() - 1);
        memory.put(index, bytes.getBytes(StandardCharsets.ISO_8859_1));
      } else {
        memory.put(index, text.startsWith("[") ? signals(text) : longs(text));
      }
    }
  }
}
