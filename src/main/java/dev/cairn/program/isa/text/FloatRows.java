package dev.cairn.program.isa.text;

/// Scalar floating point and its conversions from and to general-purpose registers.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class FloatRows {
  static final String TABLE =
      """
      x0011110_tt00001o_iiiiiinn_nnnddddd <o?scvtf|ucvtf> <Fd>, <Rn>, <fraction>
      x0011110_tt01100o_iiiiiinn_nnnddddd <o?fcvtzs|fcvtzu> <Rd>, <Fn>, <fraction>
      x0011110_tt1oo00u_000000nn_nnnddddd <o?fcvtn|fcvtp|fcvtm|fcvtz><u?s|u> <Rd>, <Fn>
      x0011110_tt10001o_000000nn_nnnddddd <o?scvtf|ucvtf> <Fd>, <Rn>
      x0011110_tt10010o_000000nn_nnnddddd <o?fcvtas|fcvtau> <Rd>, <Fn>
      00011110_00100110_000000nn_nnnddddd fmov <Wd>, <Sn>
      00011110_00100111_000000nn_nnnddddd fmov <Sd>, <Wn>
      10011110_01100110_000000nn_nnnddddd fmov <Xd>, <Dn>
      10011110_01100111_000000nn_nnnddddd fmov <Dd>, <Xn>
      10011110_10101110_000000nn_nnnddddd fmov <Xd>, <Vn>.d[1]
      10011110_10101111_000000nn_nnnddddd fmov <Vd>.d[1], <Xn>
      x0011110_11100110_000000nn_nnnddddd fmov <Rd>, <Hn>
      x0011110_11100111_000000nn_nnnddddd fmov <Hd>, <Rn>
      00011110_01111110_000000nn_nnnddddd fjcvtzs <Wd>, <Dn>
      00011110_tt10000o_o10000nn_nnnddddd <o?fmov|fabs|fneg|fsqrt> <Fd>, <Fn>
      00011110_tt100010_010000nn_nnnddddd fcvt <Sd>, <Fn> ; t!=0
      00011110_tt100010_110000nn_nnnddddd fcvt <Dd>, <Fn> ; t!=1
      00011110_01100011_010000nn_nnnddddd bfcvt <Hd>, <Sn>
      00011110_tt100011_110000nn_nnnddddd fcvt <Hd>, <Fn> ; t!=3
      00011110_tt1001oo_o10000nn_nnnddddd <o?frintn|frintp|frintm|frintz|frinta|-|frintx|frinti> <Fd>, <Fn>
      00011110_0y10100o_o10000nn_nnnddddd <o?frint32z|frint32x|frint64z|frint64x> <Yd>, <Yn>
      00011110_tt1mmmmm_001000nn_nnno0000 <o?fcmp|fcmpe> <Fn>, <Fm>
      00011110_tt1mmmmm_001000nn_nnno1000 <o?fcmp|fcmpe> <Fn>, #0.0
      00011110_tt1iiiii_iii10000_000ddddd fmov <Fd>, <float>
      00011110_tt1mmmmm_cccc01nn_nnnoiiii <o?fccmp|fccmpe> <Fn>, <Fm>, <#i>, <cond>
      00011110_tt1mmmmm_cccc11nn_nnnddddd fcsel <Fd>, <Fn>, <Fm>, <cond>
      00011110_tt1mmmmm_oooo10nn_nnnddddd <o?fmul|fdiv|fadd|fsub|fmax|fmin|fmaxnm|fminnm|fnmul> <Fd>, <Fn>, <Fm>
      00011111_tt1mmmmm_oaaaaann_nnnddddd <o?fnmadd|fnmsub> <Fd>, <Fn>, <Fm>, <Fa>
      00011111_tt0mmmmm_oaaaaann_nnnddddd <o?fmadd|fmsub> <Fd>, <Fn>, <Fm>, <Fa>
      """;

  private FloatRows() {}
}
