package dev.cairn.study.directory;

/// A study cannot go on; the message says why and what to do.
public final class StudyException extends Exception {
  private static final long serialVersionUID = 1L;

  public StudyException(String message) {
    super(message);
  }
}
