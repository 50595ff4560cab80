package dev.cairn.trace.export;

/// A table of comma-separated values, a row an access, and one of the kind `fetch` an instruction
/// where that is asked for.
final class CsvLines implements AccessLines {
  private boolean withPhysical;

  @Override
  public void begin(ByteBuffering into, boolean physical) {
    withPhysical = physical;
    into.text("thread,instruction,pc,kind,store,address,bytes");
    into.text(physical ? ",physical\n" : "\n");
  }

  @Override
  public void instruction(ByteBuffering into, int thread, long instruction, long pc, int size) {
    place(into, thread, instruction, pc);
    into.text("fetch,0,0x");
    into.hex(pc, 1);
    end(into, size, -1);
  }

  private static void place(ByteBuffering into, int thread, long instruction, long pc) {
    into.decimal(thread);
    into.put(',');
    into.decimal(instruction);
    into.text(",0x");
    into.hex(pc, 1);
    into.put(',');
  }

  private void end(ByteBuffering into, int bytes, long physical) {
    into.put(',');
    into.decimal(bytes);
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
    end(into, access.bytes(), access.physical());
  }

  @Override
  public boolean joins() {
    return false;
  }
}
