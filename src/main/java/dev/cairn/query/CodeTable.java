package dev.cairn.query;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.trace.TraceReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The blocks of a trace, with where each instruction comes from.
final class CodeTable {
  /// A block.
  ///
  /// @param places of its instructions
  @SuppressWarnings("ArrayRecordComponent")
  record Code(BlockDefinition block, long[] pcs, @Nullable CodeLocation[] places) {
    @Nullable String function(int instruction) {
      CodeLocation place = places[instruction];
      return place == null ? null : place.function();
    }

    @Nullable String file(int instruction) {
      CodeLocation place = places[instruction];
      return place == null ? null : place.file();
    }
  }

  private final TraceReader reader;
  private final List<Code> blocks = new ArrayList<>();

  CodeTable(TraceReader reader) {
    this.reader = reader;
  }

  Code define(BlockDefinition block) {
    int count = block.instructions();
    long[] pcs = new long[count];
    @Nullable CodeLocation[] places = new CodeLocation[count];
    long pc = block.pc();
    for (int i = 0; i < count; i++) {
      pcs[i] = pc;
      places[i] = reader.locate(pc);
      pc += block.sizes()[i];
    }
    Code code = new Code(block, pcs, places);
    blocks.add(code);
    return code;
  }

  Code block(int id) {
    return blocks.get(id);
  }

  List<Code> blocks() {
    return blocks;
  }
}
