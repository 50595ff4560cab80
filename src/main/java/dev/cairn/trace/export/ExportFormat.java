package dev.cairn.trace.export;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.WithoutHints;
import java.util.Locale;
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
  CHAMPSIM;

  /// {@return as users call it}
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// {@return what writes this form; its result is how many instructions were written}
  public Analysis<Long> writer(Isa isa, ByteTaker into) {
    return writer(isa, null, into);
  }

  /// {@return the same}
  ///
  /// @param translation says where accesses go in physical memory: a form that has one address for
  ///   an access gets that one, the table both; null for virtual addresses alone
  public Analysis<Long> writer(Isa isa, @Nullable AddressTranslation translation, ByteTaker into) {
    if (translation != null && this != CSV) {
      return new PhysicalWords<>(translation, writer(isa, null, into));
    }
    return switch (this) {
      case DIN -> new WithoutHints<>(isa, new TextExport(new DinLines(), isa, null, into));
      case LACKEY -> new WithoutHints<>(isa, new TextExport(new LackeyLines(), isa, null, into));
      case CSV -> new TextExport(new CsvLines(), isa, translation, into);
      case CHAMPSIM -> new WithoutHints<>(isa, new ChampSimExport(isa, into));
    };
  }
}
