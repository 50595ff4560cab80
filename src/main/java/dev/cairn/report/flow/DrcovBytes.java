package dev.cairn.report.flow;

import dev.cairn.profile.coverage.ModuleCoverage;
import dev.cairn.profile.coverage.ModuleCoverage.Module;
import dev.cairn.profile.coverage.ModuleCoverage.Piece;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// The code that executed in the form of DynamoRIO's drcov, which Lighthouse opens in a
/// disassembler.
///
/// ```text
/// DRCOV VERSION: 2
/// DRCOV FLAVOR: drcov
/// Module Table: version 2, count N
/// Columns: id, base, end, entry, path
/// a line a module
/// BB Table: N bbs
/// of each 8 bytes, little-endian: offset in the module (4), bytes (2), id of the module (2)
/// ```
///
/// Source: DynamoRIO, "Code Coverage Tool", and drcov's own files of version 2.
public final class DrcovBytes {
  private static final int ENTRY_BYTES = 8;

  /// The most that an entry tells of, to an instruction's boundary; a longer block is several.
  private static final int LONGEST_BYTES = 0xfff0;

  private static final int MOST_MODULES = 0xffff;
  private static final long MOST_OFFSET = 0xffff_ffffL;

  private DrcovBytes() {}

  /// {@return the file}
  public static byte[] of(ModuleCoverage coverage) {
    List<Module> modules = coverage.modules();
    if (modules.size() > MOST_MODULES) {
      throw new IllegalArgumentException("too many modules for drcov: " + modules.size());
    }
    StringBuilder header = new StringBuilder("DRCOV VERSION: 2\nDRCOV FLAVOR: drcov\n");
    header.append("Module Table: version 2, count ").append(modules.size()).append('\n');
    header.append("Columns: id, base, end, entry, path\n");
    int entries = 0;
    for (int id = 0; id < modules.size(); id++) {
      Module module = modules.get(id);
      header.append(
          String.format(
              Locale.ROOT,
              "%3d, 0x%016x, 0x%016x, 0x%016x, %s%n",
              id,
              module.base(),
              module.end(),
              0,
              module.path()));
      for (Piece piece : module.pieces()) {
        entries += (piece.bytes() + LONGEST_BYTES - 1) / LONGEST_BYTES;
      }
    }
    header.append("BB Table: ").append(entries).append(" bbs\n");
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.addExact(text.length, Math.multiplyExact(entries, ENTRY_BYTES)))
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(text);
    for (int id = 0; id < modules.size(); id++) {
      for (Piece piece : modules.get(id).pieces()) {
        put(bytes, piece, id);
      }
    }
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, Piece piece, int module) {
    if (piece.offset() < 0 || piece.offset() + piece.bytes() > MOST_OFFSET) {
      throw new IllegalArgumentException("no offset for drcov: " + piece);
    }
    for (int done = 0; done < piece.bytes(); done += LONGEST_BYTES) {
      bytes.putInt((int) (piece.offset() + done));
      bytes.putShort((short) Math.min(LONGEST_BYTES, piece.bytes() - done));
      bytes.putShort((short) module);
    }
  }
}
