package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
/// @param bytes of the file, if it is read only or its contents are kept; else -1
/// @param sha256 of the file's contents in hexadecimal, if they are known; else null
/// @param held what is in a pipe, in Base64, at the ends that read it; null if that is nothing
/// @param contents where its contents lie among the checkpoint's pages, at [#CONTENTS] or above;
///   [#NOT_KEPT] if they are not there
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
    @Nullable String held,
    long contents) {
  /// Of what is only named by its path.
  public static final long NOT_KEPT = 0;

  /// Where contents of files begin: above all memory that a process can have.
  public static final long CONTENTS = 1L << 52;

  /// How far apart the contents of two files begin.
  public static final long APART = 1L << 44;

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
    boolean lies = contents >= CONTENTS && contents % APART == 0 && bytes >= 0 && bytes <= APART;
    if (contents != NOT_KEPT && !(lies && kind == Kind.FILE && sha256 != null)) {
      throw new IllegalArgumentException(
          "descriptor %d: no contents of %d bytes lie at 0x%x"
              .formatted(descriptor, bytes, contents));
    }
  }

  /// Neither a pipe with something in it, nor a file whose contents are kept.
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
    this(
        descriptor,
        description,
        kind,
        path,
        flags,
        offset,
        closesOnExec,
        bytes,
        sha256,
        null,
        NOT_KEPT);
  }

  /// {@return the same pipe with bytes in it}
  ///
  /// @param inside none for an empty one
  public OpenFile holding(byte[] inside) {
    String text = inside.length == 0 ? null : Base64.getEncoder().encodeToString(inside);
    return with(bytes, sha256, text, contents);
  }

  /// {@return what is in a pipe, if this is an end that reads it}
  ///
  /// @throws IllegalArgumentException if that is damaged
  public byte[] heldBytes() {
    return held == null ? new byte[0] : Base64.getDecoder().decode(held);
  }

  /// {@return whether its contents are kept}
  public boolean kept() {
    return contents != NOT_KEPT;
  }

  /// {@return the same with its contents}
  OpenFile withContents(long length, @Nullable String hash, long at) {
    return with(length, hash, held, at);
  }

  private OpenFile with(long length, @Nullable String hash, @Nullable String inside, long at) {
    return new OpenFile(
        descriptor, description, kind, path, flags, offset, closesOnExec, length, hash, inside, at);
  }

  /// {@return why the file is not what it was, in words; null if it is, as far as that is known}
  public @Nullable String change() throws IOException {
    if (path == null || kind != Kind.FILE) {
      return null;
    }
    Path there = Path.of(path);
    if (!Files.exists(there)) {
      return "is missing";
    }
    return sha256 == null ? null : FileHash.change(there, bytes, sha256);
  }

  /// {@return the pages of its contents, as if they were memory; null if it is empty or not kept}
  public @Nullable Mapping pages() {
    long end = contents + bytes + Mapping.PAGE_BYTES - 1 & -Mapping.PAGE_BYTES;
    return bytes < 1 || !kept()
        ? null
        : new Mapping(contents, end, Mapping.READ, Mapping.Kind.FILE, path, 0);
  }

  /// {@return whether it can only be read from}
  public boolean readsOnly() {
    return (flags & ACCESS) == 0;
  }
}
