package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.List;

/// What of the guest's memory is wanted to show one system call.
///
/// @param items at most one for each argument and moment, by argument, the entry before the return
public record FetchPlan(List<Item> items) {
  /// At which end of the call memory is read.
  public enum When {
    /// Before the kernel runs.
    ENTRY,
    /// After the kernel has run, and only if the result is not an error.
    RETURN
  }

  /// What lies at an argument's address, and so how many bytes of it are wanted. Whatever the kind,
  /// memory that can't be read ends what is read, at a page's end; without a first byte there is
  /// nothing at all, and so there is with an argument that is 0.
  public enum Kind {
    /// Bytes up to a NUL. What is handed over is without it; so many bytes as the limit allows are
    /// a text that was cut.
    STRING,
    /// An array of addresses of such texts that a null pointer ends. What is handed over are the
    /// texts, each with a NUL behind it, and then one byte more that says why there are no others:
    /// 0 at the null pointer, 1 at the limit, 2 where memory could not be read. The limit is for
    /// all. A text that can't be read is left out.
    STRING_ARRAY,
    /// As many bytes as the limit says.
    BYTES_FIXED,
    /// The value of an argument, times the unit, in bytes.
    BYTES_BY_ARGUMENT,
    /// The value of the result, times the unit, in bytes.
    BYTES_BY_RESULT,
    /// An array of `struct iovec`, an address and a length of 64 bits each, of as many parts as an
    /// argument says. What is handed over is the content of the parts, one behind the other; at the
    /// return no more of it than the result says.
    IOVEC
  }

  /// One piece of memory.
  ///
  /// @param argument whose value is the address
  /// @param lengthArgument which argument has the length or number; -1 with kinds that need none
  /// @param unit bytes that one of the length stands for; 1 with kinds that need none
  /// @param limit the most bytes that are handed over
  public record Item(int argument, When when, Kind kind, int lengthArgument, int unit, int limit) {
    public Item {
      boolean needsLength = kind == Kind.BYTES_BY_ARGUMENT || kind == Kind.IOVEC;
      if (argument < 0
          || argument >= SystemCall.ARGUMENTS
          || lengthArgument >= SystemCall.ARGUMENTS
          || needsLength != (lengthArgument >= 0)) {
        throw new IllegalArgumentException("no such argument: " + argument + " " + lengthArgument);
      }
      if (unit <= 0 || limit <= 0) {
        throw new IllegalArgumentException("must be positive: " + unit + " " + limit);
      }
    }
  }

  /// The longest path that Linux takes, and more than any other text that a call takes.
  static final int STRING_LIMIT = 4096;

  /// What QEMU shows of a buffer; strace shows less.
  static final int BUFFER_LIMIT = 40;

  /// Names of extended attributes: the most that the kernel gives.
  private static final int NAMES_LIMIT = 65536;

  private static final int ARGV_LIMIT = 32768;

  /// The largest struct of an ioctl that QEMU prints; the kernel's own limit is 16 KB.
  private static final int IOCTL_LIMIT = 4096;

  /// `struct sockaddr_storage`.
  private static final int SOCKET_ADDRESS_LIMIT = 128;

  /// Elements of an array of structs.
  private static final int ELEMENTS_LIMIT = 16;

  /// A struct that says itself how long it is.
  private static final int SIZED_LIMIT = 256;

  /// An option of a socket.
  private static final int OPTION_LIMIT = 64;

  public FetchPlan {
    items = List.copyOf(items);
  }

