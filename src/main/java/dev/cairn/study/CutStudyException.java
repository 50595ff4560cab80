package dev.cairn.study;

import dev.cairn.capture.GuestEnd;
import dev.cairn.program.AddressSpace;
import java.nio.file.Path;

/// The guest did not come to its end while it was profiled; what it did until then is kept.
public final class CutStudyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient GuestEnd end;
  private final long instructions;
  private final transient AddressSpace addresses;
  private final transient Path profile;

  CutStudyException(GuestEnd end, long instructions, AddressSpace addresses, Path profile) {
    super("the guest did not come to its end");
    this.end = end;
    this.instructions = instructions;
    this.addresses = addresses;
    this.profile = profile;
  }

  /// {@return how it ended}
  public GuestEnd end() {
    return end;
  }

  /// {@return what it had executed}
  public long instructions() {
    return instructions;
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
