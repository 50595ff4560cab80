package dev.cairn.program.isa;

import static java.util.regex.Pattern.compile;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The naive twin of the decoder: what an instruction does, told from its text in assembly by rules
/// on the mnemonic.
final class AssemblyRules {
  private static final Pattern CONDITIONAL = compile("bc?\\.(?!al|nv).*|[ct]bn?z");
  private static final Pattern BRANCH =
      compile("bc?\\..*|[ct]bn?z|bl?r?|bl?ra[ab]z?|ret(a[ab])?|eret(a[ab])?|drps");
  private static final Pattern TRAP = compile("brk|hlt|udf|dcps[123]");
  private static final Pattern KERNEL = compile("svc|hvc|smc");
  private static final Pattern COPY = compile("(cpyf?|setg?)[pme].*");
  private static final Pattern SWAP = compile("(cas|casp|swp)a?l?[bh]?");
  private static final Pattern READ_MODIFY_WRITE =
      compile("(ld|st)(add|clr|eor|set|[su]max|[su]min)a?l?[bh]?");
  private static final Pattern STORE = compile("st(?!64bv).*|cpy.*|setg?[pme].*|st64bv0?");
  private static final Pattern LOAD = compile("ld.*");
  private static final Pattern VECTOR_STRUCTURE = compile("(ld|st)[1234]r?");

  private static final Pattern NO_DESTINATION =
      compile(
          "cmp|cmn|tst|ccm[pn]|f?cmpe?|fccmpe?|prfu?m|msr|sys|dc|ic|at|tlbi|cfp|dvp|cpp|setf(8|16)"
              + "|rmif|wf[ei]t|svc|hvc|smc|nop|hint|cmpp");
  private static final Pattern FLAGS_READ =
      compile(
          "adcs?|sbcs?|ngcs?|cs(el|et|etm|inc|inv|neg)|c(inc|inv|neg)|f?ccm[pn]e?|fcsel|cfinv|axflag"
              + "|xaflag|rmif|setf(8|16)|bc?\\.(?!al|nv).*|(cpyf?|setg?)[me].*");
  private static final Pattern FLAGS_WRITTEN =
      compile(
          "adds|subs|ands|bics|adcs|sbcs|negs|ngcs|cmpp?|cmn|tst|ccm[pn]|fcmpe?|fccmpe?|cfinv|axflag"
              + "|xaflag|rmif|setf(8|16)|fjcvtzs|subps|(cpyf?|setg?)p.*");
  private static final Pattern KEEPS_GENERAL =
      compile("movk|bfm|bfi|bfxil|bfc|(pac|aut)(i|d)z?[ab]|xpac[id]|ldg");
  private static final Pattern KEEPS_VECTOR =
      compile(
          "ins|bsl|bit|bif|tbx|sl?[ir]i|sli|sri|[su]r?sra|[su]aba(l2?)?|[su]adalp|suqadd|usqadd"
              + "|f?ml[as]|fml[as]l2?|[su]ml[as]l2?|sqdml[as]l2?|sqrdml[as]h|(su|us|[su])dot"
              + "|(us|[su])mmla|bfmmla|bfdot|bfmlal[bt]|fcmla|aes[ed]|sha1(c|p|m|su0|su1)"
              + "|sha256(h2?|su0|su1)|sha512(h2?|su0|su1)|sm3partw[12]|sm3tt[12][ab]|sm4e"
              + "|(?!trn2)\\w+n2");

