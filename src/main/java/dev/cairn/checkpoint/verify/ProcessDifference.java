package dev.cairn.checkpoint.verify;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something that two processes that should be alike have differently.
///
/// @param what as "register x3" or "the page at 0x4000 (libc.so.6+0x3000)"
/// @param one what the first has
/// @param other what the second has
public record ProcessDifference(String what, String one, String other) {
  /// {@return the first difference of two processes, besides their memory; null if there is none}
  ///
  /// What the second has mapped besides is not looked at, nor what its mappings are views of: a
  /// restored process has its code elsewhere.
  public static @Nullable ProcessDifference first(
      ProcessState one, ProcessState other, RunValues excused) {
    ProcessDifference found = registers(one.registers(), other.registers(), excused);
    found = found != null ? found : state(one, other);
    return found != null ? found : mappings(one.mappings(), other.mappings());
  }

  private static @Nullable ProcessDifference of(String what, long one, long other) {
    return one == other
        ? null
        : new ProcessDifference(what, "0x" + Long.toHexString(one), "0x" + Long.toHexString(other));
  }

  private static @Nullable ProcessDifference of(
      String what, @Nullable Object one, @Nullable Object other) {
    return Objects.equals(one, other)
        ? null
        : new ProcessDifference(what, String.valueOf(one), String.valueOf(other));
  }

  private static @Nullable ProcessDifference first(List<@Nullable ProcessDifference> candidates) {
    for (ProcessDifference each : candidates) {
      if (each != null) {
        return each;
      }
    }
    return null;
  }

  private static @Nullable ProcessDifference registers(
      A64Registers one, A64Registers other, RunValues excused) {
    List<@Nullable ProcessDifference> all = new ArrayList<>();
    all.add(of("pc", one.pc(), other.pc()));
    for (int i = 0; i < one.x().length; i++) {
      if (!excused.excuse(one.x()[i], other.x()[i])) {
        all.add(of("register x" + i, one.x()[i], other.x()[i]));
      }
    }
    all.add(of("register sp", one.sp(), other.sp()));
    all.add(of("the condition flags", one.pstate(), other.pstate()));
    all.add(of("register fpsr", one.fpsr(), other.fpsr()));
    all.add(of("register fpcr", one.fpcr(), other.fpcr()));
    all.add(of("register tpidr_el0", one.tpidr(), other.tpidr()));
    for (int i = 0; i < one.v().length; i++) {
      if (!excused.excuse(one.v()[i], other.v()[i])) {
        String half = i % 2 == 0 ? "lower" : "upper";
        all.add(of("register v%d, its %s half".formatted(i / 2, half), one.v()[i], other.v()[i]));
      }
    }
    return first(all);
  }

  private static @Nullable ProcessDifference state(ProcessState one, ProcessState other) {
    List<@Nullable ProcessDifference> all = new ArrayList<>();
    all.add(of("the heap's beginning", one.heapStart(), other.heapStart()));
    all.add(of("the heap's end", one.heapEnd(), other.heapEnd()));
    all.add(of("the working directory", one.workingDirectory(), other.workingDirectory()));
    all.add(
        of("the umask", Integer.toOctalString(one.umask()), Integer.toOctalString(other.umask())));
    all.add(of("the name", one.name(), other.name()));
    all.add(of("the signal mask", one.signals().mask(), other.signals().mask()));
    all.add(of("the signal handlers", one.signals().actions(), other.signals().actions()));
    all.add(
        of(
            "the alternate stack's address",
            one.signals().stackAddress(),
            other.signals().stackAddress()));
    all.add(
        of(
            "the alternate stack's length",
            one.signals().stackBytes(),
            other.signals().stackBytes()));
    all.add(of("clear_child_tid", one.clearChildTid(), other.clearChildTid()));
    all.add(of("the robust list", one.robustList(), other.robustList()));
    for (ResourceLimit limit : one.limits()) {
      all.add(limit.set() ? limit(limit, other) : null);
    }
    all.add(of("the open files", files(one.files()), files(other.files())));
    return first(all);
  }

  private static @Nullable ProcessDifference limit(ResourceLimit limit, ProcessState other) {
    for (ResourceLimit each : other.limits()) {
      if (each.resource() == limit.resource()) {
        return of("the limit " + limit.resource(), limit.softText(), each.softText());
      }
    }
    return null;
  }

  /// {@return what descriptors stand for, in words that do not depend on how they came about}
  private static List<String> files(List<OpenFile> files) {
    Map<Integer, Integer> firsts = new HashMap<>();
    Map<String, Integer> pipes = new HashMap<>();
    List<String> all = new ArrayList<>();
    for (OpenFile file : files) {
      int first = firsts.merge(file.description(), file.descriptor(), (known, _) -> known);
      String path = String.valueOf(file.path());
      String name =
          switch (file.kind()) {
            case STREAM -> "the standard stream " + file.description();
            case PIPE ->
                "the pipe of "
                    + pipes.merge(path, file.descriptor(), (known, _) -> known)
                    + (file.held() == null ? "" : ", with data in it: " + file.held());
            case FILE ->
                String.format(
                    Locale.ROOT, "%s at %d, flags 0%o", path, file.offset(), file.flags());
          };
      all.add(
          file.descriptor()
              + (first == file.descriptor() ? "" : " as " + first)
              + ": "
              + name
              + (file.closesOnExec() ? ", close-on-exec" : ""));
    }
    return all;
  }

  private static @Nullable ProcessDifference mappings(List<Mapping> one, List<Mapping> other) {
    for (Mapping mapping : one) {
      long at = mapping.start();
      while (at < mapping.end()) {
        Mapping there = at(other, at);
        boolean same =
            there != null
                && there.protection() == mapping.protection()
                && there.shared() == mapping.shared();
        if (there == null || !same) {
          return new ProcessDifference(
              "the mapping at 0x%x (%s)".formatted(at, name(mapping, at)),
              allowed(mapping),
              there == null ? "nothing" : allowed(there));
        }
        at = there.end();
      }
    }
    return null;
  }

  private static String allowed(Mapping mapping) {
    return mapping.protectionText() + (mapping.shared() ? ", shared" : "");
  }

  private static @Nullable Mapping at(List<Mapping> mappings, long address) {
    for (Mapping each : mappings) {
      if (address >= each.start() && address < each.end()) {
        return each;
      }
    }
    return null;
  }

  /// {@return what lies in a mapping, with the place in a file}
  static String name(Mapping mapping, long address) {
    String file = mapping.file();
    return file == null
        ? mapping.kind().name().toLowerCase(Locale.ROOT)
        : "%s+0x%x".formatted(file, mapping.fileOffset() + address - mapping.start());
  }
}