  /// {@return what the types of a call's arguments ask for}
  public static FetchPlan of(SystemCallSignature call) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      add(i, call.arguments().get(i), items);
    }
    return new FetchPlan(items);
  }

  private static void add(int argument, TypeWord type, List<Item> items) {
    switch (type.name()) {
      case "path", "string", "fsvalue" ->
          items.add(fixed(argument, When.ENTRY, Kind.STRING, STRING_LIMIT));
      case "argv" -> items.add(fixed(argument, When.ENTRY, Kind.STRING_ARRAY, ARGV_LIMIT));
      case "in" -> items.add(struct(argument, When.ENTRY, type));
      case "out" -> items.add(struct(argument, When.RETURN, type));
      case "inout" -> {
        items.add(struct(argument, When.ENTRY, type));
        items.add(struct(argument, When.RETURN, type));
      }
      case "outs" -> {
        int unit = structBytes(type.text(0));
        items.add(byResult(argument, unit, unit * ELEMENTS_LIMIT));
      }
      case "insized" -> items.add(byArgument(argument, type.number(1), 1, SIZED_LIMIT));
      case "inbytes" -> items.add(byArgument(argument, type.number(0), 1, BUFFER_LIMIT));
      case "outbytes" -> items.add(byResult(argument, 1, BUFFER_LIMIT));
      case "names" -> items.add(byResult(argument, 1, NAMES_LIMIT));
      case "iniov" -> items.add(parts(argument, When.ENTRY, type.number(0)));
      case "outiov" -> items.add(parts(argument, When.RETURN, type.number(0)));
      case "insock" -> items.add(byArgument(argument, type.number(0), 1, SOCKET_ADDRESS_LIMIT));
      case "outsock" ->
          items.add(fixed(argument, When.RETURN, Kind.BYTES_FIXED, SOCKET_ADDRESS_LIMIT));
      case "sockvalue" -> items.add(fixed(argument, When.RETURN, Kind.BYTES_FIXED, OPTION_LIMIT));
      case "futextimeout" -> {
        int bytes = StructLayout.of("timespec").sizeBytes();
        items.add(fixed(argument, When.ENTRY, Kind.BYTES_FIXED, bytes));
      }
      case "fcntl" -> {
        int bytes = StructLayout.of("flock").sizeBytes();
        items.add(fixed(argument, When.ENTRY, Kind.BYTES_FIXED, bytes));
        items.add(fixed(argument, When.RETURN, Kind.BYTES_FIXED, bytes));
      }
      case "ioctl" -> {
        items.add(fixed(argument, When.ENTRY, Kind.BYTES_FIXED, IOCTL_LIMIT));
        items.add(fixed(argument, When.RETURN, Kind.BYTES_FIXED, IOCTL_LIMIT));
      }
      default -> {} // a number, or an address of which nothing is shown
    }
  }

  private static Item struct(int argument, When when, TypeWord type) {
    int unit = structBytes(type.text(0));
    return type.has(2)
        ? new Item(
            argument,
            when,
            Kind.BYTES_BY_ARGUMENT,
            type.number(1),
            unit,
            Math.multiplyExact(unit, ELEMENTS_LIMIT))
        : fixed(argument, when, Kind.BYTES_FIXED, unit);
  }

  /// {@return the bytes of a struct of `linux.structs`, or of an array of K, `name*K`}
  public static int structBytes(String name) {
    int star = name.indexOf('*');
    return star < 0
        ? StructLayout.of(name).sizeBytes()
        : StructLayout.of(name.substring(0, star)).sizeBytes()
            * Integer.parseInt(name.substring(star + 1));
  }

  private static Item fixed(int argument, When when, Kind kind, int limit) {
    return new Item(argument, when, kind, -1, 1, limit);
  }

  private static Item byArgument(int argument, int lengthArgument, int unit, int limit) {
    return new Item(argument, When.ENTRY, Kind.BYTES_BY_ARGUMENT, lengthArgument, unit, limit);
  }

  private static Item byResult(int argument, int unit, int limit) {
    return new Item(argument, When.RETURN, Kind.BYTES_BY_RESULT, -1, unit, limit);
  }

  private static Item parts(int argument, When when, int count) {
    return new Item(argument, when, Kind.IOVEC, count, 1, BUFFER_LIMIT);
  }
}