  private static final Pattern FLOAT_DIVIDE = compile("fdiv|fsqrt");
  private static final Pattern FLOAT_MULTIPLY =
      compile(
          "fn?mul|fmulx|fn?m(add|sub)|fml[as](l2?)?|frecps|frsqrts|fcmla|bfdot|bfmmla|bfmlal[bt]");
  private static final Pattern CRYPTO =
      compile("aes.*|sha[125].*|sm[34].*|pmull?2?|crc32.*|eor3|bcax|rax1|xar");
  private static final Pattern VECTOR_MULTIPLY =
      compile("ml[as]|[su]ml[as]l2?|sqdm.*|sqrdm.*|(su|us|[su])dot|(us|[su])mmla|mul|[su]mull2?");
  private static final Pattern MULTIPLY =
      compile("m(add|sub|ul|neg)|[su]m(add|sub|neg|ul)l|[su]mulh");
  private static final Pattern AUTHENTICATION =
      compile("(pac|aut)i[ab](sp|z|1716)|(pac|aut)[id]z?[ab]|xpac(i|d|lri)|pacga");
  private static final Pattern SHIFT_BY_REGISTER = compile("(ls[lr]|asr|ror)v?");
  private static final Pattern BARRIER =
      compile("dmb|dsb|isb|sb|clrex|csdb|esb|psb|tsb|ssbb|pssbb|clrbhb|dfb");
  private static final Pattern SYSTEM =
      compile(
          "mrs|msr|sysl?|brb|dc|ic|at|tlbi|cfp|dvp|cpp|wf[ei]t?|sevl?|yield|svc|hvc|smc|brk|hlt|udf"
              + "|dcps[123]|smstart|smstop");

  /// Modifiers that change nothing.
  private static final String SAME_X = "(ls[lr]|asr|ror) #0|[us]xtx";

  private static final String SAME_WORD = SAME_X + "|[us]xtw";

  private AssemblyRules() {}

  static InstructionClass kind(AssemblyText text) {
    String m = text.mnemonic();
    boolean vector = text.isVector(0) || text.isVector(1);
    if (BRANCH.matcher(m).matches()) {
      return InstructionClass.BRANCH;
    } else if (m.equals("dc") && text.operands().getFirst().matches("zva|gzva")) {
      return InstructionClass.STORE;
    } else if (SYSTEM.matcher(m).matches()) {
      return InstructionClass.SYSTEM;
    } else if (BARRIER.matcher(m).matches() || isNamelessBarrier(text)) {
      return InstructionClass.BARRIER;
    } else if (m.equals("nop") || m.equals("bti") || m.equals("hint") || m.equals("dgh")) {
      return InstructionClass.NOP;
    } else if (m.startsWith("prfu") || m.equals("prfm")) {
      return InstructionClass.PREFETCH;
    } else if (SWAP.matcher(m).matches() || READ_MODIFY_WRITE.matcher(m).matches()) {
      return InstructionClass.ATOMIC;
    } else if (STORE.matcher(m).matches()) {
      return InstructionClass.STORE;
    } else if (LOAD.matcher(m).matches()) {
      return InstructionClass.LOAD;
    } else if (AUTHENTICATION.matcher(m).matches()) {
      return InstructionClass.POINTER_AUTHENTICATION;
    } else if (CRYPTO.matcher(m).matches()) {
      return InstructionClass.CRYPTO;
    } else if (FLOAT_DIVIDE.matcher(m).matches()) {
      return InstructionClass.FLOAT_DIVIDE;
    } else if (FLOAT_MULTIPLY.matcher(m).matches()) {
      return InstructionClass.FLOAT_MULTIPLY;
    }
    return vector ? vectorKind(text) : integerKind(text);
  }

  /// `clrbhb`, which Capstone 5.0 does not name.
  private static boolean isNamelessBarrier(AssemblyText text) {
    return text.mnemonic().equals("hint") && text.operands().getFirst().equals("#0x16");
  }

  private static InstructionClass vectorKind(AssemblyText text) {
    String m = text.mnemonic();
    boolean betweenFiles = text.isVector(0) != text.isVector(1) && text.operands().size() == 2;
    boolean immediate = text.operands().size() > 1 && text.operands().get(1).startsWith("#");
    if (m.equals("fmov") && betweenFiles && !immediate) {
      return InstructionClass.VECTOR;
    } else if (m.startsWith("f") || m.matches("[su]cvtf|bfcvt.*")) {
      return InstructionClass.FLOAT;
    } else if (VECTOR_MULTIPLY.matcher(m).matches()) {
      return InstructionClass.VECTOR_MULTIPLY;
    }
    return InstructionClass.VECTOR;
  }

