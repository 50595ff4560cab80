package dev.cairn.study.checkpoint;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Keeps checkpoints in a store on a thread of its own: a guest goes on as soon as its memory is
/// copied, or as much of it as there is room for. They come into the store one after the other.
final class CheckpointKeeper implements AutoCloseable {
  /// What may be copied and not yet kept.
  private static final int ROOM_BYTES = 96 << 20;

  private final CheckpointStore store;
  private final CopiedMemory.Room room = new CopiedMemory.Room(ROOM_BYTES);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("cairn-checkpoints").factory());

  /// Name to the bytes that it adds to the store.
  private final Map<String, Future<Long>> keeping = new LinkedHashMap<>();

  CheckpointKeeper(CheckpointStore store) {
    this.store = store;
  }

  /// {@return whether a checkpoint of a name is kept already, or is going to be}
  boolean has(String name) {
    return keeping.containsKey(name);
  }

  /// Copies what a guest is, to be kept.
  ///
  /// @throws IOException if this, or an earlier one, could not be done
  void keep(String name, ProcessState process, MemoryContents memory) throws IOException {
    if (store.has(name)) {
      throw new CheckpointException(name + " exists already");
    }
    for (Future<Long> each : keeping.values()) {
      if (each.isDone()) {
        bytes(each);
      }
    }
    CopiedMemory copied = new CopiedMemory(room);
    keeping.put(
        name,
        thread.submit(() -> {
          try {
            return store.add(name, process, copied);
          } finally {
            copied.drain();
          }
        }));
    List<Mapping> all = new ArrayList<>(process.mappings());
    all.addAll(process.keptFiles());
    copied.copy(all, memory);
  }

  /// Waits until all are kept.
  ///
  /// @return name to the bytes that it has added, in the order in which they were taken
  Map<String, Long> finish() throws IOException {
    Map<String, Long> all = new LinkedHashMap<>();
    for (Map.Entry<String, Future<Long>> each : keeping.entrySet()) {
      all.put(each.getKey(), bytes(each.getValue()));
    }
    return all;
  }

  private static long bytes(Future<Long> kept) throws IOException {
    try {
      return kept.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a checkpoint was written");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a checkpoint could not be kept", e.getCause());
    }
  }

  /// Waits for what was copied.
  @Override
  public void close() {
    thread.close();
  }
}
