package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.FormatException;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.value.ValueCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a trace file is worth: whether its checksums are right, how much can be read, and whether
/// each execution follows from the one before.
///
/// @param sections how many there are, without the index
/// @param readable instructions up to the first damage, of all threads
/// @param readableBytes where the first damage is; the file's length if there is none
/// @param total instructions that the index or the headers tell of
/// @param damage each damage: file, place and reason
/// @param flow of what is readable; null if its instruction set is unknown
/// @param values of what is readable; null if stores were not replayed
public record TraceCheck(
    long sections,
    long readable,
    long readableBytes,
    long total,
    List<String> damage,
    FlowCheck.@Nullable Result flow,
    ValueCheck.@Nullable Result values) {
  public TraceCheck {
    damage = List.copyOf(damage);
  }

  /// {@return whether nothing is wrong}
  public boolean isSound() {
    return damage.isEmpty()
        && (flow == null || flow.breaks() == 0)
        && (values == null || values.isSound());
  }

  /// Checks a file.
  ///
  /// @param isa by which the code is decoded; null if it is unknown
  public static TraceCheck of(TraceReader reader, @Nullable Isa isa) throws IOException {
    return of(reader, isa, false);
  }

  /// Checks a file.
  ///
  /// @param isa by which the code is decoded; null if it is unknown
  /// @param replays whether stores are replayed, too; the trace must have values
  public static TraceCheck of(TraceReader reader, @Nullable Isa isa, boolean replays)
      throws IOException {
    TraceSections sections = reader.sections();
    List<String> damage = new ArrayList<>();
    long readable = 0;
    long total = 0;
    long readableBytes = -1;
    for (TraceSections.Entry entry : sections.entries()) {
      boolean chunk = entry.type() == Section.CHUNK;
      total += chunk ? entry.instructions() : 0;
      try {
        SectionLayout.Header header = sections.header(entry);
        for (SectionLayout.PackedColumn column : header.columns()) {
          sections.column(header, column.id());
        }
        readable += chunk && damage.isEmpty() ? entry.instructions() : 0;
      } catch (FormatException e) {
        readableBytes = damage.isEmpty() ? entry.offset() : readableBytes;
        damage.add(e.getMessage());
      }
    }
    FormatException early = sections.damage();
    if (early != null) {
      readableBytes = damage.isEmpty() ? sections.readableBytes() : readableBytes;
      damage.add(early.getMessage());
    }
    FlowCheck flow = isa == null ? null : new FlowCheck(isa);
    ValueCheck values = replays ? new ValueCheck() : null;
    List<Analysis<?>> analyses = new ArrayList<>();
    if (flow != null) {
      analyses.add(flow);
    }
    if (values != null) {
      analyses.add(values);
      reader.giveValues();
    }
    try {
      reader.replay(analyses);
    } catch (FormatException e) {
      if (damage.isEmpty()) {
        damage.add(e.getMessage());
        readable = 0; // sums are right and what they sum is not: no writer of ours did that
      }
    }
    return new TraceCheck(
        sections.entries().size(),
        readable,
        damage.isEmpty() ? sections.bytes() : Math.max(readableBytes, 0),
        total,
        damage,
        flow == null ? null : flow.result(),
        values == null ? null : values.result());
  }
}