  private static InstructionClass integerKind(AssemblyText text) {
    String m = text.mnemonic();
    List<String> operands = text.operands();
    if (MULTIPLY.matcher(m).matches()) {
      return InstructionClass.MULTIPLY;
    } else if (m.matches("[su]div")) {
      return InstructionClass.DIVIDE;
    } else if (m.startsWith("f")) {
      return InstructionClass.FLOAT;
    } else if (SHIFT_BY_REGISTER.matcher(m).matches() && !operands.getLast().startsWith("#")) {
      return InstructionClass.SHIFT;
    }
    boolean secondIsRegister = operands.size() > 2 || m.matches("cm[pn]|tst|neg|negs|mvn|mov");
    boolean modified =
        operands.size() > 1
            && operands.getLast().matches("(ls[lr]|asr|ror|[su]xt[bhwx])( #.*)?")
            && !operands.getLast().matches(operands.getFirst().startsWith("w") ? SAME_WORD : SAME_X)
            && !operands.get(operands.size() - 2).startsWith("#");
    return modified && secondIsRegister ? InstructionClass.SHIFT : InstructionClass.INTEGER;
  }

  static BranchKind branch(AssemblyText text) {
    String m = text.mnemonic();
    if (CONDITIONAL.matcher(m).matches()) {
      return BranchKind.CONDITIONAL;
    } else if (m.startsWith("ret") && BRANCH.matcher(m).matches()) {
      return BranchKind.RETURN;
    } else if (TRAP.matcher(m).matches()) {
      return BranchKind.TRAP;
    } else if (KERNEL.matcher(m).matches()) {
      return BranchKind.SYSTEM_CALL;
    } else if (m.equals("bl")) {
      return BranchKind.CALL;
    } else if (m.startsWith("blr")) {
      return BranchKind.INDIRECT_CALL;
    } else if (m.equals("b") || m.matches("bc?\\.(al|nv)")) {
      return BranchKind.JUMP;
    } else if (m.matches("br|bra[ab]z?|eret.*|drps")) {
      return BranchKind.INDIRECT_JUMP;
    }
    return BranchKind.NONE;
  }

  static Set<Integer> sources(AssemblyText text) {
    String m = text.mnemonic();
    Set<Integer> result = new TreeSet<>();
    for (int i = 0; i < text.operands().size(); i++) {
      if (!isDestination(text, i) || keeps(text, i)) {
        result.addAll(text.registers(i));
      }
    }
    addSingleCopyRegisters(text, compile("st64b"), 0, result);
    addSingleCopyRegisters(text, compile("st64bv0?"), 1, result);
    if (FLAGS_READ.matcher(m).matches()) {
      result.add(AArch64.NZCV);
    }
    if ((m.equals("ret") && text.operands().isEmpty()) || m.matches("reta[ab]|xpaclri")) {
      result.add(30);
    }
    if (m.matches("(pac|aut)i[ab](sp|z)")) {
      result.add(30);
    }
    if (m.matches("e?reta[ab]|(pac|aut)i[ab]sp")) {
      result.add(AArch64.SP);
    }
    if (m.matches("(pac|aut)i[ab]1716")) {
      result.add(16);
      result.add(17);
    }
    return result;
  }

  /// The text of an access of 64 bytes names the first of its eight registers.
  private static void addSingleCopyRegisters(
      AssemblyText text, Pattern mnemonic, int operand, Set<Integer> registers) {
    if (mnemonic.matcher(text.mnemonic()).matches()) {
      int first = text.registers(operand).getFirst();
      for (int i = 1; i < 8; i++) {
        registers.add(first + i);
      }
    }
  }

