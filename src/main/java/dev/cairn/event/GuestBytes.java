package dev.cairn.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Guest memory that an argument of a system call points to.
///
/// @param argument which one, from 0
/// @param bytes as they were at the time; null if the guest has no memory there; not copied
public record GuestBytes(int argument, byte @Nullable [] bytes) {
  @Override
  public boolean equals(Object other) {
    return other instanceof GuestBytes that
        && argument == that.argument
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * argument + Arrays.hashCode(bytes);
  }
}
