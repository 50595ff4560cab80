package dev.cairn.cli.trace;

import dev.cairn.cli.option.OutputOptions;
import dev.cairn.program.isa.AccessKind;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.InstructionLines;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Prints a trace, a line an instruction.
public final class TraceDumpCommand implements Callable<Integer> {
  private final TraceInput input = new TraceInput();
  private final PartOptions part = new PartOptions();
  private final OutputOptions output = new OutputOptions();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Prints a trace, a line an instruction: thread, instruction count, address, bytes, the"
                + " instruction, function and file.",
            "")
        .footer(
            "",
            "System calls, their returns and signals stand in their places, behind '--', accesses"
                + " behind their instruction and '->': address, load or store, bytes, and the"
                + " physical address if the trace has it. The lines of"
                + " a thread are in order; those of several threads come in pieces.",
            "",
            "Examples:",
            "  cairn trace dump --from 1M --length 20 mix.trace",
            "  cairn trace dump mix.trace | grep ' -- '          system calls and signals",
            "  cairn trace dump mix.trace | grep ' openat('      the files that it opened",
            "  cairn trace dump mix.trace | grep '  ldaxr '      exclusive loads",
            "  cairn trace dump mix.trace | grep -c ' -> .* store '  stores",
            "",
            "Exit status: 0; 2 usage; 3 the trace is damaged, after all that comes before was"
                + " printed.");
    input.addTo(spec);
    part.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    part.check(output);
    try (TraceReader reader = input.open()) {
      Isa isa = TraceInput.isa(reader);
      PrintWriter out = new PrintWriter(output.output(), false);
      InstructionLines lines =
          new InstructionLines(
              reader::locate,
              disassembly(isa),
              isa == null ? InstructionLines.CallText.NUMBERS : new CallNames(),
              reader.translation(),
              new Lines(out));
      reader.giveValues();
      try {
        reader.replay(part.from(), part.until(), part.thread(), List.of(lines));
      } catch (ReaderGone e) {
        return 0; // it has what it wanted
      } finally {
        out.flush();
      }
    }
    return 0;
  }

  /// Prints lines as long as somebody reads them.
  private static final class Lines implements Consumer<String> {
    /// After so many it is looked whether somebody does, for which they are written out.
    private static final int LOOK_AFTER = 1 << 12;

    private final PrintWriter out;
    private int count;

    Lines(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void accept(String line) {
      out.print(line);
      out.print('\n');
      if (++count % LOOK_AFTER == 0 && (out.checkError() || System.out.checkError())) {
        throw new ReaderGone();
      }
    }
  }

  private static InstructionLines.Disassembly disassembly(@Nullable Isa isa) {
    return isa == null ? InstructionLines.Disassembly.BYTES : new Instructions(isa);
  }

  /// Instructions of a known set.
  private record Instructions(Isa isa) implements InstructionLines.Disassembly {
    @Override
    public String text(long pc, byte[] code, int offset, int size) {
      return isa.disassemble(pc, code, offset);
    }

    @Override
    public String accessKind(byte[] code, int offset, boolean store) {
      AccessKind kind = isa.accessKind(code, offset);
      if (kind.isHint(store)) {
        return kind.text();
      }
      String moved = store ? "store" : "load";
      return kind.text().isEmpty() ? moved : kind.text() + " " + moved;
    }
  }
}
