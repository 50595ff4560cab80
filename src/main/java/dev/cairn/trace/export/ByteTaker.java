package dev.cairn.trace.export;

/// What takes the bytes of an export.
public interface ByteTaker {
  /// Takes the first bytes; they are not kept.
  void accept(byte[] bytes, int length);
}
