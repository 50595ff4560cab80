package dev.cairn.program.isa.text;

/// Advanced SIMD by elements and by immediates: multiplications by one element, shifts, modified
/// immediates, moves between lanes and registers, tables, permutations, and structures in memory.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94 and C4.1.96.
final class VectorLaneRows {
  static final String BY_ELEMENT =
      """
      0q101111_zzlmmmmm_0o00h0nn_nnnddddd <o?mla|mls> $T2, <elem> ; :hs
      0qo01111_zzlmmmmm_0u10h0nn_nnnddddd <o?s|u><u?mlal|mlsl><2> <Vd>.<T+>, <Vn>.<T>, <elem> ; :hs
      0q001111_zzlmmmmm_0o11h0nn_nnnddddd <o?sqdmlal|sqdmlsl><2> <Vd>.<T+>, <Vn>.<T>, <elem> ; :hs
      0q001111_zzlmmmmm_1000h0nn_nnnddddd mul $T2, <elem> ; :hs
      0qo01111_zzlmmmmm_1010h0nn_nnnddddd <o?smull|umull><2> <Vd>.<T+>, <Vn>.<T>, <elem> ; :hs
      0q001111_zzlmmmmm_1011h0nn_nnnddddd sqdmull<2> <Vd>.<T+>, <Vn>.<T>, <elem> ; :hs
      0q001111_zzlmmmmm_110oh0nn_nnnddddd <o?sqdmulh|sqrdmulh> $T2, <elem> ; :hs
      0q101111_zzlmmmmm_11o1h0nn_nnnddddd <o?sqrdmlah|sqrdmlsh> $T2, <elem> ; :hs
      0qo01111_10lmmmmm_1110h0nn_nnnddddd <o?sdot|udot> <Vd>.<2s>, <Vn>.<8b>, <elem4b>
      0q001111_o0lmmmmm_1111h0nn_nnnddddd <o?sudot|usdot> <Vd>.<2s>, <Vn>.<8b>, <elem4b>
      0q001111_01lmmmmm_1111h0nn_nnnddddd bfdot <Vd>.<2s>, <Vn>.<4h>, <elem2h>
      0o001111_11lmmmmm_1111h0nn_nnnddddd <o?bfmlalb|bfmlalt> <Vd>.4s, <Vn>.8h, <elemh>
      0q001111_00lmmmmm_0o01h0nn_nnnddddd <o?fmla|fmls> $H2, <elemh>
      0qo01111_00lmmmmm_1001h0nn_nnnddddd <o?fmul|fmulx> $H2, <elemh>
      0q001111_1ylmmmmm_0o01h0nn_nnnddddd <o?fmla|fmls> $Y2, <elem>
      0qo01111_1ylmmmmm_1001h0nn_nnnddddd <o?fmul|fmulx> $Y2, <elem>
      0q001111_10lmmmmm_0o00h0nn_nnnddddd <o?fmlal|fmlsl> <Vd>.<2s>, <Vn>.<2h>, <elemh>
      0q101111_10lmmmmm_1o00h0nn_nnnddddd <o?fmlal2|fmlsl2> <Vd>.<2s>, <Vn>.<2h>, <elemh>
      0q101111_01lmmmmm_0ii1h0nn_nnnddddd fcmla $H2, <elem2c>, <#i*90> ; h<q+1
      01101111_100mmmmm_0ii1h0nn_nnnddddd fcmla <Vd>.4s, <Vn>.4s, <Vm>.s[<h?0|1>], <#i*90>
      01011111_zzlmmmmm_0o11h0nn_nnnddddd <o?sqdmlal|sqdmlsl> <E+d>, <En>, <elem> ; :hs
      01011111_zzlmmmmm_1011h0nn_nnnddddd sqdmull <E+d>, <En>, <elem> ; :hs
      01011111_zzlmmmmm_110oh0nn_nnnddddd <o?sqdmulh|sqrdmulh> <Ed>, <En>, <elem> ; :hs
      01111111_zzlmmmmm_11o1h0nn_nnnddddd <o?sqrdmlah|sqrdmlsh> <Ed>, <En>, <elem> ; :hs
      01011111_00lmmmmm_0o01h0nn_nnnddddd <o?fmla|fmls> <Hd>, <Hn>, <elemh>
      01o11111_00lmmmmm_1001h0nn_nnnddddd <o?fmul|fmulx> <Hd>, <Hn>, <elemh>
      01011111_1ylmmmmm_0o01h0nn_nnnddddd <o?fmla|fmls> <Yd>, <Yn>, <elem>
      01o11111_1ylmmmmm_1001h0nn_nnnddddd <o?fmul|fmulx> <Yd>, <Yn>, <elem>
      """;

