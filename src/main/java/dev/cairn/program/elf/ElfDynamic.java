package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the dynamic section of an ELF file says, which its interpreter follows; nothing, if the
/// file has none.
final class ElfDynamic {
  private static final long NEEDED = 1;
  private static final long STRINGS = 5;
  private static final long STRINGS_BYTES = 10;
  private static final long NAME = 14;
  private static final long LEGACY_RUN_PATH = 15;
  private static final long RUN_PATH = 29;
  private static final long FLAGS_1 = 0x6ffffffbL;
  private static final long FLAGS_1_PIE = 0x08000000L;

  private final ElfBytes bytes;
  private final List<ElfSegment> segments;
  private final List<String> needed = new ArrayList<>();
  private @Nullable String name;
  private @Nullable String runPath;
  private @Nullable String legacyRunPath;
  private boolean isPie;

  private ElfDynamic(ElfBytes bytes, List<ElfSegment> segments) {
    this.bytes = bytes;
    this.segments = segments;
  }

  /// Reads it.
  static ElfDynamic read(ElfBytes bytes, List<ElfSegment> segments) throws FormatException {
    ElfDynamic dynamic = new ElfDynamic(bytes, segments);
    ElfSegment segment = ElfSegment.first(segments, ElfSegment.DYNAMIC);
    if (segment != null) {
      dynamic.read(segment);
    }
    return dynamic;
  }

  /// {@return the libraries that the file needs, in its order}
  List<String> needed() {
    return needed;
  }

  /// {@return what others call the file}
  @Nullable String name() {
    return name;
  }

  /// {@return where to look for libraries (`DT_RUNPATH`)}
  @Nullable String runPath() {
    return runPath;
  }

  /// {@return where to look for libraries first (`DT_RPATH`)}
  @Nullable String legacyRunPath() {
    return legacyRunPath;
  }

  /// {@return whether the file says that it is a program at any address}
  boolean isPie() {
    return isPie;
  }

  private void read(ElfSegment dynamic) throws FormatException {
    bytes.require(dynamic.offset(), dynamic.fileBytes(), "the dynamic section");
    long strings = -1;
    long stringsBytes = 0;
    for (long at = dynamic.offset(); at < end(dynamic); at += 16) {
      long tag = bytes.doubleword(at, "a dynamic tag");
      long value = bytes.doubleword(at + 8, "a dynamic value");
      if (tag == STRINGS) {
        strings = offsetOf(value, at);
      } else if (tag == STRINGS_BYTES) {
        stringsBytes = value;
      } else if (tag == FLAGS_1) {
        isPie = (value & FLAGS_1_PIE) != 0;
      }
    }
    if (strings >= 0) {
      bytes.require(strings, stringsBytes, "the dynamic strings");
      readNames(dynamic, strings, strings + stringsBytes);
    }
  }

  private void readNames(ElfSegment dynamic, long strings, long end) throws FormatException {
    for (long at = dynamic.offset(); at < end(dynamic); at += 16) {
      long tag = bytes.doubleword(at, "a dynamic tag");
      if (tag == NEEDED || tag == NAME || tag == RUN_PATH || tag == LEGACY_RUN_PATH) {
        long value = bytes.doubleword(at + 8, "a dynamic value");
        if (value < 0 || value >= end - strings) {
          throw bytes.wrong(at + 8, "the name of a library lies outside of the dynamic strings");
        }
        String text = bytes.name(strings + value, end, "the name of a library");
        if (tag == NEEDED) {
          needed.add(text);
        } else if (tag == NAME) {
          name = text;
        } else if (tag == RUN_PATH) {
          runPath = text;
        } else {
          legacyRunPath = text;
        }
      }
    }
  }

  /// {@return the offset of the entry that ends the dynamic section, or its end}
  private long end(ElfSegment dynamic) throws FormatException {
    long end = dynamic.offset() + dynamic.fileBytes() / 16 * 16;
    for (long at = dynamic.offset(); at < end; at += 16) {
      if (bytes.doubleword(at, "a dynamic tag") == 0) {
        return at;
      }
    }
    return end;
  }

  private long offsetOf(long address, long at) throws FormatException {
    for (ElfSegment segment : segments) {
      if (segment.isLoaded() && segment.holdsAddress(address)) {
        return address - segment.virtualAddress() + segment.offset();
      }
    }
    throw bytes.wrong(at, "no segment holds address " + Long.toHexString(address));
  }
}
