package dev.cairn.memory.placement;

/// Where pages go in physical memory, and how large both are.
///
/// @param model which frame a page gets
/// @param number of [PlacementModel#RANDOM] the seed, of [PlacementModel#COLORING] how many colours
///   there are, otherwise 0
/// @param pageBytes length of a page and of a frame, a power of two from 4 KiB to 1 GiB; of
///   [PlacementModel#HUGE_PAGES] from 64 KiB
/// @param memoryBytes length of physical memory, a multiple of `pageBytes` up to 16 TiB
public record Placement(PlacementModel model, long number, int pageBytes, long memoryBytes) {
  /// The usual length of a page.
  public static final int SMALL_PAGE = 4096;

  /// The usual length of a huge page, two levels of tables with pages of 4 KiB.
  public static final int HUGE_PAGE = 1 << 21;

  /// The least length of a huge page: that of AArch64 with pages of 4 KiB, sixteen in one piece.
  private static final int LEAST_HUGE_PAGE = 1 << 16;

  /// How much memory there is where nobody says so.
  public static final long MEMORY = 16L << 30;

  /// How many colours there are where nobody says so: those of 2 MiB in 16 ways, or of 1 MiB in 8.
  public static final long COLOURS = 32;

  private static final long MOST_MEMORY = 1L << 44;

  public Placement {
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < SMALL_PAGE || pageBytes > 1 << 30) {
      throw new IllegalArgumentException(
          "the length of a page must be a power of two from 4096 to 1 GiB: " + pageBytes);
    }
    if (model == PlacementModel.HUGE_PAGES && pageBytes < LEAST_HUGE_PAGE) {
      throw new IllegalArgumentException(
          "its pages have 64 KiB at least (first-touch places smaller ones): " + pageBytes);
    }
    if (memoryBytes < pageBytes || memoryBytes > MOST_MEMORY || memoryBytes % pageBytes != 0) {
      throw new IllegalArgumentException(
          "memory must be a multiple of the page's %d bytes, up to 16 TiB: %d"
              .formatted(pageBytes, memoryBytes));
    }
    long frames = memoryBytes / pageBytes;
    if (model == PlacementModel.COLORING
        && (Long.bitCount(number) != 1 || number > Math.min(frames, 1 << 20))) {
      throw new IllegalArgumentException(
          "colours must be a power of two, up to 2^20 and the %d frames of memory: %d"
              .formatted(frames, number));
    }
  }

  /// {@return the model as a user gives it, with its number and what is not as usual}
  public String text() {
    StringBuilder text = new StringBuilder(model.text());
    if (model == PlacementModel.RANDOM || model == PlacementModel.COLORING) {
      text.append(':').append(number);
    }
    text.append(", pages of ").append(size(pageBytes)).append(", ");
    return text.append(size(memoryBytes)).append(" of memory").toString();
  }

  private static String size(long bytes) {
    int shift = Math.min(30, Long.numberOfTrailingZeros(bytes) / 10 * 10);
    return (bytes >>> shift) + " " + new String[] {"bytes", "KiB", "MiB", "GiB"}[shift / 10];
  }

  /// {@return empty memory}
  public PhysicalMemory create() {
    long frames = memoryBytes / pageBytes;
    FrameSource source =
        switch (model) {
          case FIRST_TOUCH, HUGE_PAGES -> new AscendingFrames(frames);
          case RANDOM -> new RandomFrames(frames, number);
          case COLORING -> new ColouredFrames(frames, (int) number);
        };
    return new PhysicalMemory(this, source);
  }
}
