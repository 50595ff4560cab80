package dev.cairn.profile;

import java.io.IOException;
import java.io.OutputStream;

/// A stream that says which file it was that could not be written.
public final class NamedStream extends OutputStream {
  private final String name;
  private final OutputStream stream;

  /// @param name of the file
  /// @param stream where everything goes
  public NamedStream(String name, OutputStream stream) {
    this.name = name;
    this.stream = stream;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      stream.write(bytes, offset, length);
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      stream.flush();
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stream.close();
    } catch (IOException e) {
      throw named(e);
    }
  }

  private IOException named(IOException e) {
    return new IOException(name + ": could not be written: " + e.getMessage(), e);
  }
}
