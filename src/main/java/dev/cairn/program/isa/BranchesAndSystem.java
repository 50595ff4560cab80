package dev.cairn.program.isa;

import static dev.cairn.program.isa.Operation.x;
import static dev.cairn.program.isa.Operation.xOrSp;

/// Branches, exceptions, hints, barriers and system registers.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.93.
final class BranchesAndSystem {
  private static final int LINK = 30;
  private static final int ALWAYS = 0b1110;
  private static final int ZEROED_CACHE_LINE_BYTES = 64;

  private BranchesAndSystem() {}

  static void decode(long pc, Encoding e, Operation operation) {
    switch (e.bits(30, 29)) {
      case 0b00 -> {
        boolean call = e.bit(31);
        direct(call ? BranchKind.CALL : BranchKind.JUMP, pc, e.signedBits(25, 0), operation);
        if (call) {
          operation.writes(LINK);
        }
      }
      case 0b01 -> compareAndBranch(pc, e, operation);
      case 0b10 -> {
        switch (e.bits(31, 24)) {
          case 0b01010100 -> conditional(pc, e, operation);
          case 0b11010100 -> exception(e, operation);
          case 0b11010101 -> {
            if (e.bits(23, 22) == 0) {
              system(e, operation);
            }
          }
          case 0b11010110, 0b11010111 -> register(e, operation);
          default -> {}
        }
      }
      default -> {}
    }
  }

  private static void direct(BranchKind kind, long pc, int words, Operation operation) {
    long offset = (long) words * AArch64.INSTRUCTION_BYTES;
    operation.is(InstructionClass.BRANCH).branches(kind).to(pc + offset);
  }

  private static void compareAndBranch(long pc, Encoding e, Operation operation) {
    boolean testsBit = e.bit(25);
    int words = testsBit ? e.signedBits(18, 5) : e.signedBits(23, 5);
    direct(BranchKind.CONDITIONAL, pc, words, operation);
    operation.reads(x(e.d()));
  }

  private static void conditional(long pc, Encoding e, Operation operation) {
    if (e.bits(3, 0) >= ALWAYS) {
      direct(BranchKind.JUMP, pc, e.signedBits(23, 5), operation);
    } else {
      direct(BranchKind.CONDITIONAL, pc, e.signedBits(23, 5), operation);
      operation.reads(AArch64.NZCV);
    }
  }

  private static void exception(Encoding e, Operation operation) {
    if (e.bits(4, 2) != 0) {
      return;
    }
    int level = e.bits(1, 0);
    switch (e.bits(23, 21)) {
      case 0b000 -> { // svc, hvc, smc
        if (level != 0) {
          operation.is(InstructionClass.SYSTEM).branches(BranchKind.SYSTEM_CALL);
        }
      }
      case 0b001, 0b010 -> { // brk, hlt
        if (level == 0) {
          operation.is(InstructionClass.SYSTEM).branches(BranchKind.TRAP);
        }
      }
      case 0b101 -> { // dcps1, dcps2, dcps3
        if (level != 0) {
          operation.is(InstructionClass.SYSTEM).branches(BranchKind.TRAP);
        }
      }
      default -> {}
    }
  }

  private static void register(Encoding e, Operation operation) {
    int opc = e.bits(24, 21);
    boolean plain = e.bits(15, 10) == 0 && e.d() == 0;
    boolean authenticated = e.bits(15, 11) == 0b00001;
    boolean withoutModifier = authenticated && e.d() == 31;
    if (e.m() != 31) {
      return;
    }
    switch (opc) {
      case 0b0000, 0b0001 -> { // br, blr and their forms with a zero modifier
        if (plain || withoutModifier) {
          indirect(opc == 1, e, operation);
        }
      }
      case 0b0010 -> {
        if (plain) {
          returns(x(e.n()), operation);
        } else if (withoutModifier && e.n() == 31) { // retaa, retab
          returns(LINK, operation);
          operation.reads(AArch64.SP);
        }
      }
      case 0b0100, 0b0101 -> { // eret and its authenticated forms, drps
        boolean drps = opc == 0b0101;
        if (e.n() == 31 && (plain || (withoutModifier && !drps))) {
          operation.is(InstructionClass.BRANCH).branches(BranchKind.INDIRECT_JUMP);
          if (!plain) {
            operation.reads(AArch64.SP);
          }
        }
      }
      case 0b1000, 0b1001 -> { // braa, blraa
        if (authenticated) {
          indirect(opc == 0b1001, e, operation);
          operation.reads(xOrSp(e.d()));
        }
      }
      default -> {}
    }
  }

  private static void indirect(boolean call, Encoding e, Operation operation) {
    operation.is(InstructionClass.BRANCH).reads(x(e.n()));
    operation.branches(call ? BranchKind.INDIRECT_CALL : BranchKind.INDIRECT_JUMP);
    if (call) {
      operation.writes(LINK);
    }
  }

  private static void returns(int register, Operation operation) {
    operation.is(InstructionClass.BRANCH).branches(BranchKind.RETURN).reads(register);
  }

