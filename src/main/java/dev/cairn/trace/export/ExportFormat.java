package dev.cairn.trace.export;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.WithoutHints;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A form that another simulator reads.
public enum ExportFormat {
  /// Dinero's `din`.
  DIN,

  /// What Valgrind's `lackey --trace-mem=yes` prints.
  LACKEY,

  /// A table of accesses.
  CSV,

  /// ChampSim's records of 64 bytes.
  CHAMPSIM,

  /// The records of DynamoRIO's offline traces.
  DRMEMTRACE;

  /// {@return as users call it}
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// {@return whether instruction fetches can be told or left out}
  public boolean choosesFetches() {
    return switch (this) {
      case DIN, LACKEY, CSV -> true;
      case CHAMPSIM, DRMEMTRACE -> false;
    };
  }

  /// {@return whether instruction fetches are told if nobody asks}
  public boolean tellsFetches() {
    return this != CSV;
  }

  /// {@return whether prefetches and the maintenance of caches are told}
  public boolean tellsHints() {
    return this == CSV || this == DRMEMTRACE;
  }

  /// {@return whether what accesses load and store is told, where it is known}
  public boolean tellsValues() {
    return this == CSV;
  }

  /// {@return whether each thread can have a file of its own}
  public boolean knowsThreads() {
    return this == DRMEMTRACE;
  }

  /// {@return what writes this form; its result is how many instructions were written}
  ///
  /// @param translation says where accesses go in physical memory: a form that has one address for
  ///   an access gets that one, the table both; null for virtual addresses alone
  /// @param into gives what takes the bytes of a thread; 0 is asked for where all go to the same
  public Analysis<Long> writer(
      Isa isa,
      ExportShape shape,
      @Nullable AddressTranslation translation,
      IntFunction<? extends ByteTaker> into) {
    if (translation != null && this != CSV) {
      return new PhysicalWords<>(translation, writer(isa, shape, null, into));
    }
    return switch (this) {
      case DIN -> text(new DinLines(), isa, shape, into);
      case LACKEY -> text(new LackeyLines(), isa, shape, into);
      case CSV -> new TextExport(new CsvLines(), isa, shape, translation, into.apply(0));
      case CHAMPSIM -> new WithoutHints<>(isa, new ChampSimExport(isa, into.apply(0)));
      case DRMEMTRACE -> new DrmemtraceExport(isa, shape, into);
    };
  }

  private static Analysis<Long> text(
      AccessLines lines, Isa isa, ExportShape shape, IntFunction<? extends ByteTaker> into) {
    return new WithoutHints<>(isa, new TextExport(lines, isa, shape, null, into.apply(0)));
  }
}
