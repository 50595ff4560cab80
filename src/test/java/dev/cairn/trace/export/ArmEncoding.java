package dev.cairn.trace.export;

/// What a checker of traces has to know of an A64 instruction, read from its bits alone and without
/// Cairn's decoder.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.
///
/// @param branch whether it is a direct branch
/// @param target where a direct branch goes
/// @param systemCall whether it is `svc`
/// @param loads operands in memory that are read, hints and flushes among them; -1 if that is not
///   known
/// @param stores operands in memory that are written
record ArmEncoding(boolean branch, long target, boolean systemCall, int loads, int stores) {
  private static int bits(int code, int high, int low) {
    return code >>> low & (1 << (high - low + 1)) - 1;
  }

  private static long offset(int code, int high, int low) {
    int length = high - low + 1;
    return 4L * (bits(code, high, low) << (32 - length) >> (32 - length));
  }

  private static ArmEncoding direct(long target) {
    return new ArmEncoding(true, target, false, 0, 0);
  }

  private static ArmEncoding accesses(int loads, int stores) {
    return new ArmEncoding(false, 0, false, loads, stores);
  }

  private static ArmEncoding loadOrStore(boolean load) {
    return load ? accesses(1, 0) : accesses(0, 1);
  }

  static ArmEncoding of(long pc, int code) {
    if (bits(code, 30, 26) == 0b00101) {
      return direct(pc + offset(code, 25, 0));
    } else if (bits(code, 31, 25) == 0b0101010 || bits(code, 30, 25) == 0b011010) {
      return direct(pc + offset(code, 23, 5));
    } else if (bits(code, 30, 25) == 0b011011) {
      return direct(pc + offset(code, 18, 5));
    } else if ((code & 0xffe0_001f) == 0xd400_0001) {
      return new ArmEncoding(false, 0, true, 0, 0);
    } else if (bits(code, 31, 19) == 0b1_1010_1010_0001) {
      return system(code);
    } else if (bits(code, 28, 25) == 0b0010) {
      return accesses(-1, -1); // scalable vectors
    } else if (bits(code, 27, 27) == 1 && bits(code, 25, 25) == 0) {
      return memory(code);
    }
    return accesses(0, 0);
  }

  private static ArmEncoding system(int code) {
    int operation = bits(code, 18, 5);
    return switch (operation) {
      case 0b011_0111_0100_001 -> accesses(0, 1); // dc zva
      case 0b011_0111_0101_001,
          0b011_0111_1010_001,
          0b011_0111_1011_001,
          0b011_0111_1100_001,
          0b011_0111_1101_001,
          0b011_0111_1110_001 ->
          accesses(1, 0);
      default -> accesses(0, 0);
    };
  }

  private static ArmEncoding memory(int code) {
    boolean load = bits(code, 22, 22) == 1;
    boolean vector = bits(code, 26, 26) == 1;
    return switch (bits(code, 29, 28)) {
      case 0b00 -> {
        if (vector) { // structures
          yield loadOrStore(load);
        }
        boolean swap =
            bits(code, 21, 21) == 1 && (bits(code, 23, 23) == 1 || bits(code, 31, 31) == 0);
        yield swap ? accesses(1, 1) : loadOrStore(load);
      }
      case 0b01 -> {
        if (bits(code, 24, 24) == 0) {
          yield accesses(1, 0); // literal, or a hint
        } else if (bits(code, 21, 21) == 1) {
          yield accesses(-1, -1); // tags
        }
        yield loadOrStore(bits(code, 23, 22) != 0);
      }
      case 0b10 -> loadOrStore(load); // pairs
      default -> {
        boolean register = bits(code, 24, 24) == 0 && bits(code, 21, 21) == 1;
        if (register && bits(code, 10, 10) == 1) {
          yield accesses(1, 0); // authenticated
        } else if (register && bits(code, 11, 10) == 0) {
          yield bits(code, 15, 12) == 0b1100 ? accesses(1, 0) : accesses(1, 1);
        }
        yield loadOrStore(vector ? load : bits(code, 23, 22) != 0);
      }
    };
  }
}