  static final String BY_IMMEDIATE =
      """
      0qo01111_00000iii_0ss001ii_iiiddddd <o?movi|mvni> <Vd>.<2s>, <#i><s?|, lsl #8|, lsl #16|, lsl #24>
      0qo01111_00000iii_0ss101ii_iiiddddd <o?orr|bic> <Vd>.<2s>, <#i><s?|, lsl #8|, lsl #16|, lsl #24>
      0qo01111_00000iii_10s001ii_iiiddddd <o?movi|mvni> <Vd>.<4h>, <#i><s?|, lsl #8>
      0qo01111_00000iii_10s101ii_iiiddddd <o?orr|bic> <Vd>.<4h>, <#i><s?|, lsl #8>
      0qo01111_00000iii_110s01ii_iiiddddd <o?movi|mvni> <Vd>.<2s>, <#i>, msl <s?#8|#16>
      0q001111_00000iii_111001ii_iiiddddd movi <Vd>.<8b>, <#i>
      00101111_00000iii_111001ii_iiiddddd movi <Dd>, <bytes>
      01101111_00000iii_111001ii_iiiddddd movi <Vd>.2d, <bytes>
      0q001111_00000iii_111101ii_iiiddddd fmov <Vd>.<2s>, <float>
      01101111_00000iii_111101ii_iiiddddd fmov <Vd>.2d, <float>
      0q001111_00000iii_111111ii_iiiddddd fmov <Vd>.<4h>, <float>
      0qo01111_0iiiiiii_00oo01nn_nnnddddd <o?sshr|ssra|srshr|srsra|ushr|usra|urshr|ursra> $S2, <right>
      0q101111_0iiiiiii_010001nn_nnnddddd sri $S2, <right>
      0qo01111_0iiiiiii_010101nn_nnnddddd <o?shl|sli> $S2, <left>
      0q101111_0iiiiiii_011001nn_nnnddddd sqshlu $S2, <left>
      0qo01111_0iiiiiii_011101nn_nnnddddd <o?sqshl|uqshl> $S2, <left>
      0qo01111_0iiiiiii_1000o1nn_nnnddddd <o?shrn|rshrn|sqshrun|sqrshrun><2> <Vd>.<Ts>, <Vn>.<Ts+>, <right>
      0qo01111_0iiiiiii_1001o1nn_nnnddddd <o?sqshrn|sqrshrn|uqshrn|uqrshrn><2> <Vd>.<Ts>, <Vn>.<Ts+>, <right>
      0qo01111_0iiiiiii_101001nn_nnnddddd <o?sxtl|uxtl><2> <Vd>.<Ts+>, <Vn>.<Ts> ; i=8
      0qo01111_0iiiiiii_101001nn_nnnddddd <o?sxtl|uxtl><2> <Vd>.<Ts+>, <Vn>.<Ts> ; i=16
      0qo01111_0iiiiiii_101001nn_nnnddddd <o?sxtl|uxtl><2> <Vd>.<Ts+>, <Vn>.<Ts> ; i=32
      0qo01111_0iiiiiii_101001nn_nnnddddd <o?sshll|ushll><2> <Vd>.<Ts+>, <Vn>.<Ts>, <left>
      0qo01111_0iiiiiii_111001nn_nnnddddd <o?scvtf|ucvtf> $S2, <right> ; i>15
      0qo01111_0iiiiiii_111111nn_nnnddddd <o?fcvtzs|fcvtzu> $S2, <right> ; i>15
      01o11111_0iiiiiii_00oo01nn_nnnddddd <o?sshr|ssra|srshr|srsra|ushr|usra|urshr|ursra> <Dd>, <Dn>, <right> ; i>63
      01111111_0iiiiiii_010001nn_nnnddddd sri <Dd>, <Dn>, <right> ; i>63
      01o11111_0iiiiiii_010101nn_nnnddddd <o?shl|sli> <Dd>, <Dn>, <left> ; i>63
      01111111_0iiiiiii_011001nn_nnnddddd sqshlu <Jd>, <Jn>, <left>
      01o11111_0iiiiiii_011101nn_nnnddddd <o?sqshl|uqshl> <Jd>, <Jn>, <left>
      01111111_0iiiiiii_1000o1nn_nnnddddd <o?sqshrun|sqrshrun> <Jd>, <J+n>, <right> ; i<64
      01o11111_0iiiiiii_1001o1nn_nnnddddd <o?sqshrn|sqrshrn|uqshrn|uqrshrn> <Jd>, <J+n>, <right> ; i<64
      01o11111_0iiiiiii_111001nn_nnnddddd <o?scvtf|ucvtf> <Jd>, <Jn>, <right> ; i>15
      01o11111_0iiiiiii_111111nn_nnnddddd <o?fcvtzs|fcvtzu> <Jd>, <Jn>, <right> ; i>15
      """;

