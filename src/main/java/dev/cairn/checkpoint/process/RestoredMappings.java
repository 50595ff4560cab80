package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the memory of a restored process was before it was restored, as the host shows it as views
/// of the executable that restored it; and what lies there of that executable itself.
final class RestoredMappings {
  private final TreeMap<Long, Mapping> origin = new TreeMap<>();

  /// Which of them are still there.
  private final GuestMappings left = new GuestMappings();

  private final GuestMappings foreign = new GuestMappings();

  /// The executable, and the store's files.
  private final Set<String> sources = new TreeSet<>();

  /// Looks at a process that has not executed anything of its own.
  ///
  /// @param process what it is restored from
  /// @param executable that restored it
  /// @param host what the host shows
  RestoredMappings(ProcessState process, String executable, List<HostMapping> host) {
    sources.add(executable);
    for (HostMapping each : host) {
      String file = each.file();
      if (file != null && !isMapped(process, file)) {
        sources.add(file); // nothing else was mapped so far
      }
      if (each.readable()) {
        foreign.map(each.start(), each.end(), Mapping.READ);
      }
    }
    for (Mapping each : process.mappings()) {
      origin.put(each.start(), each);
      left.map(each.start(), each.end(), each.protection());
      foreign.unmap(each.start(), each.end());
    }
  }

  private static boolean isMapped(ProcessState process, String file) {
    return process.mappings().stream().anyMatch(each -> file.equals(each.file()));
  }

  /// The process has mapped something else in a range, or nothing.
  void replaced(long from, long until) {
    left.unmap(from, until);
  }

  /// {@return whether all of a range belongs to the executable, or to QEMU for it}
  boolean isForeign(long from, long until) {
    long covered = from;
    for (GuestMappings.Range each : foreign.ranges()) {
      if (each.start() <= covered && each.end() > covered) {
        covered = each.end();
      }
    }
    return covered >= until;
  }

  /// {@return what a range was, all of which was one thing or another; null if it is new}
  @Nullable Mapping was(long start, long end, int protection) {
    boolean there =
        left.ranges().stream().anyMatch(each -> each.start() <= start && each.end() > start);
    Map.Entry<Long, Mapping> entry = there ? origin.floorEntry(start) : null;
    if (entry == null) {
      return null;
    }
    Mapping was = entry.getValue();
    long offset = was.file() == null ? 0 : was.fileOffset() + start - was.start();
    return new Mapping(start, end, protection, was.kind(), was.file(), offset, was.shared());
  }

  /// {@return whether a mapping of the host's is a view of what it was restored from}
  boolean isOfOrigin(HostMapping mapping) {
    return mapping.file() != null && sources.contains(mapping.file());
  }

  /// {@return neighbours that are one thing as one}
  static List<Mapping> joined(List<Mapping> mappings) {
    List<Mapping> all = new ArrayList<>();
    for (Mapping each : mappings) {
      Mapping last = all.isEmpty() ? null : all.getLast();
      boolean goesOn =
          last != null
              && last.end() == each.start()
              && last.protection() == each.protection()
              && last.kind() == each.kind()
              && last.shared() == each.shared()
              && Objects.equals(last.file(), each.file())
              && (each.file() == null || last.fileOffset() + last.bytes() == each.fileOffset());
      if (last != null && goesOn) {
        all.removeLast();
        all.add(
            new Mapping(
                last.start(),
                each.end(),
                last.protection(),
                last.kind(),
                last.file(),
                last.fileOffset(),
                last.shared()));
      } else {
        all.add(each);
      }
    }
    return all;
  }

  /// {@return memory that is read as the host has it, whatever it was}
  static MemoryContents asOfHost(MemoryContents memory, List<HostMapping> host) {
    return (mapping, consumer) -> forEachPage(memory, host, mapping, consumer);
  }

  private static void forEachPage(
      MemoryContents memory,
      List<HostMapping> host,
      Mapping mapping,
      MemoryContents.PageConsumer consumer)
      throws IOException {
    for (HostMapping each : host) {
      long start = Math.max(each.start(), mapping.start());
      long end = Math.min(each.end(), mapping.end());
      if (start < end) {
        Mapping.Kind kind = each.file() == null ? Mapping.Kind.ANONYMOUS : Mapping.Kind.FILE;
        memory.forEachPage(
            new Mapping(start, end, mapping.protection(), kind, each.file(), 0), consumer);
      }
    }
  }
}
