package dev.cairn.trace.export;

/// The lines of Valgrind's lackey: `I` an instruction, `L` a load, `S` a store, `M` both at once;
/// address and bytes.
///
/// Source: Valgrind's manual, "Lackey: an example tool", `--trace-mem`.
final class LackeyLines implements AccessLines {
  private static final int LEAST_DIGITS = 8;

  @Override
  public void instruction(ByteBuffering into, int thread, long instruction, long pc, int size) {
    line(into, "I  ", pc, size);
  }

  @Override
  public void access(ByteBuffering into, Access access, boolean modify) {
    String label = modify ? " M " : access.store() ? " S " : " L ";
    line(into, label, access.address(), access.bytes());
  }

  private static void line(ByteBuffering into, String label, long address, int bytes) {
    into.text(label);
    into.hex(address, LEAST_DIGITS);
    into.put(',');
    into.decimal(bytes);
    into.put('\n');
  }

  @Override
  public boolean joins() {
    return true;
  }
}
