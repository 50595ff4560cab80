package dev.cairn.trace.export;

/// Dinero's traditional form: 0 for a load, 1 for a store, 2 for an instruction, and the address.
///
/// Source: Dinero IV's manual page, "din input format".
final class DinLines implements AccessLines {
  @Override
  public void instruction(ByteBuffering into, int thread, long instruction, long pc, int size) {
    line(into, '2', pc);
  }

  @Override
  public void access(ByteBuffering into, Access access, boolean modify) {
    line(into, access.store() ? '1' : '0', access.address());
  }

  private static void line(ByteBuffering into, char label, long address) {
    into.put(label);
    into.put(' ');
    into.hex(address, 1);
    into.put('\n');
  }

  @Override
  public boolean joins() {
    return false;
  }
}
