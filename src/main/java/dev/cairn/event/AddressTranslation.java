package dev.cairn.event;

/// Says where in physical memory the bytes at a virtual address are, as of the word that is being
/// looked at.
///
/// What an analysis asks for it asks in the order of the words, as asking may be what gives a page
/// its place. One thread at a time.
public interface AddressTranslation {
  /// {@return the physical address of a byte; -1 if nobody knows it}
  long physicalAddress(long virtualAddress);

  /// {@return log2 of the bytes that keep together: neighbours within them are neighbours in
  /// physical memory}
  int pageShift();

  /// {@return a number that is another one as soon as a byte that was asked for may have come to
  /// lie elsewhere}
  long changes();
}