  private static void system(Encoding e, Operation operation) {
    switch (e.bits(20, 19)) {
      case 0b00 -> {
        if (!e.bit(21)) {
          hintBarrierOrState(e, operation);
        }
      }
      case 0b01 -> maintenance(e, operation);
      default -> systemRegister(e, operation);
    }
  }

  private static void hintBarrierOrState(Encoding e, Operation operation) {
    int op1 = e.bits(18, 16);
    int crm = e.bits(11, 8);
    int op2 = e.bits(7, 5);
    boolean noRegister = e.d() == 31;
    switch (e.bits(15, 12)) {
      case 0b0001 -> { // wfet, wfit
        if (op1 == 0b011 && crm == 0 && op2 <= 1) {
          operation.is(InstructionClass.SYSTEM).reads(x(e.d()));
        }
      }
      case 0b0010 -> {
        if (op1 == 0b011 && noRegister) {
          hint(crm << 3 | op2, operation);
        }
      }
      case 0b0011 -> {
        boolean allocated =
            switch (op2) {
              case 0b001 -> (crm & 0b11) == 0b10; // dsb nXS
              case 0b010, 0b100, 0b101, 0b110 -> true; // clrex, dsb, dmb, isb
              case 0b111 -> crm == 0; // sb
              default -> false;
            };
        if (op1 == 0b011 && noRegister && allocated) {
          operation.is(InstructionClass.BARRIER);
        }
      }
      case 0b0100 -> {
        if (noRegister) {
          processorState(op1, crm, op2, operation);
        }
      }
      default -> {}
    }
  }

  /// The hint space: what a core does not implement it must execute as no operation, and so is all
  /// that is not named here.
  private static void hint(int number, Operation operation) {
    switch (number) {
      case 1, 2, 3, 4, 5 -> operation.is(InstructionClass.SYSTEM); // yield, wfe, wfi, sev, sevl
      case 16, 17, 18, 20, 22 -> operation.is(InstructionClass.BARRIER); // esb, psb, tsb, csdb, …
      case 7 -> authenticates(operation).modifies(LINK); // xpaclri
      case 8, 10, 12, 14 -> authenticates(operation).modifies(17).reads(16); // pacia1716, …
      case 24, 26, 28, 30 -> authenticates(operation).modifies(LINK); // paciaz, …
      case 25, 27, 29, 31 ->
          authenticates(operation).modifies(LINK).reads(AArch64.SP); // paciasp, …
      default -> operation.is(InstructionClass.NOP);
    }
  }

  private static Operation authenticates(Operation operation) {
    return operation.is(InstructionClass.POINTER_AUTHENTICATION);
  }

  private static void processorState(int op1, int crm, int op2, Operation operation) {
    if (op1 == 0 && op2 <= 0b010) { // cfinv, xaflag, axflag
      if (crm == 0) {
        operation.is(InstructionClass.INTEGER).modifies(AArch64.NZCV);
      }
      return;
    }
    boolean allocated =
        switch (op1 << 3 | op2) {
          case 0b000_011, 0b000_100, 0b000_101 -> true; // UAO, PAN, SPSel
          case 0b001_000 -> crm <= 1; // ALLINT
          case 0b011_001, 0b011_010, 0b011_100 -> true; // SSBS, DIT, TCO
          case 0b011_011 -> crm >= 2 && crm <= 7; // SVCR
          case 0b011_110, 0b011_111 -> true; // DAIFSet, DAIFClr
          default -> false;
        };
    if (allocated) {
      operation.is(InstructionClass.SYSTEM);
    }
  }

  /// `sys` and `sysl`: cache and TLB maintenance and address translation.
  private static void maintenance(Encoding e, Operation operation) {
    operation.is(InstructionClass.SYSTEM);
    if (e.bit(21)) {
      operation.writes(x(e.d()));
      return;
    }
    int op2 = e.bits(7, 5);
    boolean zeroes = e.bits(18, 8) == 0b011_0111_0100 && (op2 == 0b001 || op2 == 0b100);
    if (zeroes) { // dc zva, dc gzva
      operation.is(InstructionClass.STORE).stores(ZEROED_CACHE_LINE_BYTES);
      operation.addressedBy(x(e.d()));
    } else {
      operation.reads(x(e.d()));
    }
  }

  private static void systemRegister(Encoding e, Operation operation) {
    operation.is(InstructionClass.SYSTEM);
    int named =
        switch (e.bits(20, 5)) {
          case 0b11_011_0100_0010_000 -> AArch64.NZCV;
          case 0b11_011_0100_0100_000 -> AArch64.FPCR;
          case 0b11_011_0100_0100_001 -> AArch64.FPSR;
          default -> Instruction.NO_REGISTER;
        };
    boolean reads = e.bit(21);
    if (reads) {
      operation.writes(x(e.d()));
    } else {
      operation.reads(x(e.d()));
    }
    if (named != Instruction.NO_REGISTER) {
      if (reads) {
        operation.reads(named);
      } else {
        operation.writes(named);
      }
    }
  }
}
