package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The limits of a guest: those that it has set, as QEMU hands not all of them on to the host, and
/// for the others the host's.
final class ResourceLimits {
  private static final Pattern COLUMNS = Pattern.compile(" {2,}");
  private static final int LIMIT_BYTES = 16;

  private final TreeMap<Integer, ResourceLimit> set = new TreeMap<>();

  /// Goes on with what a restored guest has set.
  void resume(List<ResourceLimit> limits) {
    limits.stream().filter(ResourceLimit::set).forEach(each -> set.put(each.resource(), each));
  }

  /// Takes note of a call that has succeeded.
  void returned(String name, SystemCall call) {
    long[] arguments = call.arguments();
    if (name.equals("setrlimit")) {
      set(arguments[0], call.memory());
    } else if (name.equals("prlimit64") && arguments[2] != 0) {
      set(arguments[1], call.memory());
    }
  }

  private void set(long resource, List<GuestBytes> memory) {
    for (GuestBytes piece : memory) {
      byte[] bytes = piece.bytes();
      if (bytes != null && bytes.length == LIMIT_BYTES) {
        ByteBuffer two = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        set.put(
            (int) resource, new ResourceLimit((int) resource, two.getLong(), two.getLong(), true));
      }
    }
  }

  /// {@return all limits, by resource}
  ///
  /// @param process QEMU's number
  List<ResourceLimit> all(int process) throws IOException {
    TreeMap<Integer, ResourceLimit> all = new TreeMap<>();
    List<String> lines =
        new ArrayList<>(Files.readAllLines(Path.of("/proc/" + process + "/limits")));
    lines.removeFirst(); // what the columns are
    for (int i = 0; i < lines.size(); i++) { // in the order of their numbers
      String[] fields = COLUMNS.split(lines.get(i), -1);
      all.put(i, new ResourceLimit(i, number(fields[1]), number(fields[2]), false));
    }
    all.putAll(set);
    return List.copyOf(all.values());
  }

  private static long number(String text) {
    return text.equals("unlimited") ? ResourceLimit.INFINITE : Long.parseLong(text);
  }
}
