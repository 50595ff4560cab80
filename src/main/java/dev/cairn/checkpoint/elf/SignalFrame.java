package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.SignalState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A frame as AArch64 Linux puts it on the stack for a signal handler, from which `rt_sigreturn`
/// loads all registers, the mask and the alternate stack: there is no other way to set them all, as
/// a branch takes a register.
///
/// Source: the kernel's `arch/arm64/include/uapi/asm/sigcontext.h` and `struct rt_sigframe`.
final class SignalFrame {
  static final int BYTES = 4688;

  private static final int STACK = 144;
  private static final int MASK = 168;
  private static final int GENERAL_REGISTERS = 312;
  private static final int EXTENSIONS = 592;
  private static final int FPSIMD_MAGIC = 0x46508001;
  private static final int FPSIMD_BYTES = 528;

  private SignalFrame() {}

  static byte[] of(A64Registers registers, SignalState signals) {
    ByteBuffer frame = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    frame.position(STACK);
    frame.putLong(signals.stackAddress()).putLong(signals.stackFlags());
    frame.putLong(signals.stackBytes());
    frame.position(MASK).putLong(signals.mask());
    frame.position(GENERAL_REGISTERS);
    for (long x : registers.x()) {
      frame.putLong(x);
    }
    frame.putLong(registers.sp()).putLong(registers.pc()).putLong(registers.pstate());
    frame.position(EXTENSIONS);
    frame.putInt(FPSIMD_MAGIC).putInt(FPSIMD_BYTES);
    frame.putInt(registers.fpsr()).putInt(registers.fpcr());
    for (long half : registers.v()) {
      frame.putLong(half);
    }
    return frame.array();
  }
}
