package dev.cairn.program.isa.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A64 instructions as text, all that `AArch64` decodes with operands.
///
/// SVE and SME, and what is no instruction, come out as `.inst 0x…`. Where the architecture leaves
/// it to the core whether an encoding is undefined, it has a text. Stateless; any number of
/// threads.
///
/// Cost: the table is read when the first instruction is asked for, in some 10 ms; an instruction
/// takes about a microsecond.
public final class AArch64Text {
  private static final int INDEX_BITS = 11;
  private static final int INDEX_SHIFT = Integer.SIZE - INDEX_BITS;

  /// The rows that a word may fit, by its highest bits, in the order of the tables.
  private static final TextRow[][] ROWS = index();

  private AArch64Text() {}

  private static TextRow[][] index() {
    List<TextRow> rows =
        Stream.of(
                IntegerRows.IMMEDIATE,
                IntegerRows.REGISTER,
                BranchRows.TABLE,
                LoadStoreRows.TABLE,
                AtomicRows.TABLE,
                FloatRows.TABLE,
                VectorThreeRows.TABLE,
                VectorTwoRows.TABLE,
                VectorLaneRows.BY_ELEMENT,
                VectorLaneRows.BY_IMMEDIATE,
                VectorLaneRows.MOVES,
                VectorLaneRows.STRUCTURES)
            .flatMap(String::lines)
            .map(TextRow::parse)
            .toList();
    TextRow[][] index = new TextRow[1 << INDEX_BITS][];
    List<TextRow> found = new ArrayList<>();
    for (int i = 0; i < index.length; i++) {
      found.clear();
      for (TextRow row : rows) {
        int differing = (i << INDEX_SHIFT ^ row.value()) & row.mask();
        if (differing >>> INDEX_SHIFT == 0) {
          found.add(row);
        }
      }
      index[i] = found.toArray(TextRow[]::new);
    }
    return index;
  }

  /// {@return the text of an instruction, as "add x0, x1, #0x10"}
  ///
  /// @param pc its virtual address, from which the targets of branches are told
  public static String of(long pc, int word) {
    for (TextRow row : ROWS[word >>> INDEX_SHIFT]) {
      if (row.fits(word)) {
        return row.text(pc, word);
      }
    }
    return ".inst 0x" + hex(word);
  }

  private static String hex(int word) {
    String digits = Integer.toHexString(word);
    return "0".repeat(8 - digits.length()) + digits;
  }
}
