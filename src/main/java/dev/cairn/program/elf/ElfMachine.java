package dev.cairn.program.elf;

/// The processor architectures that an ELF header names, as far as one meets them.
///
/// Source: System V ABI, "e_machine", and its registry.
enum ElfMachine {
  SPARC(2, "SPARC"),
  I386(3, "x86 (32 bits)"),
  M68K(4, "Motorola 68000"),
  MIPS(8, "MIPS"),
  PARISC(15, "PA-RISC"),
  POWERPC(20, "PowerPC"),
  POWERPC64(21, "64-bit PowerPC"),
  S390(22, "IBM Z"),
  ARM(40, "32-bit Arm"),
  SUPERH(42, "SuperH"),
  SPARC64(43, "64-bit SPARC"),
  IA64(50, "Itanium"),
  X86_64(62, "x86-64"),
  AARCH64(183, "AArch64"),
  CUDA(190, "NVIDIA CUDA"),
  AMDGPU(224, "AMD GPU"),
  RISCV(243, "RISC-V"),
  BPF(247, "BPF"),
  LOONGARCH(258, "LoongArch");

  private final int number;
  private final String title;

  ElfMachine(int number, String title) {
    this.number = number;
    this.title = title;
  }

  int number() {
    return number;
  }

  /// {@return what to call the architecture of this number in a message}
  static String title(int number) {
    for (ElfMachine machine : values()) {
      if (machine.number == number) {
        return machine.title;
      }
    }
    return "machine " + number;
  }
}
