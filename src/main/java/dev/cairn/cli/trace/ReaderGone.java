package dev.cairn.cli.trace;

/// Nobody reads what is written any more, as behind `| head`.
public final class ReaderGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReaderGone() {
    super("nobody reads the output any more");
  }
}
