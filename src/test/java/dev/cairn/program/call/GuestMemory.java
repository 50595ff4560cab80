package dev.cairn.program.call;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A piece of a guest's memory, and what a [FetchPlan] gets from it, as its words say.
///
/// @param start the address of the first byte; all other addresses can't be read
public record GuestMemory(long start, byte[] bytes) {
  /// {@return what each argument of a call has in memory at one end of it}
  ///
  /// @param result 0 at the entry
  public Map<Integer, byte[]> fetch(
      FetchPlan plan, FetchPlan.When when, long[] arguments, long result) {
    Map<Integer, byte[]> memory = new HashMap<>();
    for (FetchPlan.Item item : plan.items()) {
      byte[] read = item.when() == when ? fetch(item, arguments, result) : null;
      if (read != null) {
        memory.put(item.argument(), read);
      }
    }
    return memory;
  }

  private byte @Nullable [] fetch(FetchPlan.Item item, long[] arguments, long result) {
    long address = arguments[item.argument()];
    if (address == 0) {
      return null;
    }
    int limit = item.limit();
    return switch (item.kind()) {
      case STRING -> text(address, limit);
      case STRING_ARRAY -> texts(address, limit);
      case BYTES_FIXED -> read(address, limit);
      case BYTES_BY_ARGUMENT ->
          read(address, clip(arguments[item.lengthArgument()] * item.unit(), limit));
      case BYTES_BY_RESULT -> read(address, clip(result * item.unit(), limit));
      case IOVEC ->
          parts(
              address,
              arguments[item.lengthArgument()],
              item.when() == FetchPlan.When.RETURN ? clip(result, limit) : limit);
    };
  }

  private static int clip(long length, int limit) {
    return Math.clamp(length, 0, limit);
  }

  /// {@return as many bytes as can be read, null if that is none of some}
  private byte @Nullable [] read(long address, int length) {
    long offset = address - start;
    if (length == 0) {
      return new byte[0];
    }
    if (offset < 0 || offset >= bytes.length) {
      return null;
    }
    return Arrays.copyOfRange(bytes, (int) offset, (int) Math.min(offset + length, bytes.length));
  }

  private byte @Nullable [] text(long address, int limit) {
    byte[] all = read(address, limit);
    for (int i = 0; all != null && i < all.length; i++) {
      if (all[i] == 0) {
        return Arrays.copyOf(all, i);
      }
    }
    return all;
  }

  private byte[] texts(long address, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long at = address; ; at += 8) {
      byte[] pointer = read(at, 8);
      if (pointer == null || pointer.length < 8) {
        out.write(2);
        return out.toByteArray();
      }
      long to = ByteBuffer.wrap(pointer).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] text = to == 0 ? null : text(to, limit);
      if (to == 0 || (text != null && out.size() + text.length + 1 > limit)) {
        out.write(to == 0 ? 0 : 1);
        return out.toByteArray();
      }
      if (text != null) {
        out.writeBytes(text);
        out.write(0);
      }
    }
  }

  private byte[] parts(long address, long count, int limit) {
    List<byte[]> found = new ArrayList<>();
    int left = limit;
    for (int i = 0; i < count && left > 0; i++) {
      byte[] part = read(address + 16L * i, 16);
      if (part == null || part.length < 16) {
        break;
      }
      ByteBuffer from = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
      byte[] content = read(from.getLong(0), clip(from.getLong(8), left));
      if (content == null) {
        break;
      }
      found.add(content);
      left -= content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    found.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
