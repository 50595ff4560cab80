package dev.cairn.program.isa.text;

/// Exclusive and ordered accesses, atomics, accesses of 64 bytes, memory copy and set.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94.
final class AtomicRows {
  static final String TABLE =
      """
      zz001000_000mmmmm_oaaaaann_nnnddddd st<o?|l>xr<z?b|h||> <Wm>, <Zd>, [<Xn|sp>]
      zz001000_010mmmmm_oaaaaann_nnnddddd ld<o?|a>xr<z?b|h||> <Zd>, [<Xn|sp>]
      1x001000_001mmmmm_oaaaaann_nnnddddd st<o?|l>xp <Wm>, <Rd>, <Ra>, [<Xn|sp>]
      1x001000_011mmmmm_oaaaaann_nnnddddd ld<o?|a>xp <Rd>, <Ra>, [<Xn|sp>]
      zz001000_10011111_o11111nn_nnnddddd <o?stllr|stlr><z?b|h||> <Zd>, [<Xn|sp>]
      zz001000_11011111_o11111nn_nnnddddd <o?ldlar|ldar><z?b|h||> <Zd>, [<Xn|sp>]
      0x001000_0p1mmmmm_o11111nn_nnnddddd casp<p?|a><o?|l> <Rm>, <R+m>, <Rd>, <R+d>, [<Xn|sp>] ; d%2 m%2
      zz001000_1p1mmmmm_o11111nn_nnnddddd cas<p?|a><o?|l><z?b|h||> <Zm>, <Zd>, [<Xn|sp>]
      zz111000_0p1mmmmm_0ooo00nn_nnn11111 st<o?add|clr|eor|set|smax|smin|umax|umin><p?|l><z?b|h||> <Zm>, [<Xn|sp>]
      zz111000_pp1mmmmm_0ooo00nn_nnnddddd ld<o?add|clr|eor|set|smax|smin|umax|umin><p?|l|a|al><z?b|h||> <Zm>, <Zd>, [<Xn|sp>]
      zz111000_pp1mmmmm_100000nn_nnnddddd swp<p?|l|a|al><z?b|h||> <Zm>, <Zd>, [<Xn|sp>]
      zz111000_10111111_110000nn_nnnddddd ldapr<z?b|h||> <Zd>, [<Xn|sp>]
      11111000_00111111_110100nn_nnnddddd ld64b <Xd>, [<Xn|sp>] ; d%2 d<24
      11111000_00111111_100100nn_nnnddddd st64b <Xd>, [<Xn|sp>] ; d%2 d<24
      11111000_001mmmmm_101o00nn_nnnddddd <o?st64bv0|st64bv> <Xm>, <Xd>, [<Xn|sp>] ; d%2 d<24
      zz011001_000iiiii_iiii00nn_nnnddddd stlur<z?b|h||> <Zd>, [<Xn|sp><,#-i>]
      zz011001_010iiiii_iiii00nn_nnnddddd ldapur<z?b|h||> <Zd>, [<Xn|sp><,#-i>]
      zz011001_100iiiii_iiii00nn_nnnddddd ldapurs<z?b|h|w> <Xd>, [<Xn|sp><,#-i>]
      0z011001_110iiiii_iiii00nn_nnnddddd ldapurs<z?b|h> <Wd>, [<Xn|sp><,#-i>]
      00011o01_kk0mmmmm_iiii01nn_nnnddddd cpy<o?f|><k?p|m|e><i?|wt|rt|t|wn|wtwn|rtwn|twn|rn|wtrn|rtrn|trn|n|wtn|rtn|tn> [<Xd>]!, [<Xm>]!, <Xn>!
      00011o01_110mmmmm_kkii01nn_nnnddddd set<o?|g><k?p|m|e><i?|t|n|tn> [<Xd>]!, <Xn>!, <Xm>
      """;

  private AtomicRows() {}
}
