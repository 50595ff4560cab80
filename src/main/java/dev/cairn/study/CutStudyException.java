package dev.cairn.study;

import dev.cairn.capture.CaptureResult;
import dev.cairn.program.AddressSpace;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A run of the guest was cut: by a signal, with QEMU, by `execve` or as it was told to stop.
public final class CutStudyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient CaptureResult run;
  private final transient AddressSpace addresses;
  private final transient @Nullable Path profile;

  CutStudyException(CaptureResult run, AddressSpace addresses, @Nullable Path profile) {
    super("the guest did not come to its end");
    this.run = run;
    this.addresses = addresses;
    this.profile = profile;
  }

  /// {@return what it had executed and how it ended}
  public CaptureResult run() {
    return run;
  }

  /// {@return what lay where then}
  public AddressSpace addresses() {
    return addresses;
  }

  /// {@return the folder with the profile of what it had executed; null if it ran to be measured}
  public @Nullable Path profile() {
    return profile;
  }
}
