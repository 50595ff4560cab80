package dev.cairn.query;

/// A question that cannot be answered as it stands; the message is one line.
public final class QueryException extends Exception {
  private static final long serialVersionUID = 1L;

  QueryException(String message, Throwable cause) {
    super(message, cause);
  }
}
