import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// The demo's input: 4 MiB that are the same on every machine, in stretches of five kinds, so that
/// a compressor passes through phases: text of words whose frequencies fall as in a language,
/// records of counters, a log of like lines, an earlier part again with small changes, and noise.
///
/// Run as `java scripts/DemoInput.java FILE`.
public final class DemoInput {
  private static final int BYTES = 4 << 20;
  private static final int WORDS = 6000;

  private final SplittableRandom random = new SplittableRandom(20260101);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + 4096);
  private final String[] words = new String[WORDS];

  private DemoInput() {
    for (int word = 0; word < WORDS; word++) {
      words[word] = word();
    }
  }

  /// Writes the file; the caller gives it its name when it is whole.
  public static void main(String[] arguments) throws IOException {
    Files.write(Path.of(arguments[0]), new DemoInput().bytes());
  }

  private byte[] bytes() {
    while (out.size() < BYTES) {
      text(300 << 10);
      records(120 << 10);
      log(280 << 10);
      again(260 << 10);
      noise(60 << 10);
    }
    return java.util.Arrays.copyOf(out.toByteArray(), BYTES);
  }

  private String word() {
    String consonants = "bcdfghklmnprstvw";
    String vowels = "aeiou";
    StringBuilder word = new StringBuilder();
    int syllables = 1 + random.nextInt(4);
    for (int syllable = 0; syllable < syllables; syllable++) {
      word.append(consonants.charAt(random.nextInt(consonants.length())));
      word.append(vowels.charAt(random.nextInt(vowels.length())));
      if (random.nextInt(3) == 0) {
        word.append(consonants.charAt(random.nextInt(consonants.length())));
      }
    }
    return word.toString();
  }

  /// Words whose rank is exponentially spread: few are common, many are rare.
  private void text(int bytes) {
    int end = out.size() + bytes;
    int column = 0;
    while (out.size() < end) {
      int range = 8 << random.nextInt(10);
      String word = words[random.nextInt(Math.min(range, WORDS))];
      append(word);
      column += word.length() + 1;
      append(random.nextInt(12) == 0 ? ", " : " ");
      if (column > 80) {
        append(".\n");
        column = 0;
      }
    }
  }

  /// Records of 24 bytes, little-endian: a counter, a slow walk, flags that seldom change.
  private void records(int bytes) {
    int end = out.size() + bytes;
    long counter = random.nextInt(1 << 20);
    long walk = random.nextInt(1 << 16);
    long flags = random.nextLong();
    while (out.size() < end) {
      counter++;
      walk += random.nextInt(65) - 32;
      if (random.nextInt(40) == 0) {
        flags = random.nextLong();
      }
      littleEndian(counter);
      littleEndian(walk);
      littleEndian(flags);
    }
  }

  private void log(int bytes) {
    int end = out.size() + bytes;
    long milliseconds = random.nextInt(1 << 30);
    while (out.size() < end) {
      milliseconds += random.nextInt(900);
      append(milliseconds + " worker-" + random.nextInt(8) + " request ");
      append(words[random.nextInt(32)] + "/" + words[random.nextInt(256)]);
      append(" status=" + (random.nextInt(20) == 0 ? "500" : "200"));
      append(" bytes=" + random.nextInt(100_000) + "\n");
    }
  }

  /// What was written before, from the middle, with a byte changed here and there.
  private void again(int bytes) {
    byte[] before = out.toByteArray();
    int from = before.length / 2 - bytes / 2;
    for (int index = from; index < from + bytes; index++) {
      out.write(random.nextInt(500) == 0 ? random.nextInt(256) : before[index]);
    }
  }

  private void noise(int bytes) {
    for (int index = 0; index < bytes; index++) {
      out.write(random.nextInt(256));
    }
  }

  private void littleEndian(long value) {
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (value >>> shift));
    }
  }

  private void append(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
