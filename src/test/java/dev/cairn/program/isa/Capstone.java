package dev.cairn.program.isa;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Capstone 5's `cstool`, asked for the text of instruction words.
///
/// @param folder holds `bin/cstool` and `lib`
record Capstone(Path folder) {
  /// What fits into one argument of a command line with room to spare.
  private static final int WORDS_A_CALL = 12_000;

  /// {@return a line for each word, as "add\tx0, x1, x2"; ".byte…" if Capstone does not know it}
  ///
  /// @param firstPc the address of the first word; each next one lies 4 bytes behind
  List<String> disassemble(int[] words, long firstPc) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>(words.length);
    for (int first = 0; first < words.length; first += WORDS_A_CALL) {
      int end = Math.min(first + WORDS_A_CALL, words.length);
      run(words, first, end, firstPc + 4L * first, lines);
    }
    if (lines.size() != words.length) {
      throw new IOException("cstool gave " + lines.size() + " lines for " + words.length);
    }
    return lines;
  }

  private void run(int[] words, int first, int end, long pc, List<String> lines)
      throws IOException, InterruptedException {
    StringBuilder code = new StringBuilder(8 * (end - first));
    for (int i = first; i < end; i++) {
      code.append(HexFormat.of().toHexDigits(Integer.reverseBytes(words[i])));
    }
    String tool = folder.resolve("bin/cstool").toString();
    ProcessBuilder builder =
        new ProcessBuilder(tool, "-s", "arm64", code.toString(), "0x" + Long.toHexString(pc));
    builder.environment().put("LD_LIBRARY_PATH", folder.resolve("lib").toString());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    process.getOutputStream().close();
    try (InputStream output = process.getInputStream()) {
      new String(output.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(Capstone::withoutAddressAndBytes)
          .forEach(lines::add);
    }
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(tool + " exited with " + status);
    }
  }

  /// Strips ` 1000 20 00 20 d4 `.
  private static String withoutAddressAndBytes(String line) {
    String rest = line.strip();
    int address = rest.indexOf(' ');
    return rest.substring(address).strip().substring("20 00 20 d4".length()).strip();
  }
}
