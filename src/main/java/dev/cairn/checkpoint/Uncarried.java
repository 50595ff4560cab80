package dev.cairn.checkpoint;

import java.util.Locale;

/// What of a process can't be carried and may be left out, if its user says so.
public enum Uncarried {
  /// Is closed after the restore.
  SOCKETS,
  /// A pipe to another process is closed after the restore.
  PIPES,
  /// `epoll`, `eventfd`, timers with a descriptor and the like are closed after the restore.
  SPECIAL_FILES,
  /// A file's lock is not held after the restore.
  LOCKS,
  /// A signal that waits is lost.
  PENDING_SIGNALS,
  /// The process has none after the restore.
  CHILDREN,
  /// Does not run after the restore.
  TIMERS,
  /// Priorities, processors and nodes of memory are those of whoever restores it.
  SCHEDULING,
  /// May be swapped out after the restore.
  LOCKED_MEMORY,
  /// Is the process's own after the restore.
  SHARED_MEMORY,
  /// Keys to sign addresses with are others after the restore, but by `cairn restore`.
  PAC_KEYS;

  /// {@return what it is called on the command line}
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// {@return the complaint, with the way out}
  public CheckpointException refused(String what) {
    return new CheckpointException(what + " (--ignore " + text() + " leaves that out)");
  }
}
