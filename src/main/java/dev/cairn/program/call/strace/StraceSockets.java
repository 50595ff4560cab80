package dev.cairn.program.call.strace;

import dev.cairn.program.call.NamedValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How QEMU prints the arguments of `socket`, and addresses of sockets.
final class StraceSockets {
  private static final NamedValues DOMAIN = QemuNames.set("domain");
  private static final NamedValues TYPE = QemuNames.set("type");
  private static final NamedValues NETLINK = QemuNames.set("netlink");
  private static final NamedValues PROTOCOL = QemuNames.set("protocol");
  private static final NamedValues PACKET_TYPE = QemuNames.set("pkttype");
  private static final CFormat NUMBER = CFormat.parse("%d");
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_NETLINK = 16;
  private static final int AF_PACKET = 17;
  private static final int SOCK_PACKET = 10;
  private static final int ETH_P_ALL = 3;

  /// The bytes of `struct sockaddr`, of which all are shown whatever the length is.
  private static final int GENERIC_BYTES = 16;

  private StraceSockets() {}

  static void domain(StringBuilder out, int domain) {
    QemuNames.member(out, DOMAIN, domain, NUMBER);
  }

  /// Writes a type with its flags; nothing for a type that has no name.
  static void type(StringBuilder out, long type) {
    String name = TYPE.name(type & 0xf);
    out.append(name == null ? "" : name);
    out.append((type & 02000000) != 0 ? "|SOCK_CLOEXEC" : "");
    out.append((type & 04000) != 0 ? "|SOCK_NONBLOCK" : "");
  }

  static void protocol(StringBuilder out, int domain, int type, int protocol) {
    if (domain == AF_PACKET || (domain == AF_INET && type == SOCK_PACKET)) {
      int low = protocol & 0xffff;
      out.append(low == ETH_P_ALL ? "ETH_P_ALL" : Integer.toString(low));
    } else {
      NamedValues names = domain == AF_NETLINK ? NETLINK : PROTOCOL;
      QemuNames.member(out, names, protocol, NUMBER);
    }
  }

  /// Writes an address and its length.
  static void address(StringBuilder out, long address, long length, byte @Nullable [] memory) {
    if (memory == null || memory.length == 0) {
      StraceStructs.pointer(out, address);
      out.append(',');
    } else {
      ByteBuffer from =
          ByteBuffer.wrap(Arrays.copyOf(memory, Math.max(memory.length, 2 * GENERIC_BYTES)));
      switch (from.order(ByteOrder.LITTLE_ENDIAN).getShort(0)) {
        case AF_UNIX -> unix(out, memory);
        case AF_INET -> internet(out, from);
        case AF_PACKET -> packet(out, from);
        case AF_NETLINK -> netlink(out, from);
        default -> generic(out, from);
      }
      out.append("},");
    }
    out.append(length);
  }

  private static void unix(StringBuilder out, byte[] memory) {
    out.append("{sun_family=AF_UNIX,sun_path=\"");
    for (int i = 2; i < memory.length && memory[i] != 0; i++) {
      out.append((char) (memory[i] & 0xff));
    }
    out.append('"');
  }

  private static void internet(StringBuilder out, ByteBuffer from) {
    out.append("{sin_family=AF_INET,sin_port=htons(").append(bigEndian(from, 2));
    out.append("),sin_addr=inet_addr(\"");
    for (int i = 4; i < 8; i++) {
      out.append(from.get(i) & 0xff).append(i < 7 ? "." : "\")");
    }
  }

  private static void packet(StringBuilder out, ByteBuffer from) {
    out.append("{sll_family=AF_PACKET,sll_protocol=htons(0x");
    out.append(padded(bigEndian(from, 2), 4)).append("),if").append(from.getInt(4));
    out.append(",pkttype=");
    QemuNames.member(out, PACKET_TYPE, from.get(10) & 0xff, NUMBER);
    out.append(",sll_addr=");
    for (int i = 12; i < 20; i++) {
      out.append(padded(from.get(i) & 0xff, 2)).append(i < 19 ? ":" : "");
    }
  }

  private static void netlink(StringBuilder out, ByteBuffer from) {
    out.append("{nl_family=AF_NETLINK,nl_pid=").append(Integer.toUnsignedString(from.getInt(4)));
    out.append(",nl_groups=").append(Integer.toUnsignedString(from.getInt(8)));
  }

  private static void generic(StringBuilder out, ByteBuffer from) {
    out.append("{sa_family=").append(from.getShort(0) & 0xffff).append(", sa_data={");
    for (int i = 2; i < GENERIC_BYTES; i++) {
      out.append(padded(from.get(i) & 0xff, 2)).append(i < GENERIC_BYTES - 1 ? ", " : "}");
    }
  }

  private static int bigEndian(ByteBuffer from, int offset) {
    return (from.get(offset) & 0xff) << 8 | (from.get(offset + 1) & 0xff);
  }

  private static String padded(int value, int digits) {
    String text = Integer.toHexString(value);
    return "0".repeat(digits - text.length()) + text;
  }
}
