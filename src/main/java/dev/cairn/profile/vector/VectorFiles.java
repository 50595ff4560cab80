package dev.cairn.profile.vector;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.BbvWriter;
import dev.cairn.profile.CsvFile;
import dev.cairn.profile.Profile;
import dev.cairn.program.CodeLocation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The files of a profile's vectors, as docs/formats/profile.md has them.
///
/// ```text
/// blocks      profile.bb    thread-N.bb     all.bb
/// functions   functions.bb  functions-N.bb  functions-all.bb  functions.csv
/// loops       loops.bb      loops-N.bb      loops-all.bb      loops.csv
/// ```
public final class VectorFiles {
  private static final String FUNCTION_HEADER = "id,instructions,function,file,file_address";
  private static final String LOOP_HEADER =
      "id,address,target,taken,function,file,file_address,source,line";

  /// What only some profiles have.
  private static final Pattern OPTIONAL =
      Pattern.compile(
          "(all|thread-\\d+|(functions|loops)(-\\d+|-all)?)\\.bb|(functions|loops|intervals-\\d+)\\.csv");

  private VectorFiles() {}

  /// {@return the name of the file with the first thread's vectors}
  public static String ofFirstThread(VectorKind kind) {
    return switch (kind) {
      case BLOCKS -> "profile.bb";
      case FUNCTIONS -> "functions.bb";
      case LOOPS -> "loops.bb";
    };
  }

  private static String ofThread(VectorKind kind, int thread) {
    return switch (kind) {
      case BLOCKS -> "thread-" + thread + ".bb";
      case FUNCTIONS -> "functions-" + thread + ".bb";
      case LOOPS -> "loops-" + thread + ".bb";
    };
  }

  private static String ofAllThreads(VectorKind kind) {
    return switch (kind) {
      case BLOCKS -> "all.bb";
      case FUNCTIONS -> "functions-all.bb";
      case LOOPS -> "loops-all.bb";
    };
  }

  /// Removes what an earlier profile in the folder had and the next one may not have.
  public static void removeOptional(Path directory) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> OPTIONAL.matcher(String.valueOf(file.getFileName())).matches())) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /// Writes the vectors by block.
  public static void writeBlocks(Path directory, Profile profile) throws IOException {
    write(
        directory,
        VectorKind.BLOCKS,
        profile,
        profile.threads().stream().map(thread -> thread.vectors()).toList());
  }

  /// Writes vectors by function and the table of functions.
  public static void writeFunctions(Path directory, Profile profile) throws IOException {
    FunctionVectors functions = FunctionVectors.of(profile);
    write(directory, VectorKind.FUNCTIONS, profile, functions.threads());
    CsvFile.write(
        directory.resolve("functions.csv"),
        FUNCTION_HEADER,
        functions.functions(),
        VectorFiles::append);
  }

  private static void append(StringBuilder line, FunctionTotal function) {
    line.append(function.id()).append(',').append(function.instructions());
    line.append(',').append(CsvFile.quoted(function.name()));
    line.append(',').append(CsvFile.quoted(function.file())).append(',');
    if (function.name() != null) {
      line.append("0x").append(Long.toHexString(function.address()));
    }
  }

  /// Writes vectors by loop branch and the table of loop branches.
  public static void writeLoops(Path directory, Profile profile, LoopVectors loops)
      throws IOException {
    write(directory, VectorKind.LOOPS, profile, loops.threads());
    CsvFile.write(
        directory.resolve("loops.csv"), LOOP_HEADER, loops.branches(), VectorFiles::append);
  }

  private static void append(StringBuilder line, LoopBranch branch) {
    line.append(branch.id()).append(",0x").append(Long.toHexString(branch.pc()));
    line.append(",0x").append(Long.toHexString(branch.target()));
    line.append(',').append(branch.taken());
    CodeLocation location = branch.location();
    if (location == null) {
      line.append(",,,,,");
      return;
    }
    line.append(',').append(CsvFile.quoted(location.function()));
    line.append(',').append(CsvFile.quoted(location.file()));
    line.append(",0x").append(Long.toHexString(location.address()));
    if (location.source() == null) {
      line.append(",,");
    } else {
      line.append(',').append(CsvFile.quoted(location.source().file()));
      line.append(',').append(location.source().line());
    }
  }

  /// @param threads in the order of the profile's
  private static void write(
      Path directory, VectorKind kind, Profile profile, List<BasicBlockVectors> threads)
      throws IOException {
    for (int i = 0; i < threads.size(); i++) {
      int thread = profile.threads().get(i).thread();
      String name = thread == 0 ? ofFirstThread(kind) : ofThread(kind, thread);
      BbvWriter.write(directory.resolve(name), threads.get(i));
    }
    if (threads.size() > 1) {
      BbvWriter.write(directory.resolve(ofAllThreads(kind)), VectorSums.ofThreads(threads));
    }
  }
}
