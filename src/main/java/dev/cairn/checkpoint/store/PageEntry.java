package dev.cairn.checkpoint.store;

import java.nio.ByteBuffer;

/// What the index of a pack says of a page.
///
/// ```text
/// 0   SHA-256 of its contents
/// 32  u64 offset in the pack, u32 bytes there
/// 44  u32 CRC-32C of its contents
/// 48  u32 pack, u32 index of the page that it is told by; 0 unless its form is CHANGES
/// 56  u16 form, u16 steps from there to a page that needs no other
/// ```
///
/// @param hash of its contents
/// @param offset in the pack
/// @param bytes that it takes there
/// @param sum CRC-32C of its contents
/// @param reference the page that it is told by, as [PlaceTable] has places
/// @param form how it is kept
/// @param steps how many pages must be known one after the other to know it
record PageEntry(
    PageHash hash, long offset, int bytes, int sum, long reference, Form form, int steps) {
  static final int BYTES = 60;

  /// Where the offset is in an entry.
  static final int OFFSET = PageHash.BYTES;

  /// Where the sum is.
  static final int SUM = 44;

  private static final int FORM = 56;

  /// The most steps that are made.
  static final int MOST_STEPS = 8;

  /// How a page is kept.
  enum Form {
    /// Nothing is left of it.
    GONE(0),
    /// As it is, at a multiple of its own size.
    PLAIN(1),
    /// Compressed by zlib.
    PACKED(2),
    /// As [PageChanges] to another page.
    CHANGES(3);

    private final int number;

    Form(int number) {
      this.number = number;
    }

    static Form of(int number) {
      for (Form form : values()) {
        if (form.number == number) {
          return form;
        }
      }
      throw new IllegalArgumentException("unknown form of a page: " + number);
    }
  }

  /// Reads an entry.
  ///
  /// @throws IllegalArgumentException if there is no such form
  static PageEntry read(ByteBuffer index, int page) {
    int at = page * BYTES;
    return new PageEntry(
        PageHash.read(index.duplicate().position(at)),
        index.getLong(at + OFFSET),
        index.getInt(at + 40),
        index.getInt(at + SUM),
        PlaceTable.place(index.getInt(at + 48), index.getInt(at + 52)),
        Form.of(index.getShort(at + FORM)),
        index.getShort(at + 58));
  }

  /// {@return whether the page of an entry is kept as it is}
  static boolean isPlain(ByteBuffer index, int at) {
    return index.getShort(at + FORM) == Form.PLAIN.number;
  }

  void write(ByteBuffer index) {
    hash.write(index);
    index.putLong(offset).putInt(bytes).putInt(sum);
    index.putInt(PlaceTable.pack(reference)).putInt(PlaceTable.index(reference));
    index.putShort((short) form.number).putShort((short) steps);
  }

  /// {@return the same page at another place of another pack}
  PageEntry at(long newOffset) {
    return new PageEntry(hash, newOffset, bytes, sum, reference, form, steps);
  }

  /// {@return the page when nothing is left of it}
  PageEntry gone() {
    return new PageEntry(hash, 0, 0, sum, 0, Form.GONE, 0);
  }
}
