package dev.cairn.study.directory;

import dev.cairn.profile.CsvFile;
import dev.cairn.profile.Profile;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.program.CodeLocation;
import java.io.IOException;
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
  private static final String HEADER =
      "block,address,instructions,bytes,executions,executed_instructions,function,file";

  private BlockTableFile() {}

  public static void write(Path path, Profile profile) throws IOException {
    CsvFile.write(
        path,
        HEADER,
        profile.blocks(),
        (line, block) -> append(line, block, profile.locations().get(block.id() - 1)));
  }

  private static void append(
      StringBuilder line, BasicBlock block, @Nullable CodeLocation location) {
    line.append(block.id()).append(",0x").append(Long.toHexString(block.pc()));
    line.append(',').append(block.instructions()).append(',').append(block.bytes());
    line.append(',').append(block.executions()).append(',').append(block.executedInstructions());
    line.append(',').append(CsvFile.quoted(location == null ? null : location.function()));
    line.append(',').append(CsvFile.quoted(location == null ? null : location.file()));
  }
}
