package dev.cairn.capture;

/// Is told how a run goes on, on the capture's thread.
public interface RunObserver {
  /// Does nothing.
  RunObserver NONE =
      new RunObserver() {
        @Override
        public void progress(long instructions) {}
      };

  /// Hears some times a second how far the run is.
  ///
  /// @param instructions of all threads, as far as they have been drained
  void progress(long instructions);

  /// Hears that the main program is loaded.
  ///
  /// @param startOfCode the virtual address of its first executable segment
  /// @param firstPc the virtual address of the first instruction executed, which is the
  ///   interpreter's if there is one
  default void programLoaded(String path, long startOfCode, long firstPc) {}

  /// Hears that a file has been mapped.
  default void mapped(long address, long bytes, long fileOffset, String path) {}

  /// Hears that an address range has been unmapped.
  default void unmapped(long address, long bytes) {}
}
