package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The fields of a struct that a system call reads or writes, as AArch64 lays them out.
///
/// @param name what `linux.structs` calls it
/// @param fields in the struct's order, without padding that is not named
/// @param sizeBytes with the padding at its end
/// @param alignment in bytes
record StructLayout(String name, List<Field> fields, int sizeBytes, int alignment) {
  /// A field.
  ///
  /// @param offset in bytes from the struct's start
  /// @param type what it is; of an array the type of an element
  /// @param count how many elements; 1 for what is no array
  record Field(String name, int offset, TypeWord type, int count) {}

  /// The structs by name, from `linux.structs`.
  private static final Map<String, StructLayout> STRUCTS = new HashMap<>();

  static {
    for (String line : DataFile.entries(StructLayout.class, "linux.structs")) {
      StructLayout struct = parse(line.split(" +", -1));
      if (STRUCTS.put(struct.name, struct) != null) {
        throw new IllegalStateException("linux.structs has twice: " + struct.name);
      }
    }
  }

  StructLayout {
    fields = List.copyOf(fields);
  }

  /// {@return all structs}
  static List<StructLayout> all() {
    return List.copyOf(STRUCTS.values());
  }

  /// {@return a struct}
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static StructLayout of(String name) {
    StructLayout struct = STRUCTS.get(name);
    if (struct == null) {
      throw new IllegalArgumentException("linux.structs has no " + name);
    }
    return struct;
  }

  /// {@return whether there is a struct of that name}
  static boolean isStruct(String name) {
    return STRUCTS.containsKey(name);
  }

  /// {@return whether the struct is shown as its only field}
  boolean isPlain() {
    return fields.size() == 1 && fields.getFirst().name.equals("-");
  }

  private static StructLayout parse(String[] words) {
    List<Field> fields = new ArrayList<>();
    int offset = 0;
    int alignment = 1;
    for (int i = 1; i < words.length; i++) {
      int colon = words[i].indexOf(':');
      int star = words[i].indexOf('*');
      TypeWord type =
          TypeWord.parse(words[i].substring(colon + 1, star < 0 ? words[i].length() : star));
      int count = star < 0 ? 1 : Integer.parseInt(words[i].substring(star + 1));
      int align = alignment(type);
      offset = roundUp(offset, align);
      alignment = Math.max(alignment, align);
      fields.add(new Field(words[i].substring(0, colon), offset, type, count));
      offset += size(type) * count;
    }
    return new StructLayout(words[0], fields, roundUp(offset, alignment), alignment);
  }

  private static int roundUp(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }

  /// {@return the bytes of a field's type}
  static int size(TypeWord type) {
    return switch (type.name()) {
      case "byte" -> 1;
      case "short", "ushort", "flags16", "enum16", "filemode16" -> 2;
      case "int", "uint", "hex32", "mode", "filemode", "signal", "fd", "pid", "uid", "flags" -> 4;
      case "enum", "wstatus" -> 4;
      case "long", "ulong", "hex", "ptr", "flags64", "enum64", "mode64", "signal64", "limit" -> 8;
      case "sigset" -> 8;
      case "fdset", "siginfo" -> 128;
      case "chars", "pad" -> type.number(0);
      default -> of(type.name()).sizeBytes;
    };
  }

  private static int alignment(TypeWord type) {
    return switch (type.name()) {
      case "chars", "pad" -> 1;
      case "fdset", "siginfo" -> 8;
      default -> {
        StructLayout struct = STRUCTS.get(type.name());
        yield struct == null ? size(type) : struct.alignment;
      }
    };
  }
}
