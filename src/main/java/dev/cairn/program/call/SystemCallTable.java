package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The system calls of an operating system on an instruction set, by number.
public final class SystemCallTable {
  private static final class AArch64Linux {
    static final SystemCallTable TABLE =
        new SystemCallTable(DataFile.entries(SystemCallTable.class, "aarch64-linux.calls"));
  }

  private final List<SystemCallSignature> calls;
  private final Map<Integer, SystemCallSignature> byNumber = new HashMap<>();
  private final Map<String, SystemCallSignature> byName = new HashMap<>();

  private SystemCallTable(List<String> lines) {
    List<SystemCallSignature> read = new ArrayList<>();
    for (String line : lines) {
      SystemCallSignature each = signature(line.split(" +", -1));
      read.add(each);
      if (byNumber.put(each.number(), each) != null || byName.put(each.name(), each) != null) {
        throw new IllegalStateException("twice in the table: " + line);
      }
    }
    calls = List.copyOf(read);
  }

  /// {@return the calls of Linux on AArch64; read from its table at the first use}
  public static SystemCallTable aarch64Linux() {
    return AArch64Linux.TABLE;
  }

  private static SystemCallSignature signature(String[] words) {
    List<TypeWord> arguments = new ArrayList<>();
    TypeWord result = new TypeWord("int", List.of());
    for (int i = 2; i < words.length; i++) {
      if (words[i].equals("->")) {
        result = TypeWord.parse(words[i + 1]);
        break;
      }
      arguments.add(TypeWord.parse(words[i]));
    }
    return new SystemCallSignature(Integer.parseInt(words[0]), words[1], arguments, result);
  }

  /// {@return all calls by ascending number}
  public List<SystemCallSignature> calls() {
    return calls;
  }

  /// {@return a call, or null if the table has none of that number}
  public @Nullable SystemCallSignature call(int number) {
    return byNumber.get(number);
  }

  /// {@return a call, or null if the table has none of that name}
  public @Nullable SystemCallSignature call(String name) {
    return byName.get(name);
  }

  /// {@return a call's name; "syscall_472" for one that is not in the table}
  public String name(int number) {
    SystemCallSignature call = byNumber.get(number);
    return call == null ? "syscall_" + number : call.name();
  }
}
