package dev.cairn.checkpoint;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A file descriptor and what it stands for.
///
/// @param descriptor its number
/// @param description descriptors with an equal one share offset and flags; 0 to 2 are the standard
///   streams that the program was started with
/// @param kind what it stands for
/// @param path of a file; of a pipe, a name that its two ends share; null for a stream
/// @param flags of `open`, in the numbering of AArch64 Linux
/// @param offset of the next byte
/// @param closesOnExec whether `execve` closes the descriptor
/// @param bytes of the file, if it is read only; else -1
/// @param sha256 of the file's contents in hexadecimal, if it is read only; else null
/// @param held what is in a pipe, in Base64, at the ends that read it; null if that is nothing
public record OpenFile(
    int descriptor,
    int description,
    Kind kind,
    @Nullable String path,
    int flags,
    long offset,
    boolean closesOnExec,
    long bytes,
    @Nullable String sha256,
    @Nullable String held) {
  private static final int ACCESS = 3;

  /// What a descriptor stands for.
  public enum Kind {
    /// The standard stream that is there at the restore.
    STREAM,
    /// A file, a folder or a device, to be opened by its path.
    FILE,
    /// An end of a pipe that the process holds to itself.
    PIPE
  }

  public OpenFile {
    if (descriptor < 0) {
      throw new IllegalArgumentException("descriptor must be at least 0: " + descriptor);
    }
    boolean isStream = kind == Kind.STREAM;
    if (isStream != (path == null) || (isStream && (description < 0 || description > 2))) {
      throw new IllegalArgumentException(
          "descriptor %d is a %s of description %d at %s"
              .formatted(descriptor, kind, description, path));
    }
    if (held != null && kind != Kind.PIPE) {
      throw new IllegalArgumentException("descriptor " + descriptor + " is no pipe to hold bytes");
    }
  }

  /// Neither a pipe with something in it, nor anything else that holds bytes.
  public OpenFile(
      int descriptor,
      int description,
      Kind kind,
      @Nullable String path,
      int flags,
      long offset,
      boolean closesOnExec,
      long bytes,
      @Nullable String sha256) {
    this(descriptor, description, kind, path, flags, offset, closesOnExec, bytes, sha256, null);
  }

  /// {@return the same pipe with bytes in it}
  ///
  /// @param contents none for an empty one
  public OpenFile holding(byte[] contents) {
    String text = contents.length == 0 ? null : Base64.getEncoder().encodeToString(contents);
    return new OpenFile(
        descriptor, description, kind, path, flags, offset, closesOnExec, bytes, sha256, text);
  }

  /// {@return what is in a pipe, if this is an end that reads it}
  ///
  /// @throws IllegalArgumentException if that is damaged
  public byte[] heldBytes() {
    return held == null ? new byte[0] : Base64.getDecoder().decode(held);
  }

  /// {@return whether it can only be read from}
  public boolean readsOnly() {
    return (flags & ACCESS) == 0;
  }
}
