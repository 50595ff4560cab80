package dev.cairn.trace.export;

import dev.cairn.event.Analysis;
import dev.cairn.program.isa.Isa;
import java.util.Locale;

/// A form that another simulator reads.
public enum ExportFormat {
  /// Dinero's `din`.
  DIN,

  /// What Valgrind's `lackey --trace-mem=yes` prints.
  LACKEY,

  /// A table of accesses.
  CSV,

  /// ChampSim's records of 64 bytes.
  CHAMPSIM;

  /// {@return as users call it}
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// {@return what writes this form; its result is how many instructions were written}
  public Analysis<Long> writer(Isa isa, ByteTaker into) {
    return switch (this) {
      case DIN -> new TextExport(new DinLines(), isa, into);
      case LACKEY -> new TextExport(new LackeyLines(), isa, into);
      case CSV -> new TextExport(new CsvLines(), isa, into);
      case CHAMPSIM -> new ChampSimExport(isa, into);
    };
  }
}
