package dev.cairn.program;

import dev.cairn.event.FormatException;
import dev.cairn.program.elf.ElfBytes;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A mark that a program's author has put into it with `guest/cairn.h`: one instruction at which a
/// region of interest begins or ends.
///
/// ```text
/// ELF note: owner "Cairn", type 1 begins or 2 ends, then
///   0  4  distance from here to the instruction, signed
///   4     the region's name, ended by a zero byte; empty where one ends
/// ```
///
/// @param begins whether the region begins here; else the innermost one ends
/// @param name of the region that begins; empty where one ends
/// @param address of the instruction, before the load bias is added
public record Marker(boolean begins, String name, long address) {
  private static final String OWNER = "Cairn";
  private static final int HEADER_BYTES = 12;
  private static final int DISTANCE_BYTES = 4;
  private static final int BEGINS = 1;
  private static final int ENDS = 2;

  /// Reads the marks of a program or library.
  ///
  /// @return by address
  /// @throws FormatException if a note is damaged
  public static List<Marker> of(ElfImage image) throws IOException {
    Path path = image.path();
    List<Marker> markers = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ElfBytes bytes =
          new ElfBytes(
              path.toString(),
              channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
      for (ElfSegment segment : image.segments()) {
        if (segment.type() == ElfSegment.NOTE) {
          read(segment, bytes, markers);
        }
      }
    }
    markers.sort(Comparator.comparingLong(Marker::address));
    return markers;
  }

  private static void read(ElfSegment notes, ElfBytes bytes, List<Marker> markers)
      throws FormatException {
    bytes.require(notes.offset(), notes.fileBytes(), "the notes");
    long end = notes.offset() + notes.fileBytes();
    long alignment = notes.alignment() == 8 ? 8 : 4;
    long at = notes.offset();
    while (at + HEADER_BYTES <= end) {
      long ownerBytes = Integer.toUnsignedLong(bytes.word(at, "a note"));
      long valueBytes = Integer.toUnsignedLong(bytes.word(at + 4, "a note"));
      int type = bytes.word(at + 8, "a note");
      long value = at + HEADER_BYTES + aligned(ownerBytes, 4);
      if (value > end || valueBytes > end - value) {
        throw bytes.wrong(at, "a note is longer than the notes");
      }
      boolean isOurs =
          ownerBytes == OWNER.length() + 1
              && bytes.name(at + HEADER_BYTES, value, "a note's owner").equals(OWNER);
      if (isOurs && (type == BEGINS || type == ENDS)) {
        long address = notes.virtualAddress() + (value - notes.offset());
        markers.add(marker(type == BEGINS, value, valueBytes, address, bytes));
      }
      at = value + aligned(valueBytes, alignment);
    }
  }

  private static Marker marker(
      boolean begins, long value, long valueBytes, long address, ElfBytes bytes)
      throws FormatException {
    if (valueBytes <= DISTANCE_BYTES) {
      throw bytes.wrong(value, "a mark of " + valueBytes + " bytes");
    }
    int distance = bytes.word(value, "a mark");
    String name = bytes.name(value + DISTANCE_BYTES, value + valueBytes, "a mark's name");
    return new Marker(begins, name, address + distance);
  }

  private static long aligned(long bytes, long alignment) {
    return (bytes + alignment - 1) / alignment * alignment;
  }
}
