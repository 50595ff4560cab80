package dev.cairn.profile.stat;

/// How much distinct memory was touched.
///
/// @param bytes for code: of the distinct instructions executed; for data: of the lines, as data is
///   followed by lines only
/// @param lines of 64 bytes
/// @param pages of 4 KiB
/// @param complete whether everything was followed; if not, there was more than this
public record Touched(long bytes, long lines, long pages, boolean complete) {
  public static final int LINE_BYTES = 64;
  public static final int PAGE_BYTES = 4096;
}
