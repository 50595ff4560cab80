package dev.cairn.program.isa.text;

import java.util.List;

/// The memory operands of loads and stores.
///
/// `mem`: base `n` and the signed offset `i`, by the field `k`: 1 post-indexed, 3 pre-indexed,
/// otherwise an offset; `mem*8`: in units of 8 bytes. `index2`: base `n` and register `m`, extended
/// by `e`, shifted by 2 if `j` is 1.
final class AddressParts {
  private static final List<String> EXTENSIONS = List.of("uxtw", "lsl", "sxtw", "sxtx");
  private static final int POST_INDEXED = 1;
  private static final int PRE_INDEXED = 3;

  private AddressParts() {}

  static TextPart of(String name, Fields fields) {
    if (name.startsWith("index")) {
      int log2Bytes = Integer.parseInt(name.substring("index".length()));
      return new Index(
          fields.named('n'), fields.named('m'), fields.named('e'), fields.named('j'), log2Bytes);
    }
    int scale = name.equals("mem") ? 1 : Integer.parseInt(name.substring("mem*".length()));
    return new Offset(fields.named('n'), fields.named('k'), fields.named('i'), scale);
  }

  private record Offset(Field base, Field index, Field offset, int scale) implements TextPart {
    @Override
    public void append(long pc, int word, StringBuilder text) {
      int bytes = offset.signed(word) * scale;
      int kind = index.of(word);
      PartParser.general(true, base.of(word), true, text.append('['));
      if (kind == POST_INDEXED) {
        Numbers.append(bytes, text.append("], "));
        return;
      }
      if (bytes != 0 || kind == PRE_INDEXED) {
        Numbers.append(bytes, text.append(", "));
      }
      text.append(kind == PRE_INDEXED ? "]!" : "]");
    }
  }

  private record Index(Field base, Field register, Field kind, Field shifted, int log2Bytes)
      implements TextPart {
    @Override
    public void append(long pc, int word, StringBuilder text) {
      int extension = kind.of(word);
      boolean is64 = (extension & 1) == 1;
      boolean plain = extension == 1;
      boolean shifts = shifted.of(word) == 1;
      PartParser.general(true, base.of(word), true, text.append('['));
      PartParser.general(is64, register.of(word), false, text.append(", "));
      if (!plain || shifts) {
        text.append(", ").append(EXTENSIONS.get(extension));
      }
      text.append(shifts ? " #" + log2Bytes : "").append(']');
    }
  }
}