  static final String MOVES =
      """
      0q001110_000iiii1_000001nn_nnnddddd dup <Vd>.<8b>, <Vn>.b[<@i>]
      0q001110_000iii10_000001nn_nnnddddd dup <Vd>.<4h>, <Vn>.h[<@i>]
      0q001110_000ii100_000001nn_nnnddddd dup <Vd>.<2s>, <Vn>.s[<@i>]
      01001110_000i1000_000001nn_nnnddddd dup <Vd>.2d, <Vn>.d[<@i>]
      0q001110_000....1_000011nn_nnnddddd dup <Vd>.<8b>, <Wn>
      0q001110_000...10_000011nn_nnnddddd dup <Vd>.<4h>, <Wn>
      0q001110_000..100_000011nn_nnnddddd dup <Vd>.<2s>, <Wn>
      01001110_000.1000_000011nn_nnnddddd dup <Vd>.2d, <Xn>
      01011110_000iiii1_000001nn_nnnddddd mov <Bd>, <Vn>.b[<@i>]
      01011110_000iii10_000001nn_nnnddddd mov <Hd>, <Vn>.h[<@i>]
      01011110_000ii100_000001nn_nnnddddd mov <Sd>, <Vn>.s[<@i>]
      01011110_000i1000_000001nn_nnnddddd mov <Dd>, <Vn>.d[<@i>]
      01001110_000iiii1_000111nn_nnnddddd mov <Vd>.b[<@i>], <Wn>
      01001110_000iii10_000111nn_nnnddddd mov <Vd>.h[<@i>], <Wn>
      01001110_000ii100_000111nn_nnnddddd mov <Vd>.s[<@i>], <Wn>
      01001110_000i1000_000111nn_nnnddddd mov <Vd>.d[<@i>], <Xn>
      01101110_000iiii1_0jjjj1nn_nnnddddd mov <Vd>.b[<@i>], <Vn>.b[<@j>]
      01101110_000iii10_0jjj.1nn_nnnddddd mov <Vd>.h[<@i>], <Vn>.h[<@j>]
      01101110_000ii100_0jj..1nn_nnnddddd mov <Vd>.s[<@i>], <Vn>.s[<@j>]
      01101110_000i1000_0j...1nn_nnnddddd mov <Vd>.d[<@i>], <Vn>.d[<@j>]
      0x001110_000iiii1_001011nn_nnnddddd smov <Rd>, <Vn>.b[<@i>]
      0x001110_000iii10_001011nn_nnnddddd smov <Rd>, <Vn>.h[<@i>]
      01001110_000ii100_001011nn_nnnddddd smov <Xd>, <Vn>.s[<@i>]
      00001110_000iiii1_001111nn_nnnddddd umov <Wd>, <Vn>.b[<@i>]
      00001110_000iii10_001111nn_nnnddddd umov <Wd>, <Vn>.h[<@i>]
      00001110_000ii100_001111nn_nnnddddd mov <Wd>, <Vn>.s[<@i>]
      01001110_000i1000_001111nn_nnnddddd mov <Xd>, <Vn>.d[<@i>]
      00101110_000mmmmm_00iii0nn_nnnddddd ext <Vd>.8b, <Vn>.8b, <Vm>.8b, <#i>
      01101110_000mmmmm_0iiii0nn_nnnddddd ext <Vd>.16b, <Vn>.16b, <Vm>.16b, <#i>
      0q001110_zz0mmmmm_0ooo10nn_nnnddddd <o?-|uzp1|trn1|zip1|-|uzp2|trn2|zip2> $T3 ; :bhsd
      0q001110_000mmmmm_000o00nn_nnnddddd <o?tbl|tbx> <Vd>.<8b>, {<Vn>.16b}, <Vm>.<8b>
      0q001110_000mmmmm_001o00nn_nnnddddd <o?tbl|tbx> <Vd>.<8b>, {<Vn>.16b, <V+n>.16b}, <Vm>.<8b>
      0q001110_000mmmmm_010o00nn_nnnddddd <o?tbl|tbx> <Vd>.<8b>, {<Vn>.16b, <V+n>.16b, <V++n>.16b}, <Vm>.<8b>
      0q001110_000mmmmm_011o00nn_nnnddddd <o?tbl|tbx> <Vd>.<8b>, {<Vn>.16b, <V+n>.16b, <V++n>.16b, <V+++n>.16b}, <Vm>.<8b>
      """;