  static Set<Integer> destinations(AssemblyText text) {
    String m = text.mnemonic();
    Set<Integer> result = new TreeSet<>();
    for (int i = 0; i < text.operands().size(); i++) {
      if (isDestination(text, i)) {
        result.addAll(text.registers(i));
      }
    }
    addSingleCopyRegisters(text, compile("ld64b"), 0, result);
    int memory = text.memoryOperand();
    if (memory >= 0 && updatesBase(text, memory)) {
      result.add(text.registers(memory).getFirst());
    }
    if (FLAGS_WRITTEN.matcher(m).matches()) {
      result.add(AArch64.NZCV);
    }
    if (m.matches("bl|blr|blra[ab]z?") || m.matches("(pac|aut)i[ab](sp|z)|xpaclri")) {
      result.add(30);
    }
    if (m.matches("(pac|aut)i[ab]1716")) {
      result.add(17);
    }
    return result;
  }

  static Set<Integer> addressSources(AssemblyText text) {
    Set<Integer> result = new TreeSet<>();
    InstructionClass kind = kind(text);
    int memory = text.memoryOperand();
    if (text.mnemonic().equals("dc") && kind == InstructionClass.STORE) {
      result.addAll(text.registers(1));
    } else if (memory >= 0) {
      result.addAll(text.registers(memory));
      boolean copies = text.mnemonic().startsWith("cpy");
      if (copies) {
        result.addAll(text.registers(1));
      }
    }
    return result;
  }

  private static boolean updatesBase(AssemblyText text, int memory) {
    boolean preIndexed = text.operands().get(memory).endsWith("!");
    boolean postIndexed = memory + 1 < text.operands().size();
    return (preIndexed || postIndexed) && !COPY.matcher(text.mnemonic()).matches();
  }

  /// {@return whether operand `i` is written}
  private static boolean isDestination(AssemblyText text, int i) {
    String m = text.mnemonic();
    int memory = text.memoryOperand();
    if (COPY.matcher(m).matches()) {
      return i <= 1 || (m.startsWith("cpy") && i == 2);
    }
    if (m.equals("msr")) {
      return i == 0;
    }
    if (NO_DESTINATION.matcher(m).matches()
        || BRANCH.matcher(m).matches()
        || TRAP.matcher(m).matches()) {
      return false;
    }
    if (m.matches("casp.*")) {
      return i <= 1;
    } else if (m.matches("cas.*")) {
      return i == 0;
    } else if (SWAP.matcher(m).matches()
        || m.matches("ld" + READ_MODIFY_WRITE.pattern().substring(7))) {
      return i == 1;
    } else if (READ_MODIFY_WRITE.matcher(m).matches()) {
      return false;
    } else if (m.matches("stl?x[rp][bh]?|st64bv0?")) {
      return i == 0;
    } else if (STORE.matcher(m).matches()) {
      return false;
    } else if (VECTOR_STRUCTURE.matcher(m).matches()) {
      return i == 0;
    } else if (m.equals("ld64b")) {
      return i == 0;
    } else if (LOAD.matcher(m).matches()) {
      return memory < 0 ? i == 0 : i < memory;
    } else if (m.equals("sysl")) {
      return i == 0;
    }
    return i == 0;
  }

  /// {@return whether destination `i` is read, too}
  private static boolean keeps(AssemblyText text, int i) {
    String m = text.mnemonic();
    if (COPY.matcher(m).matches()) {
      return true;
    }
    if (m.matches("casp?a?l?[bh]?") || KEEPS_GENERAL.matcher(m).matches()) {
      return true;
    }
    String operand = text.operands().get(i);
    boolean lane = operand.contains("[") && !operand.startsWith("[");
    if (lane && m.matches("ld[1234]|mov|ins|fmov")) {
      return true;
    }
    if (!text.isVector(0)) {
      return false;
    }
    boolean immediate = text.operands().size() > 1 && text.operands().get(1).startsWith("#");
    if (m.matches("orr|bic") && immediate) {
      return true;
    }
    return KEEPS_VECTOR.matcher(m).matches();
  }
}
