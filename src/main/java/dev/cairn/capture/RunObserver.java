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

  /// Hears where the main program lies, before anything executes.
  ///
  /// @param entryPoint the virtual address of the program's entry (`AT_ENTRY`)
  /// @param interpreterBase where the interpreter is loaded (`AT_BASE`), 0 if there is none
  default void programLoaded(long entryPoint, long interpreterBase) {}

  /// Hears that a thread starts, of which nothing else may be seen.
  ///
  /// @param thread 0 the first, then in order of creation
  default void threadStarted(int thread) {}

  /// Hears that a file has been mapped.
  default void mapped(long address, long bytes, long fileOffset, String path) {}

  /// Hears that an address range has been unmapped.
  default void unmapped(long address, long bytes) {}
}