  static final String STRUCTURES =
      """
      0q001100_po0mmmmm_0000zznn_nnnddddd <o?st|ld>4 {$L4.<T>}, [<Xn|sp>]<post32q> ; :bhsd
      0q001100_po0mmmmm_0010zznn_nnnddddd <o?st|ld>1 {$L4.<T>}, [<Xn|sp>]<post32q>
      0q001100_po0mmmmm_0100zznn_nnnddddd <o?st|ld>3 {$L3.<T>}, [<Xn|sp>]<post24q> ; :bhsd
      0q001100_po0mmmmm_0110zznn_nnnddddd <o?st|ld>1 {$L3.<T>}, [<Xn|sp>]<post24q>
      0q001100_po0mmmmm_0111zznn_nnnddddd <o?st|ld>1 {$L1.<T>}, [<Xn|sp>]<post8q>
      0q001100_po0mmmmm_1000zznn_nnnddddd <o?st|ld>2 {$L2.<T>}, [<Xn|sp>]<post16q> ; :bhsd
      0q001100_po0mmmmm_1010zznn_nnnddddd <o?st|ld>1 {$L2.<T>}, [<Xn|sp>]<post16q>
      0i001101_po0mmmmm_000iiinn_nnnddddd <o?st|ld>1 {$L1.b}[<@i>], [<Xn|sp>]<post1>
      0i001101_po1mmmmm_000iiinn_nnnddddd <o?st|ld>2 {$L2.b}[<@i>], [<Xn|sp>]<post2>
      0i001101_po0mmmmm_001iiinn_nnnddddd <o?st|ld>3 {$L3.b}[<@i>], [<Xn|sp>]<post3>
      0i001101_po1mmmmm_001iiinn_nnnddddd <o?st|ld>4 {$L4.b}[<@i>], [<Xn|sp>]<post4>
      0i001101_po0mmmmm_010ii0nn_nnnddddd <o?st|ld>1 {$L1.h}[<@i>], [<Xn|sp>]<post2>
      0i001101_po1mmmmm_010ii0nn_nnnddddd <o?st|ld>2 {$L2.h}[<@i>], [<Xn|sp>]<post4>
      0i001101_po0mmmmm_011ii0nn_nnnddddd <o?st|ld>3 {$L3.h}[<@i>], [<Xn|sp>]<post6>
      0i001101_po1mmmmm_011ii0nn_nnnddddd <o?st|ld>4 {$L4.h}[<@i>], [<Xn|sp>]<post8>
      0i001101_po0mmmmm_100i00nn_nnnddddd <o?st|ld>1 {$L1.s}[<@i>], [<Xn|sp>]<post4>
      0i001101_po1mmmmm_100i00nn_nnnddddd <o?st|ld>2 {$L2.s}[<@i>], [<Xn|sp>]<post8>
      0i001101_po0mmmmm_101i00nn_nnnddddd <o?st|ld>3 {$L3.s}[<@i>], [<Xn|sp>]<post12>
      0i001101_po1mmmmm_101i00nn_nnnddddd <o?st|ld>4 {$L4.s}[<@i>], [<Xn|sp>]<post16>
      0i001101_po0mmmmm_100001nn_nnnddddd <o?st|ld>1 {$L1.d}[<@i>], [<Xn|sp>]<post8>
      0i001101_po1mmmmm_100001nn_nnnddddd <o?st|ld>2 {$L2.d}[<@i>], [<Xn|sp>]<post16>
      0i001101_po0mmmmm_101001nn_nnnddddd <o?st|ld>3 {$L3.d}[<@i>], [<Xn|sp>]<post24>
      0i001101_po1mmmmm_101001nn_nnnddddd <o?st|ld>4 {$L4.d}[<@i>], [<Xn|sp>]<post32>
      0q001101_p10mmmmm_1100zznn_nnnddddd ld1r {$L1.<T>}, [<Xn|sp>]<post1z>
      0q001101_p11mmmmm_1100zznn_nnnddddd ld2r {$L2.<T>}, [<Xn|sp>]<post2z>
      0q001101_p10mmmmm_1110zznn_nnnddddd ld3r {$L3.<T>}, [<Xn|sp>]<post3z>
      0q001101_p11mmmmm_1110zznn_nnnddddd ld4r {$L4.<T>}, [<Xn|sp>]<post4z>
      """;

  private VectorLaneRows() {}
}
