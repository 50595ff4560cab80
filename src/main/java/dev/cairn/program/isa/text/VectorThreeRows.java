package dev.cairn.program.isa.text;

/// Advanced SIMD on three registers, vector and scalar: of one width, of different widths, and the
/// extensions; the three-register forms of cryptography.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorThreeRows {
  /// The operations of single and double precision and of halves, by U, the highest size bit and
  /// three bits of the opcode.
  private static final String FLOATS =
      "<o?fmaxnm|fmla|fadd|fmulx|fcmeq|-|fmax|frecps|fminnm|fmls|fsub|-|-|-|fmin|frsqrts"
          + "|fmaxnmp|-|faddp|fmul|fcmge|facge|fmaxp|fdiv|fminnmp|-|fabd|-|fcmgt|facgt|fminp>";

  private static final String SCALAR_FLOATS =
      "<o?-|-|-|fmulx|fcmeq|-|-|frecps|-|-|-|-|-|-|-|frsqrts"
          + "|-|-|-|-|fcmge|facge|-|-|-|-|fabd|-|fcmgt|facgt>";

  static final String TABLE =
      """
      0qo01110_zz1mmmmm_000001nn_nnnddddd <o?shadd|uhadd> $T3 ; :bhs
      0qo01110_zz1mmmmm_000011nn_nnnddddd <o?sqadd|uqadd> $T3 ; :bhsd
      0qo01110_zz1mmmmm_000101nn_nnnddddd <o?srhadd|urhadd> $T3 ; :bhs
      0q001110_101mmmmm_000111nn_nnnddddd mov <Vd>.<8b>, <Vn>.<8b> ; n=m
      0qo01110_oo1mmmmm_000111nn_nnnddddd <o?and|bic|orr|orn|eor|bsl|bit|bif> $B3
      0qo01110_zz1mmmmm_001001nn_nnnddddd <o?shsub|uhsub> $T3 ; :bhs
      0qo01110_zz1mmmmm_001011nn_nnnddddd <o?sqsub|uqsub> $T3 ; :bhsd
      0qo01110_zz1mmmmm_001101nn_nnnddddd <o?cmgt|cmhi> $T3 ; :bhsd
      0qo01110_zz1mmmmm_001111nn_nnnddddd <o?cmge|cmhs> $T3 ; :bhsd
      0qo01110_zz1mmmmm_010oo1nn_nnnddddd <o?sshl|sqshl|srshl|sqrshl|ushl|uqshl|urshl|uqrshl> $T3 ; :bhsd
      0qo01110_zz1mmmmm_011oo1nn_nnnddddd <o?smax|smin|sabd|saba|umax|umin|uabd|uaba> $T3 ; :bhs
      0qo01110_zz1mmmmm_100001nn_nnnddddd <o?add|sub> $T3 ; :bhsd
      0qo01110_zz1mmmmm_100011nn_nnnddddd <o?cmtst|cmeq> $T3 ; :bhsd
      0qo01110_zz1mmmmm_100101nn_nnnddddd <o?mla|mls> $T3 ; :bhs
      0q001110_zz1mmmmm_100111nn_nnnddddd mul $T3 ; :bhs
      0q101110_zz1mmmmm_100111nn_nnnddddd pmul $T3 ; :b
      0qo01110_zz1mmmmm_1010o1nn_nnnddddd <o?smaxp|sminp|umaxp|uminp> $T3 ; :bhs
      0qo01110_zz1mmmmm_101101nn_nnnddddd <o?sqdmulh|sqrdmulh> $T3 ; :hs
      0q001110_zz1mmmmm_101111nn_nnnddddd addp $T3 ; :bhsd
      0qo01110_oy1mmmmm_11ooo1nn_nnnddddd FLOATS $Y3
      0qo01110_o10mmmmm_00ooo1nn_nnnddddd FLOATS $H3
      0q001110_o01mmmmm_111011nn_nnnddddd <o?fmlal|fmlsl> <Vd>.<2s>, <Vn>.<2h>, <Vm>.<2h>
      0q101110_o01mmmmm_110011nn_nnnddddd <o?fmlal2|fmlsl2> <Vd>.<2s>, <Vn>.<2h>, <Vm>.<2h>
      01o11110_zz1mmmmm_000011nn_nnnddddd <o?sqadd|uqadd> <Ed>, <En>, <Em>
      01o11110_zz1mmmmm_001011nn_nnnddddd <o?sqsub|uqsub> <Ed>, <En>, <Em>
      01o11110_111mmmmm_001101nn_nnnddddd <o?cmgt|cmhi> <Dd>, <Dn>, <Dm>
      01o11110_111mmmmm_001111nn_nnnddddd <o?cmge|cmhs> <Dd>, <Dn>, <Dm>
      01o11110_111mmmmm_0100o1nn_nnnddddd <o?sshl|-|ushl> <Dd>, <Dn>, <Dm>
      01o11110_111mmmmm_0101o1nn_nnnddddd <o?srshl|-|urshl> <Dd>, <Dn>, <Dm>
      01o11110_zz1mmmmm_010oo1nn_nnnddddd <o?-|sqshl|-|sqrshl|-|uqshl|-|uqrshl> <Ed>, <En>, <Em>
      01o11110_111mmmmm_100001nn_nnnddddd <o?add|sub> <Dd>, <Dn>, <Dm>
      01o11110_111mmmmm_100011nn_nnnddddd <o?cmtst|cmeq> <Dd>, <Dn>, <Dm>
      01o11110_zz1mmmmm_101101nn_nnnddddd <o?sqdmulh|sqrdmulh> <Ed>, <En>, <Em> ; :hs
      01o11110_oy1mmmmm_11ooo1nn_nnnddddd SCALARS <Yd>, <Yn>, <Ym>
      01o11110_o10mmmmm_00ooo1nn_nnnddddd SCALARS <Hd>, <Hn>, <Hm>
      0q101110_zz0mmmmm_1000o1nn_nnnddddd <o?sqrdmlah|sqrdmlsh> $T3 ; :hs
      01111110_zz0mmmmm_1000o1nn_nnnddddd <o?sqrdmlah|sqrdmlsh> <Ed>, <En>, <Em> ; :hs
      0qo01110_100mmmmm_100101nn_nnnddddd <o?sdot|udot> <Vd>.<2s>, <Vn>.<8b>, <Vm>.<8b>
      0q001110_100mmmmm_100111nn_nnnddddd usdot <Vd>.<2s>, <Vn>.<8b>, <Vm>.<8b>
      01o01110_100mmmmm_101001nn_nnnddddd <o?smmla|ummla> <Vd>.4s, <Vn>.16b, <Vm>.16b
      01001110_100mmmmm_101011nn_nnnddddd usmmla <Vd>.4s, <Vn>.16b, <Vm>.16b
      0q101110_zz0mmmmm_110ii1nn_nnnddddd fcmla $T3, <#i*90> ; :hsd
      0q101110_zz0mmmmm_111i01nn_nnnddddd fcadd $T3, <i?#90|#270> ; :hsd
      0q101110_010mmmmm_111111nn_nnnddddd bfdot <Vd>.<2s>, <Vn>.<4h>, <Vm>.<4h>
      01101110_010mmmmm_111011nn_nnnddddd bfmmla <Vd>.4s, <Vn>.8h, <Vm>.8h
      0o101110_110mmmmm_111111nn_nnnddddd <o?bfmlalb|bfmlalt> <Vd>.4s, <Vn>.8h, <Vm>.8h
      0qo01110_zz1mmmmm_000000nn_nnnddddd <o?saddl|uaddl><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_000100nn_nnnddddd <o?saddw|uaddw><2> <Vd>.<T+>, <Vn>.<T+>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_001000nn_nnnddddd <o?ssubl|usubl><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_001100nn_nnnddddd <o?ssubw|usubw><2> <Vd>.<T+>, <Vn>.<T+>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_010000nn_nnnddddd <o?addhn|raddhn><2> <Vd>.<T>, <Vn>.<T+>, <Vm>.<T+> ; :bhs
      0qo01110_zz1mmmmm_010100nn_nnnddddd <o?sabal|uabal><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_011000nn_nnnddddd <o?subhn|rsubhn><2> <Vd>.<T>, <Vn>.<T+>, <Vm>.<T+> ; :bhs
      0qo01110_zz1mmmmm_011100nn_nnnddddd <o?sabdl|uabdl><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0qo01110_zz1mmmmm_10o000nn_nnnddddd <o?smlal|smlsl|umlal|umlsl><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0q001110_zz1mmmmm_10o100nn_nnnddddd <o?sqdmlal|sqdmlsl><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :hs
      0qo01110_zz1mmmmm_110000nn_nnnddddd <o?smull|umull><2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :bhs
      0q001110_zz1mmmmm_110100nn_nnnddddd sqdmull<2> <Vd>.<T+>, <Vn>.<T>, <Vm>.<T> ; :hs
      0q001110_001mmmmm_111000nn_nnnddddd pmull<2> <Vd>.8h, <Vn>.<8b>, <Vm>.<8b>
      0q001110_111mmmmm_111000nn_nnnddddd pmull<2> <Vd>.1q, <Vn>.<1d>, <Vm>.<1d>
      01011110_zz1mmmmm_10o100nn_nnnddddd <o?sqdmlal|sqdmlsl> <E+d>, <En>, <Em> ; :hs
      01011110_zz1mmmmm_110100nn_nnnddddd sqdmull <E+d>, <En>, <Em> ; :hs
      01011110_000mmmmm_0ooo00nn_nnnddddd <o?sha1c|sha1p|sha1m> <Qd>, <Sn>, <Vm>.4s
      01011110_000mmmmm_0ooo00nn_nnnddddd <o?-|-|-|sha1su0|-|-|sha256su1> <Vd>.4s, <Vn>.4s, <Vm>.4s
      01011110_000mmmmm_0ooo00nn_nnnddddd <o?-|-|-|-|sha256h|sha256h2> <Qd>, <Qn>, <Vm>.4s
      11001110_000mmmmm_0aaaaann_nnnddddd eor3 <Vd>.16b, <Vn>.16b, <Vm>.16b, <Va>.16b
      11001110_001mmmmm_0aaaaann_nnnddddd bcax <Vd>.16b, <Vn>.16b, <Vm>.16b, <Va>.16b
      11001110_010mmmmm_0aaaaann_nnnddddd sm3ss1 <Vd>.4s, <Vn>.4s, <Vm>.4s, <Va>.4s
      11001110_010mmmmm_10iioonn_nnnddddd <o?sm3tt1a|sm3tt1b|sm3tt2a|sm3tt2b> <Vd>.4s, <Vn>.4s, <Vm>.s[<i?0|1|2|3>]
      11001110_011mmmmm_10000onn_nnnddddd <o?sha512h|sha512h2> <Qd>, <Qn>, <Vm>.2d
      11001110_011mmmmm_100010nn_nnnddddd sha512su1 <Vd>.2d, <Vn>.2d, <Vm>.2d
      11001110_011mmmmm_100011nn_nnnddddd rax1 <Vd>.2d, <Vn>.2d, <Vm>.2d
      11001110_011mmmmm_1100oonn_nnnddddd <o?sm3partw1|sm3partw2|sm4ekey> <Vd>.4s, <Vn>.4s, <Vm>.4s
      11001110_100mmmmm_iiiiiinn_nnnddddd xar <Vd>.2d, <Vn>.2d, <Vm>.2d, <#i>
      """
          .replace("FLOATS", FLOATS)
          .replace("SCALARS", SCALAR_FLOATS);

  private VectorThreeRows() {}
}
