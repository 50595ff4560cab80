package dev.cairn.study;

import dev.cairn.capture.CaptureResult;
import dev.cairn.program.AddressSpace;
import java.nio.file.Path;

/// The guest did not come to its end while it was profiled; what it did until then is kept.
public final class CutStudyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient CaptureResult run;
  private final transient AddressSpace addresses;
  private final transient Path profile;

  CutStudyException(CaptureResult run, AddressSpace addresses, Path profile) {
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

  /// {@return the folder with the profile of what it had executed}
  public Path profile() {
    return profile;
  }
}
