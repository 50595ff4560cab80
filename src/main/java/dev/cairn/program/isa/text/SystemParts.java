package dev.cairn.program.isa.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pieces that system instructions and prefetches have.
///
/// | name | stands for | fields |
/// |---|---|---|
/// | `sys-read` `sys-written` | a system register | bits 20–5 |
/// | `sys-maintenance` | a whole `ic`, `dc`, `at`, `tlbi`, …; does not fit if it has no name | `i` `d` |
/// | `sys-barrier` | what `dmb` and `dsb` wait for | `i` |
/// | `sys-prefetch` | what is prefetched, where to, and for how long | `d` |
final class SystemParts {
  /// Mnemonics, each followed by its operations: `op1` `CRn` `CRm` `op2` as a number, and their
  /// names behind `:` if they take a register, behind `!` if they take none.
  private static final String MAINTENANCE =
      """
      ic 0388!ialluis 03a8!iallu 1ba9:ivau
      dc 03b1:ivac 03b2:isw 03b3:igvac 03b4:igsw 03b5:igdvac 03b6:igdsw 03d2:csw 03d4:cgsw
        03d6:cgdsw 03f2:cisw 03f4:cigsw 03f6:cigdsw 1ba1:zva 1ba3:gva 1ba4:gzva 1bd1:cvac
        1bd3:cgvac 1bd5:cgdvac 1bd9:cvau 1be1:cvap 1be3:cgvap 1be5:cgdvap 1be9:cvadp 1beb:cgvadp
        1bed:cgdvadp 1bf1:civac 1bf3:cigvac 1bf5:cigdvac 33f1:cipapa 33f5:cigdpapa
      at 03c0:s1e1r 03c1:s1e1w 03c2:s1e0r 03c3:s1e0w 03c8:s1e1rp 03c9:s1e1wp 23c0:s1e2r 23c1:s1e2w
        23c4:s12e1r 23c5:s12e1w 23c6:s12e0r 23c7:s12e0w 33c0:s1e3r 33c1:s1e3w
      cfp 1b9c:rctx
      dvp 1b9d:rctx
      cpp 1b9f:rctx
      tlbi 0408!vmalle1os 0409:vae1os 040a:aside1os 040b:vaae1os 040d:vale1os 040f:vaale1os
        0411:rvae1is 0413:rvaae1is 0415:rvale1is 0417:rvaale1is 0418!vmalle1is 0419:vae1is
        041a:aside1is 041b:vaae1is 041d:vale1is 041f:vaale1is 0429:rvae1os 042b:rvaae1os
        042d:rvale1os 042f:rvaale1os 0431:rvae1 0433:rvaae1 0435:rvale1 0437:rvaale1 0438!vmalle1
        0439:vae1 043a:aside1 043b:vaae1 043d:vale1 043f:vaale1 2401:ipas2e1is 2402:ripas2e1is
        2405:ipas2le1is 2406:ripas2le1is 2408!alle2os 2409:vae2os 240c!alle1os 240d:vale2os
        240e!vmalls12e1os 2411:rvae2is 2415:rvale2is 2418!alle2is 2419:vae2is 241c!alle1is
        241d:vale2is 241e!vmalls12e1is 2420:ipas2e1os 2421:ipas2e1 2422:ripas2e1 2423:ripas2e1os
        2424:ipas2le1os 2425:ipas2le1 2426:ripas2le1 2427:ripas2le1os 2429:rvae2os 242d:rvale2os
        2431:rvae2 2435:rvale2 2438!alle2 2439:vae2 243c!alle1 243d:vale2 243e!vmalls12e1
        3408!alle3os 3409:vae3os 340c!paallos 340d:vale3os 3411:rvae3is 3415:rvale3is 3418!alle3is
        3419:vae3is 341d:vale3is 3423:rpaos 3427:rpalos 3429:rvae3os 342d:rvale3os 3431:rvae3
        3435:rvale3 3438!alle3 3439:vae3 343c!paall 343d:vale3
      """;

  private static final int NUMBER_DIGITS = 4;
  private static final List<String> SHAREABILITY = List.of("osh", "nsh", "ish", "");
  private static final List<String> ACCESSES = List.of("", "ld", "st", "");
  private static final List<String> PREFETCHES = List.of("pld", "pli", "pst");

  private SystemParts() {}

  static TextPart of(String name, Fields fields) {
    return switch (name) {
      case "sys-read", "sys-written" -> {
        boolean read = name.equals("sys-read");
        yield (pc, word, text) ->
            SystemRegisters.append(0x8000 | (word >>> 5 & 0x7fff), read, text);
      }
      case "sys-maintenance" -> new Maintenance(fields.named('i'), fields.named('d'));
      case "sys-barrier" -> {
        Field option = fields.named('i');
        yield (pc, word, text) -> appendBarrier(option.of(word), text);
      }
      case "sys-prefetch" -> {
        Field operation = fields.named('d');
        yield (pc, word, text) -> appendPrefetch(operation.of(word), text);
      }
      default -> throw new IllegalArgumentException("no such piece: " + name);
    };
  }

  private record Maintenance(Map<Integer, Operation> operations, Field number, Field register)
      implements TextPart {
    private record Operation(String text, boolean takesRegister) {}

    Maintenance(Field number, Field register) {
      this(table(), number, register);
    }

    private static Map<Integer, Operation> table() {
      Map<Integer, Operation> operations = new HashMap<>();
      String mnemonic = "";
      for (String entry : MAINTENANCE.strip().split("\\s+", -1)) {
        boolean isOperation = entry.length() > NUMBER_DIGITS;
        if (isOperation) {
          String text = mnemonic + " " + entry.substring(NUMBER_DIGITS + 1);
          boolean takesRegister = entry.charAt(NUMBER_DIGITS) == ':';
          int number = Integer.parseInt(entry, 0, NUMBER_DIGITS, 16);
          operations.put(number, new Operation(text, takesRegister));
        } else {
          mnemonic = entry;
        }
      }
      return operations;
    }

    private @Nullable Operation operation(int word) {
      return operations.get(number.of(word));
    }

    @Override
    public boolean accepts(int word) {
      return operation(word) != null;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      Operation operation = operation(word);
      if (operation != null) {
        text.append(operation.text());
        if (operation.takesRegister()) {
          PartParser.general(true, register.of(word), false, text.append(", "));
        }
      }
    }
  }

  private static void appendBarrier(int option, StringBuilder text) {
    boolean hasAccesses = (option & 3) != 0;
    boolean system = option >= 12;
    if (!hasAccesses) {
      Numbers.append(option, text);
    } else if (system) {
      text.append(option == 15 ? "sy" : ACCESSES.get(option & 3));
    } else {
      text.append(SHAREABILITY.get(option >> 2)).append(ACCESSES.get(option & 3));
    }
  }

  private static void appendPrefetch(int operation, StringBuilder text) {
    int kind = operation >> 3;
    int level = operation >> 1 & 3;
    if (kind < PREFETCHES.size() && level < 3) {
      text.append(PREFETCHES.get(kind)).append('l').append(level + 1);
      text.append((operation & 1) == 0 ? "keep" : "strm");
    } else {
      Numbers.append(operation, text);
    }
  }
}
