package dev.cairn.program.isa.text;

/// Branches, exceptions, hints, barriers and system registers.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.93.
final class BranchRows {
  static final String TABLE =
      """
      000101ii_iiiiiiii_iiiiiiii_iiiiiiii b <label>
      100101ii_iiiiiiii_iiiiiiii_iiiiiiii bl <label>
      01010100_iiiiiiii_iiiiiiii_iiiocccc b<o?|c>.<cond> <label>
      x011010o_iiiiiiii_iiiiiiii_iiiddddd <o?cbz|cbnz> <Rd>, <label>
      0011011o_jjjjjiii_iiiiiiii_iiiddddd <o?tbz|tbnz> <Wd>, <#j>, <label>
      1011011o_jjjjjiii_iiiiiiii_iiiddddd <o?tbz|tbnz> <Xd>, <#j+32>, <label>
      11010110_00011111_000000nn_nnn00000 br <Xn>
      11010110_00111111_000000nn_nnn00000 blr <Xn>
      11010110_01011111_00000011_11000000 ret
      11010110_01011111_000000nn_nnn00000 ret <Xn>
      11010110_10011111_00000011_11100000 eret
      11010110_10111111_00000011_11100000 drps
      11010110_00011111_00001onn_nnn11111 <o?braaz|brabz> <Xn>
      11010110_00111111_00001onn_nnn11111 <o?blraaz|blrabz> <Xn>
      11010110_01011111_00001o11_11111111 <o?retaa|retab>
      11010110_10011111_00001o11_11111111 <o?eretaa|eretab>
      11010111_00011111_00001onn_nnnddddd <o?braa|brab> <Xn>, <Xd|sp>
      11010111_00111111_00001onn_nnnddddd <o?blraa|blrab> <Xn>, <Xd|sp>
      00000000_00000000_iiiiiiii_iiiiiiii udf <#i>
      11010100_000iiiii_iiiiiiii_iii000oo <o?-|svc|hvc|smc> <#i>
      11010100_001iiiii_iiiiiiii_iii00000 brk <#i>
      11010100_010iiiii_iiiiiiii_iii00000 hlt <#i>
      11010100_10100000_00000000_000000oo <o?-|dcps1|dcps2|dcps3>
      11010100_101iiiii_iiiiiiii_iii000oo <o?-|dcps1|dcps2|dcps3> <#i>
      11010101_00000011_00010000_00oddddd <o?wfet|wfit> <Xd>
      11010101_00000011_00100000_ooo11111 <o?nop|yield|wfe|wfi|sev|sevl|dgh|xpaclri>
      11010101_00000011_00100001_oo011111 <o?pacia1716|pacib1716|autia1716|autib1716>
      11010101_00000011_00100010_00011111 esb
      11010101_00000011_00100010_00111111 psb csync
      11010101_00000011_00100010_01011111 tsb csync
      11010101_00000011_00100010_10011111 csdb
      11010101_00000011_00100010_11011111 clrbhb
      11010101_00000011_00100011_ooo11111 <o?paciaz|paciasp|pacibz|pacibsp|autiaz|autiasp|autibz|autibsp>
      11010101_00000011_00100100_oo011111 bti<o?| c| j| jc>
      11010101_00000011_0010iiii_iii11111 hint <#i>
      11010101_00000011_00111111_01011111 clrex
      11010101_00000011_0011iiii_01011111 clrex <#i>
      11010101_00000011_0011oo10_00111111 dsb <o?osh|nsh|ish|sy>nxs
      11010101_00000011_00110000_10011111 ssbb
      11010101_00000011_00110100_10011111 pssbb
      11010101_00000011_00111100_10011111 dfb
      11010101_00000011_0011iiii_10011111 dsb <sys-barrier>
      11010101_00000011_0011iiii_10111111 dmb <sys-barrier>
      11010101_00000011_00111111_11011111 isb
      11010101_00000011_0011iiii_11011111 isb <#i>
      11010101_00000011_00110000_11111111 sb
      11010101_00000000_01000000_00011111 cfinv
      11010101_00000000_01000000_00111111 xaflag
      11010101_00000000_01000000_01011111 axflag
      11010101_00000000_0100iiii_01111111 msr uao, <#i>
      11010101_00000000_0100iiii_10o11111 msr <o?pan|spsel>, <#i>
      11010101_00000001_0100000i_00011111 msr allint, <#i>
      11010101_00000011_0100001o_01111111 <o?smstop|smstart> sm
      11010101_00000011_0100010o_01111111 <o?smstop|smstart> za
      11010101_00000011_0100011o_01111111 <o?smstop|smstart>
      11010101_00000011_0100iiii_00111111 msr ssbs, <#i>
      11010101_00000011_0100iiii_01011111 msr dit, <#i>
      11010101_00000011_0100iiii_10011111 msr tco, <#i>
      11010101_00000011_0100iiii_11o11111 msr <o?daifset|daifclr>, <#i>
      11010101_00001001_01110010_10o11111 brb <o?iall|inj>
      11010101_00001iii_iiiiiiii_iiiddddd <sys-maintenance>
      11010101_00001ooo_nnnnmmmm_iii11111 sys <#o>, c<@n>, c<@m>, <#i>
      11010101_00001ooo_nnnnmmmm_iiiddddd sys <#o>, c<@n>, c<@m>, <#i>, <Xd>
      11010101_00101ooo_nnnnmmmm_iiiddddd sysl <Xd>, <#o>, c<@n>, c<@m>, <#i>
      11010101_0011iiii_iiiiiiii_iiiddddd mrs <Xd>, <sys-read>
      11010101_0001iiii_iiiiiiii_iiiddddd msr <sys-written>, <Xd>
      """;

  private BranchRows() {}
}
