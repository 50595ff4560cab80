package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a process needs of the machine that it goes on with: the features that it was told of, as
/// it may have chosen its code by them, pages of the size that it knows, and what its code takes
/// for granted without asking.
///
/// Source: Linux, `Documentation/arch/arm64/elf_hwcaps.rst`; Arm ARM, `DCZID_EL0`.
final class MachineNeeds {
  /// Something that must be as it was.
  ///
  /// @param kind of the auxiliary vector, or [#DCZID]
  /// @param mask which of its bits
  /// @param wanted what they must be
  /// @param otherwise what to say if they are not
  record Need(long kind, long mask, long wanted, String otherwise) {}

  /// Stands for the register `DCZID_EL0`, which says how many bytes `DC ZVA` sets to zero.
  static final long DCZID = -1;

  private static final int AT_PAGESZ = 6;
  private static final int AT_HWCAP = 16;
  private static final int AT_HWCAP2 = 26;

  /// By bit, as the kernel calls them.
  static final List<String> HWCAP =
      List.of(
          ("FP ASIMD EVTSTRM AES PMULL SHA1 SHA2 CRC32 ATOMICS FPHP ASIMDHP CPUID ASIMDRDM JSCVT"
                  + " FCMA LRCPC DCPOP SHA3 SM3 SM4 ASIMDDP SHA512 SVE ASIMDFHM DIT USCAT ILRCPC"
                  + " FLAGM SSBS SB PACA PACG")
              .split(" "));

  static final List<String> HWCAP2 =
      List.of(
          ("DCPODP SVE2 SVEAES SVEPMULL SVEBITPERM SVESHA3 SVESM4 FLAGM2 FRINT SVEI8MM SVEF32MM"
                  + " SVEF64MM SVEBF16 I8MM BF16 DGH RNG BTI MTE ECV AFP RPRES MTE3 SME SME_I16I64"
                  + " SME_F64F64 SME_I8I32 SME_F16F32 SME_B16F32 SME_F32F32 SME_FA64 WFXT EBF16"
                  + " SVE_EBF16")
              .split(" "));

  /// Events for who waits, which change nothing but when it goes on.
  private static final long EVENT_STREAM = 1 << 2;

  private static final long SIGNED_ADDRESSES = 1 << 30;

  /// `AUTIASP`, `AUTIBSP`, `AUTIAZ` and `AUTIBZ`, which do nothing where addresses are not signed;
  /// without bits 5 to 7, which tell them apart.
  private static final int AUTHENTICATE = 0xd503231f;

  private static final int AUTHENTICATE_MASK = 0xffffff1f;

  private static final int DC_ZVA = 0xd50b7420;
  private static final int MRS_DCZID = 0xd53b00e0;
  private static final int NOT_REGISTER = 0xffffffe0;

  /// So many bytes before a `DC ZVA` the code may ask how much it sets.
  private static final long ASKS_WITHIN = 1024;

  private static final long NOWHERE = -2 * ASKS_WITHIN;

  /// `BS` and `DZP`.
  private static final int ZEROED_MASK = 0x1f;

  private final ProcessState process;
  private boolean authenticates;

  /// Whether code relies on what `DC ZVA` sets to zero: it stands between asking and doing it, or
  /// there is code that does it and does not ask, as the C library's `memset` that was chosen when
  /// the program began, by what that CPU sets.
  private boolean zeroes;

  private @Nullable Mapping mapping;
  private long asked = NOWHERE;

  MachineNeeds(ProcessState process) {
    this.process = process;
  }

  /// Looks at a page of code, ascending.
  void code(Mapping of, long address, byte[] page) {
    if (!of.equals(mapping)) {
      mapping = of;
      asked = NOWHERE;
    }
    ByteBuffer words = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    long pc = process.registers().pc();
    for (int at = 0; at < page.length; at += 4) {
      int word = words.getInt(at);
      authenticates |= (word & AUTHENTICATE_MASK) == AUTHENTICATE;
      if ((word & NOT_REGISTER) == MRS_DCZID) {
        asked = address + at;
      } else if ((word & NOT_REGISTER) == DC_ZVA) {
        boolean knows = address + at - asked <= ASKS_WITHIN;
        zeroes |= !knows;
        zeroes |= pc > (knows ? asked : address + at - ASKS_WITHIN) && pc <= address + at;
      }
    }
  }

  /// {@return all that is needed}
  List<Need> all() {
    List<Need> all = new ArrayList<>();
    ProcessStart start = process.start();
    long told = start.auxiliary(AT_PAGESZ);
    long bytes = told == 0 ? Mapping.PAGE_BYTES : told;
    all.add(new Need(AT_PAGESZ, -1, bytes, "pages do not have " + bytes + " bytes here"));
    features(all, AT_HWCAP, start.auxiliary(AT_HWCAP) & ~EVENT_STREAM, "HWCAP_", HWCAP);
    features(all, AT_HWCAP2, start.auxiliary(AT_HWCAP2), "HWCAP2_", HWCAP2);
    if (authenticates && (start.auxiliary(AT_HWCAP) & SIGNED_ADDRESSES) == 0) {
      all.add(
          new Need(
              AT_HWCAP,
              SIGNED_ADDRESSES,
              0,
              "this CPU authenticates addresses, which the program's (%s) has not signed"
                  .formatted(process.cpu())));
    }
    if (zeroes) {
      int size = zeroedBytes(process.cpu());
      all.add(
          new Need(
              DCZID,
              ZEROED_MASK,
              Integer.numberOfTrailingZeros(size / 4),
              "DC ZVA does not set %d bytes to zero on this CPU, as on the program's (%s)"
                  .formatted(size, process.cpu())));
    }
    return all;
  }

  private void features(List<Need> all, int kind, long told, String prefix, List<String> names) {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      long mask = 1L << bit;
      if ((told & mask) != 0) {
        String name = prefix + (bit < names.size() ? names.get(bit) : "bit " + bit);
        all.add(
            new Need(
                kind,
                mask,
                mask,
                "this CPU has no %s, which the program's (%s) had".formatted(name, process.cpu())));
      }
    }
  }

  /// {@return what `DC ZVA` sets to zero on one of QEMU's models}
  private static int zeroedBytes(String cpu) {
    String model = cpu.replaceFirst(",.*", "");
    return model.equals("max") ? 512 : model.equals("a64fx") ? 256 : 64;
  }
}
