package dev.cairn.checkpoint.verify;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Goes through the memory of two processes page by page.
public final class MemoryComparison {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int PAGES_AT_ONCE = 1024;

  /// What looks at two pages that are not equal.
  private interface Differing {
    /// {@return whether that is enough}
    boolean accept(Mapping mapping, long address, ByteBuffer one, ByteBuffer other);
  }

  private final List<Mapping> mappings;
  private final MemoryContents one;
  private final MemoryContents other;

  /// @param mappings that are compared
  public MemoryComparison(List<Mapping> mappings, MemoryContents one, MemoryContents other) {
    this.mappings = List.copyOf(mappings);
    this.one = one;
    this.other = other;
  }

  /// Two words at one address, and those that lie 8 bytes before in the page, or 0.
  public record Words(int one, int other, int oneBefore, int otherBefore) {}

  /// {@return all words that differ, by address}
  public NavigableMap<Long, Words> differences() throws IOException {
    TreeMap<Long, Words> all = new TreeMap<>();
    forEach((_, address, here, there) -> {
      for (int i = 0; i < PAGE; i += 4) {
        if (here.getInt(i) != there.getInt(i)) {
          int oneBefore = i < 8 ? 0 : here.getInt(i - 8);
          int otherBefore = i < 8 ? 0 : there.getInt(i - 8);
          all.put(address + i, new Words(here.getInt(i), there.getInt(i), oneBefore, otherBefore));
        }
      }
      return false;
    });
    return all;
  }

  /// {@return the first word that differs and may not; null if there is none}
  public @Nullable ProcessDifference first(RunValues excused) throws IOException {
    List<ProcessDifference> found = new ArrayList<>();
    forEach((mapping, address, here, there) -> {
      for (int i = 0; i < PAGE; i += 4) {
        if (!excused.excuse(here.getInt(i), there.getInt(i))) {
          found.add(
              new ProcessDifference(
                  String.format(
                      Locale.ROOT,
                      "the page at 0x%x (%s), its word at 0x%x",
                      address,
                      ProcessDifference.name(mapping, address),
                      address + i),
                  String.format(Locale.ROOT, "0x%08x", here.getInt(i)),
                  String.format(Locale.ROOT, "0x%08x", there.getInt(i))));
          return true;
        }
      }
      return false;
    });
    return found.isEmpty() ? null : found.getFirst();
  }

  private void forEach(Differing differing) throws IOException {
    for (Mapping mapping : mappings) {
      for (long at = mapping.start(); at < mapping.end(); at += (long) PAGES_AT_ONCE * PAGE) {
        long end = Math.min(mapping.end(), at + (long) PAGES_AT_ONCE * PAGE);
        Mapping piece =
            new Mapping(
                at,
                end,
                mapping.protection(),
                mapping.kind(),
                mapping.file(),
                mapping.fileOffset() + at - mapping.start(),
                mapping.shared());
        if (compare(piece, differing)) {
          return;
        }
      }
    }
  }

  private boolean compare(Mapping piece, Differing differing) throws IOException {
    byte[] here = read(one, piece);
    byte[] there = read(other, piece);
    int at = Arrays.mismatch(here, there);
    while (at >= 0) {
      int page = at / PAGE * PAGE;
      if (differing.accept(piece, piece.start() + page, page(here, page), page(there, page))) {
        return true;
      }
      int next = page + PAGE;
      int further = Arrays.mismatch(here, next, here.length, there, next, there.length);
      at = further < 0 ? -1 : next + further;
    }
    return false;
  }

  private static ByteBuffer page(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes, offset, PAGE).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] read(MemoryContents memory, Mapping piece) throws IOException {
    byte[] all = new byte[(int) piece.bytes()];
    memory.forEachPage(
        piece,
        (address, bytes) -> System.arraycopy(bytes, 0, all, (int) (address - piece.start()), PAGE));
    return all;
  }
}
