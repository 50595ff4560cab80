package dev.cairn.trace.export;

/// A table of comma-separated values, a row an access.
final class CsvLines implements AccessLines {
  private boolean withPhysical;

  @Override
  public void begin(ByteBuffering into, boolean physical) {
    withPhysical = physical;
    into.text("thread,instruction,pc,kind,store,address,bytes");
    into.text(physical ? ",physical\n" : "\n");
  }

  @Override
  public void instruction(ByteBuffering into, long pc, int size) {}

  @Override
  public void access(ByteBuffering into, Access access, boolean modify) {
    into.decimal(access.thread());
    into.put(',');
    into.decimal(access.instruction());
    into.text(",0x");
    into.hex(access.pc(), 1);
    into.put(',');
    into.text(access.kind().text().isEmpty() ? "plain" : access.kind().text());
    into.text(access.store() ? ",1,0x" : ",0,0x");
    into.hex(access.address(), 1);
    into.put(',');
    into.decimal(access.bytes());
    if (withPhysical) {
      into.put(',');
      if (access.physical() >= 0) {
        into.text("0x");
        into.hex(access.physical(), 1);
      }
    }
    into.put('\n');
  }

  @Override
  public boolean joins() {
    return false;
  }
}
