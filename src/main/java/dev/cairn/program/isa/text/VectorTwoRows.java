package dev.cairn.program.isa.text;

/// Advanced SIMD on one source register, vector and scalar, sums and extremes across lanes, and the
/// two-register forms of cryptography.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.96.
final class VectorTwoRows {
  static final String TABLE =
      """
      0q001110_zz100000_000010nn_nnnddddd rev64 $T2 ; :bhs
      0q101110_zz100000_000010nn_nnnddddd rev32 $T2 ; :bh
      0q001110_00100000_000110nn_nnnddddd rev16 $B2
      0qo01110_zz100000_001010nn_nnnddddd <o?saddlp|uaddlp> <Vd>.<Tl>, <Vn>.<T> ; :bhs
      0qo01110_zz100000_001110nn_nnnddddd <o?suqadd|usqadd> $T2 ; :bhsd
      0qo01110_zz100000_010010nn_nnnddddd <o?cls|clz> $T2 ; :bhs
      0q001110_00100000_010110nn_nnnddddd cnt $B2
      0q101110_0o100000_010110nn_nnnddddd <o?mvn|rbit> $B2
      0qo01110_zz100000_011010nn_nnnddddd <o?sadalp|uadalp> <Vd>.<Tl>, <Vn>.<T> ; :bhs
      0qo01110_zz100000_011110nn_nnnddddd <o?sqabs|sqneg> $T2 ; :bhsd
      0qo01110_zz100000_10oo10nn_nnnddddd <o?cmgt|cmeq|cmlt|-|cmge|cmle> $T2, #0 ; :bhsd
      0qo01110_zz100000_101110nn_nnnddddd <o?abs|neg> $T2 ; :bhsd
      0qo01110_zz100001_001010nn_nnnddddd <o?xtn|sqxtun><2> <Vd>.<T>, <Vn>.<T+> ; :bhs
      0q101110_zz100001_001110nn_nnnddddd shll<2> <Vd>.<T+>, <Vn>.<T>, <z?#8|#0x10|#0x20>
      0qo01110_zz100001_010010nn_nnnddddd <o?sqxtn|uqxtn><2> <Vd>.<T>, <Vn>.<T+> ; :bhs
      0q001110_00100001_011010nn_nnnddddd fcvtn<2> <Vd>.<4h>, <Vn>.4s
      0q001110_01100001_011010nn_nnnddddd fcvtn<2> <Vd>.<2s>, <Vn>.2d
      0q101110_01100001_011010nn_nnnddddd fcvtxn<2> <Vd>.<2s>, <Vn>.2d
      0q001110_10100001_011010nn_nnnddddd bfcvtn<2> <Vd>.<4h>, <Vn>.4s
      0q001110_00100001_011110nn_nnnddddd fcvtl<2> <Vd>.4s, <Vn>.<4h>
      0q001110_01100001_011110nn_nnnddddd fcvtl<2> <Vd>.2d, <Vn>.<2s>
      0qo01110_1y100000_110010nn_nnnddddd <o?fcmgt|fcmge> $Y2, #0.0
      0qo01110_1y100000_110110nn_nnnddddd <o?fcmeq|fcmle> $Y2, #0.0
      0q001110_1y100000_111010nn_nnnddddd fcmlt $Y2, #0.0
      0qo01110_1y100000_111110nn_nnnddddd <o?fabs|fneg> $Y2
      0qo01110_oy100001_100o10nn_nnnddddd ROUND $Y2
      0qo01110_oy100001_101o10nn_nnnddddd CONVERT $Y2
      0qo01110_oy100001_110o10nn_nnnddddd ESTIMATE $Y2
      0qo01110_10100001_110010nn_nnnddddd <o?urecpe|ursqrte> <Vd>.<2s>, <Vn>.<2s>
      0qo01110_0y100001_111o10nn_nnnddddd <o?frint32z|frint64z|frint32x|frint64x> $Y2
      0q101110_1y100001_111110nn_nnnddddd fsqrt $Y2
      0qo01110_11111000_110010nn_nnnddddd <o?fcmgt|fcmge> $H2, #0.0
      0qo01110_11111000_110110nn_nnnddddd <o?fcmeq|fcmle> $H2, #0.0
      0q001110_11111000_111010nn_nnnddddd fcmlt $H2, #0.0
      0qo01110_11111000_111110nn_nnnddddd <o?fabs|fneg> $H2
      0qo01110_o1111001_100o10nn_nnnddddd ROUND $H2
      0qo01110_o1111001_101o10nn_nnnddddd CONVERT $H2
      0qo01110_o1111001_110o10nn_nnnddddd ESTIMATE $H2
      0q101110_11111001_111110nn_nnnddddd fsqrt $H2
      01o11110_zz100000_001110nn_nnnddddd <o?suqadd|usqadd> <Ed>, <En>
      01o11110_zz100000_011110nn_nnnddddd <o?sqabs|sqneg> <Ed>, <En>
      01o11110_11100000_10oo10nn_nnnddddd <o?cmgt|cmeq|cmlt|-|cmge|cmle> <Dd>, <Dn>, #0
      01o11110_11100000_101110nn_nnnddddd <o?abs|neg> <Dd>, <Dn>
      01111110_zz100001_001010nn_nnnddddd sqxtun <Ed>, <E+n> ; :bhs
      01o11110_zz100001_010010nn_nnnddddd <o?sqxtn|uqxtn> <Ed>, <E+n> ; :bhs
      01111110_01100001_011010nn_nnnddddd fcvtxn <Sd>, <Dn>
      01o11110_1y100000_110010nn_nnnddddd <o?fcmgt|fcmge> <Yd>, <Yn>, #0.0
      01o11110_1y100000_110110nn_nnnddddd <o?fcmeq|fcmle> <Yd>, <Yn>, #0.0
      01011110_1y100000_111010nn_nnnddddd fcmlt <Yd>, <Yn>, #0.0
      01o11110_oy100001_101o10nn_nnnddddd CONVERT <Yd>, <Yn>
      01o11110_oy100001_110o10nn_nnnddddd ESTIMATE <Yd>, <Yn>
      01011110_1y100001_111110nn_nnnddddd frecpx <Yd>, <Yn>
      01o11110_11111000_110010nn_nnnddddd <o?fcmgt|fcmge> <Hd>, <Hn>, #0.0
      01o11110_11111000_110110nn_nnnddddd <o?fcmeq|fcmle> <Hd>, <Hn>, #0.0
      01011110_11111000_111010nn_nnnddddd fcmlt <Hd>, <Hn>, #0.0
      01o11110_o1111001_101o10nn_nnnddddd CONVERT <Hd>, <Hn>
      01o11110_o1111001_110o10nn_nnnddddd ESTIMATE <Hd>, <Hn>
      01011110_11111001_111110nn_nnnddddd frecpx <Hd>, <Hn>
      0qo01110_zz110000_001110nn_nnnddddd <o?saddlv|uaddlv> <E+d>, <Vn>.<T> ; ACROSS
      0qo01110_zz110000_101010nn_nnnddddd <o?smaxv|umaxv> <Ed>, <Vn>.<T> ; ACROSS
      0qo01110_zz110001_101010nn_nnnddddd <o?sminv|uminv> <Ed>, <Vn>.<T> ; ACROSS
      0q001110_zz110001_101110nn_nnnddddd addv <Ed>, <Vn>.<T> ; ACROSS
      0q001110_o0110000_110010nn_nnnddddd <o?fmaxnmv|fminnmv> <Hd>, <Vn>.<4h>
      0q001110_o0110000_111110nn_nnnddddd <o?fmaxv|fminv> <Hd>, <Vn>.<4h>
      01101110_o0110000_110010nn_nnnddddd <o?fmaxnmv|fminnmv> <Sd>, <Vn>.4s
      01101110_o0110000_111110nn_nnnddddd <o?fmaxv|fminv> <Sd>, <Vn>.4s
      01011110_11110001_101110nn_nnnddddd addp <Dd>, <Vn>.2d
      01011110_o0110000_110010nn_nnnddddd <o?fmaxnmp|fminnmp> <Hd>, <Vn>.2h
      01011110_00110000_110110nn_nnnddddd faddp <Hd>, <Vn>.2h
      01011110_o0110000_111110nn_nnnddddd <o?fmaxp|fminp> <Hd>, <Vn>.2h
      01111110_oy110000_110010nn_nnnddddd <o?fmaxnmp|fminnmp> <Yd>, <Vn>.<y?2s|2d>
      01111110_0y110000_110110nn_nnnddddd faddp <Yd>, <Vn>.<y?2s|2d>
      01111110_oy110000_111110nn_nnnddddd <o?fmaxp|fminp> <Yd>, <Vn>.<y?2s|2d>
      01001110_00101000_01oo10nn_nnnddddd <o?aese|aesd|aesmc|aesimc> <Vd>.16b, <Vn>.16b
      01011110_00101000_000010nn_nnnddddd sha1h <Sd>, <Sn>
      01011110_00101000_000110nn_nnnddddd sha1su1 <Vd>.4s, <Vn>.4s
      01011110_00101000_001010nn_nnnddddd sha256su0 <Vd>.4s, <Vn>.4s
      11001110_11000000_100000nn_nnnddddd sha512su0 <Vd>.2d, <Vn>.2d
      11001110_11000000_100001nn_nnnddddd sm4e <Vd>.4s, <Vn>.4s
      """
          .replace("ROUND", "<o?frintn|frintm|frintp|frintz|frinta|frintx|-|frinti>")
          .replace("CONVERT", "<o?fcvtns|fcvtms|fcvtps|fcvtzs|fcvtnu|fcvtmu|fcvtpu|fcvtzu>")
          .replace("ESTIMATE", "<o?fcvtas|scvtf|-|frecpe|fcvtau|ucvtf|-|frsqrte>")
          .replace("; ACROSS", "; :bhs z<q+2")
          .replace("$B2", "<Vd>.<8b>, <Vn>.<8b>");

  private VectorTwoRows() {}
}
