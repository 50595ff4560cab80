package dev.cairn.trace.export;

/// A table of comma-separated values, a row an access, and one of the kind `fetch` an instruction
/// where that is asked for.
final class CsvLines implements AccessLines {
  private boolean withPhysical;
  private boolean withValues;

  @Override
  public void begin(ByteBuffering into, boolean physical, boolean values) {
    withPhysical = physical;
    withValues = values;
    into.text("thread,instruction,pc,kind,store,address,bytes");
    into.text(values ? ",value" : "");
    into.text(physical ? ",physical\n" : "\n");
  }

  @Override
  public void instruction(ByteBuffering into, int thread, long instruction, long pc, int size) {
    place(into, thread, instruction, pc);
    into.text("fetch,0,0x");
    into.hex(pc, 1);
    into.put(',');
    into.decimal(size);
    into.text(withValues ? "," : "");
    end(into, -1);
  }

  private static void place(ByteBuffering into, int thread, long instruction, long pc) {
    into.decimal(thread);
    into.put(',');
    into.decimal(instruction);
    into.text(",0x");
    into.hex(pc, 1);
    into.put(',');
  }

  private void end(ByteBuffering into, long physical) {
    if (withPhysical) {
      into.put(',');
      if (physical >= 0) {
        into.text("0x");
        into.hex(physical, 1);
      }
    }
    into.put('\n');
  }

  @Override
  public void access(ByteBuffering into, Access access, boolean modify) {
    place(into, access.thread(), access.instruction(), access.pc());
    into.text(access.kind().text().isEmpty() ? "plain" : access.kind().text());
    into.text(access.store() ? ",1,0x" : ",0,0x");
    into.hex(access.address(), 1);
    into.put(',');
    into.decimal(access.bytes());
    if (withValues) {
      into.put(',');
      value(into, access);
    }
    end(into, access.physical());
  }

  /// Adds all digits of the bytes of an access; nothing for one that moves none.
  private static void value(ByteBuffering into, Access access) {
    if (access.kind().isHint(access.store())) {
      return;
    }
    into.text("0x");
    if (access.bytes() > 2 * Long.BYTES) {
      into.put('0'); // a line that is zeroed
    } else if (access.bytes() > Long.BYTES) {
      into.hex(access.valueHigh(), 2 * (access.bytes() - Long.BYTES));
      into.hex(access.value(), 2 * Long.BYTES);
    } else {
      into.hex(access.value(), 2 * access.bytes());
    }
  }

  @Override
  public boolean joins() {
    return false;
  }
}
