package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A reader of drcov's files, as DynamoRIO documents them.
public final class DrcovFile {
  /// Code that executed.
  ///
  /// @param path of its module
  /// @param address where it lay
  public record Piece(String path, long address, int bytes) {}

  private DrcovFile() {}

  /// Reads a file of drcov, version 2, as its format is documented.
  public static List<Piece> read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher head =
        Pattern.compile(
                "DRCOV VERSION: 2\nDRCOV FLAVOR: drcov\n"
                    + "Module Table: version 2, count (\\d+)\n"
                    + "Columns: id, base, end, entry, path\n"
                    + "((?: *\\d+, 0x[0-9a-f]+, 0x[0-9a-f]+, 0x[0-9a-f]+, .*\n)+)"
                    + "BB Table: (\\d+) bbs\n")
            .matcher(text);
    assertThat(head.lookingAt()).isTrue();
    List<String[]> modules = new ArrayList<>();
    for (String module : head.group(2).split("\n", -1)) {
      if (!module.isEmpty()) {
        modules.add(module.strip().split(", ", 5));
      }
    }
    assertThat(modules).hasSize(Integer.parseInt(head.group(1)));
    ByteBuffer table = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(head.end());
    assertThat(table.remaining()).isEqualTo(8 * Integer.parseInt(head.group(3)));
    List<Piece> pieces = new ArrayList<>();
    while (table.hasRemaining()) {
      long offset = Integer.toUnsignedLong(table.getInt());
      int length = Short.toUnsignedInt(table.getShort());
      String[] module = modules.get(Short.toUnsignedInt(table.getShort()));
      long base = Long.decode(module[1]);
      assertThat(length).isPositive();
      assertThat(base + offset + length).isLessThanOrEqualTo(Long.decode(module[2]));
      pieces.add(new Piece(module[4], base + offset, length));
    }
    return pieces;
  }
}
