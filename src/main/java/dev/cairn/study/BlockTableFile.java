package dev.cairn.study;

import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.Profile;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.program.CodeLocation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// `blocks.csv`: the true basic blocks of a profile, a line each.
///
/// ```text
/// block,address,instructions,bytes,executions,executed_instructions,function,file
/// 1,0x400a10,5,20,17,85,main,/bin/program
/// ```
///
/// Also in docs/formats/profile.md.
public final class BlockTableFile {
  private BlockTableFile() {}

  public static void write(Path path, Profile profile) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      PrintStream out = new PrintStream(file.stream(), false, StandardCharsets.UTF_8);
      out.print(
          "block,address,instructions,bytes,executions,executed_instructions,function,file\n");
      for (int i = 0; i < profile.blocks().size(); i++) {
        BasicBlock block = profile.blocks().get(i);
        CodeLocation location = profile.locations().get(i);
        out.print(
            block.id()
                + ",0x"
                + Long.toHexString(block.pc())
                + ","
                + block.instructions()
                + ","
                + block.bytes()
                + ","
                + block.executions()
                + ","
                + block.executedInstructions()
                + ","
                + quoted(location == null ? null : location.function())
                + ","
                + quoted(location == null ? null : location.file())
                + "\n");
      }
      out.flush();
      if (out.checkError()) {
        throw new IOException(path + ": could not be written; is the disk full?");
      }
      file.commit();
    }
  }

  private static String quoted(@Nullable String text) {
    if (text == null) {
      return "";
    }
    return text.contains(",") || text.contains("\"") || text.contains("\n")
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
