package dev.cairn.program.isa.text;

/// Integer data processing, immediate and register.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.92 and C4.1.95.
final class IntegerRows {
  static final String IMMEDIATE =
      """
      0ii10000_iiiiiiii_iiiiiiii_iiiddddd adr <Xd>, <near>
      1ii10000_iiiiiiii_iiiiiiii_iiiddddd adrp <Xd>, <page>
      x0010001_00000000_000000nn_nnnddddd mov <Rd|sp>, <Rn|sp> ; d=31
      x0010001_00000000_000000nn_nnnddddd mov <Rd|sp>, <Rn|sp> ; n=31
      x0110001_0hiiiiii_iiiiiinn_nnn11111 cmn <Rn|sp>, <#i><h?|, lsl #12>
      x1110001_0hiiiiii_iiiiiinn_nnn11111 cmp <Rn|sp>, <#i><h?|, lsl #12>
      xo010001_0hiiiiii_iiiiiinn_nnnddddd <o?add|sub> <Rd|sp>, <Rn|sp>, <#i><h?|, lsl #12>
      xo110001_0hiiiiii_iiiiiinn_nnnddddd <o?adds|subs> <Rd>, <Rn|sp>, <#i><h?|, lsl #12>
      1o010001_10iiiiii_00jjjjnn_nnnddddd <o?addg|subg> <Xd|sp>, <Xn|sp>, <#i*16>, <#j>
      x1110010_0iiiiiii_iiiiiinn_nnn11111 tst <Rn>, <bitmask>
      x0110010_0iiiiiii_iiiiii11_111ddddd mov <Rd|sp>, <signed-bitmask>
      xoo10010_0iiiiiii_iiiiiinn_nnnddddd <o?and|orr|eor> <Rd|sp>, <Rn>, <bitmask>
      x1110010_0iiiiiii_iiiiiinn_nnnddddd ands <Rd>, <Rn>, <bitmask>
      xo010010_1hhiiiii_iiiiiiii_iiiddddd mov <Rd>, <wide>
      xoo10010_1hhiiiii_iiiiiiii_iiiddddd <o?movn|-|movz|movk> <Rd>, <#i><halfword>
      x0010011_0y000000_000111nn_nnnddddd sxtb <Rd>, <Wn> ; y=x
      x0010011_0y000000_001111nn_nnnddddd sxth <Rd>, <Wn> ; y=x
      10010011_01000000_011111nn_nnnddddd sxtw <Xd>, <Wn>
      01010011_00000000_000111nn_nnnddddd uxtb <Wd>, <Wn>
      01010011_00000000_001111nn_nnnddddd uxth <Wd>, <Wn>
      00010011_000rrrrr_011111nn_nnnddddd asr <Wd>, <Wn>, <#r>
      00010011_000rrrrr_0sssssnn_nnnddddd sbfiz <Wd>, <Wn>, <lsb>, <#s+1> ; s<r
      00010011_000rrrrr_0sssssnn_nnnddddd sbfx <Wd>, <Wn>, <#r>, <width>
      00110011_000rrrrr_0sssss11_111ddddd bfc <Wd>, <lsb>, <#s+1> ; s<r
      00110011_000rrrrr_0sssssnn_nnnddddd bfi <Wd>, <Wn>, <lsb>, <#s+1> ; s<r
      00110011_000rrrrr_0sssssnn_nnnddddd bfxil <Wd>, <Wn>, <#r>, <width>
      01010011_000rrrrr_011111nn_nnnddddd lsr <Wd>, <Wn>, <#r>
      01010011_000rrrrr_0sssssnn_nnnddddd lsl <Wd>, <Wn>, <lsb> ; r=s+1
      01010011_000rrrrr_0sssssnn_nnnddddd ubfiz <Wd>, <Wn>, <lsb>, <#s+1> ; s<r
      01010011_000rrrrr_0sssssnn_nnnddddd ubfx <Wd>, <Wn>, <#r>, <width>
      10010011_01rrrrrr_111111nn_nnnddddd asr <Xd>, <Xn>, <#r>
      10010011_01rrrrrr_ssssssnn_nnnddddd sbfiz <Xd>, <Xn>, <lsb>, <#s+1> ; s<r
      10010011_01rrrrrr_ssssssnn_nnnddddd sbfx <Xd>, <Xn>, <#r>, <width>
      10110011_01rrrrrr_ssssss11_111ddddd bfc <Xd>, <lsb>, <#s+1> ; s<r
      10110011_01rrrrrr_ssssssnn_nnnddddd bfi <Xd>, <Xn>, <lsb>, <#s+1> ; s<r
      10110011_01rrrrrr_ssssssnn_nnnddddd bfxil <Xd>, <Xn>, <#r>, <width>
      11010011_01rrrrrr_111111nn_nnnddddd lsr <Xd>, <Xn>, <#r>
      11010011_01rrrrrr_ssssssnn_nnnddddd lsl <Xd>, <Xn>, <lsb> ; r=s+1
      11010011_01rrrrrr_ssssssnn_nnnddddd ubfiz <Xd>, <Xn>, <lsb>, <#s+1> ; s<r
      11010011_01rrrrrr_ssssssnn_nnnddddd ubfx <Xd>, <Xn>, <#r>, <width>
      00010011_100mmmmm_0iiiiinn_nnnddddd ror <Wd>, <Wn>, <#i> ; n=m
      10010011_110mmmmm_iiiiiinn_nnnddddd ror <Xd>, <Xn>, <#i> ; n=m
      00010011_100mmmmm_0iiiiinn_nnnddddd extr <Wd>, <Wn>, <Wm>, <#i>
      10010011_110mmmmm_iiiiiinn_nnnddddd extr <Xd>, <Xn>, <Xm>, <#i>
      """;
  static final String REGISTER =
      """
      x0101010_000mmmmm_00000011_111ddddd mov <Rd>, <Rm>
      x0101010_ss1mmmmm_iiiiii11_111ddddd mvn <Rd>, <Rm><shift>
      x1101010_ss0mmmmm_iiiiiinn_nnn11111 tst <Rn>, <Rm><shift>
      xoo01010_ssommmmm_iiiiiinn_nnnddddd <o?and|bic|orr|orn|eor|eon|ands|bics> <Rd>, <Rn>, <Rm><shift>
      x0101011_ss0mmmmm_iiiiiinn_nnn11111 cmn <Rn>, <Rm><shift> ; s!=3
      x1101011_ss0mmmmm_iiiiiinn_nnn11111 cmp <Rn>, <Rm><shift> ; s!=3
      x1o01011_ss0mmmmm_iiiiii11_111ddddd <o?neg|negs> <Rd>, <Rm><shift> ; s!=3
      xoo01011_ss0mmmmm_iiiiiinn_nnnddddd <o?add|adds|sub|subs> <Rd>, <Rn>, <Rm><shift> ; s!=3
      x0101011_001mmmmm_eeeiiinn_nnn11111 cmn <Rn|sp>, <extend>
      x1101011_001mmmmm_eeeiiinn_nnn11111 cmp <Rn|sp>, <extend>
      xo001011_001mmmmm_eeeiiinn_nnnddddd <o?add|sub> <Rd|sp>, <Rn|sp>, <extend>
      xo101011_001mmmmm_eeeiiinn_nnnddddd <o?adds|subs> <Rd>, <Rn|sp>, <extend>
      x1o11010_000mmmmm_00000011_111ddddd <o?ngc|ngcs> <Rd>, <Rm>
      xoo11010_000mmmmm_000000nn_nnnddddd <o?adc|adcs|sbc|sbcs> <Rd>, <Rn>, <Rm>
      10111010_000iiiii_i00001nn_nnn0jjjj rmif <Xn>, <#i>, <#j>
      00111010_00000000_0o0010nn_nnn01101 <o?setf8|setf16> <Wn>
      xo111010_010mmmmm_cccc00nn_nnn0iiii <o?ccmn|ccmp> <Rn>, <Rm>, <#i>, <cond>
      xo111010_010mmmmm_cccc10nn_nnn0iiii <o?ccmn|ccmp> <Rn>, <#m>, <#i>, <cond>
      x0011010_10011111_cccc0111_111ddddd cset <Rd>, <!cond> ; c<14
      x1011010_10011111_cccc0011_111ddddd csetm <Rd>, <!cond> ; c<14
      x0011010_100mmmmm_cccc01nn_nnnddddd cinc <Rd>, <Rn>, <!cond> ; n=m n!=31 c<14
      x1011010_100mmmmm_cccc00nn_nnnddddd cinv <Rd>, <Rn>, <!cond> ; n=m n!=31 c<14
      x1011010_100mmmmm_cccc01nn_nnnddddd cneg <Rd>, <Rn>, <!cond> ; n=m c<14
      xo011010_100mmmmm_cccc0onn_nnnddddd <o?csel|csinc|csinv|csneg> <Rd>, <Rn>, <Rm>, <cond>
      x1011010_11000000_00000onn_nnnddddd <o?rbit|rev16> <Rd>, <Rn>
      01011010_11000000_000010nn_nnnddddd rev <Wd>, <Wn>
      11011010_11000000_00001onn_nnnddddd <o?rev32|rev> <Xd>, <Xn>
      x1011010_11000000_00010onn_nnnddddd <o?clz|cls> <Rd>, <Rn>
      11011010_11000001_000ooonn_nnnddddd <o?pacia|pacib|pacda|pacdb|autia|autib|autda|autdb> <Xd>, <Xn|sp>
      11011010_11000001_001ooo11_111ddddd <o?paciza|pacizb|pacdza|pacdzb|autiza|autizb|autdza|autdzb> <Xd>
      11011010_11000001_01000o11_111ddddd <o?xpaci|xpacd> <Xd>
      x0011010_110mmmmm_00001onn_nnnddddd <o?udiv|sdiv> <Rd>, <Rn>, <Rm>
      x0011010_110mmmmm_0010oonn_nnnddddd <o?lsl|lsr|asr|ror> <Rd>, <Rn>, <Rm>
      00011010_110mmmmm_010ozznn_nnnddddd <o?crc32|crc32c><z?b|h|w> <Wd>, <Wn>, <Wm>
      10011010_110mmmmm_010o11nn_nnnddddd <o?crc32x|crc32cx> <Wd>, <Wn>, <Xm>
      10011010_110mmmmm_000000nn_nnnddddd subp <Xd>, <Xn|sp>, <Xm|sp>
      10111010_110mmmmm_000000nn_nnn11111 cmpp <Xn|sp>, <Xm|sp>
      10111010_110mmmmm_000000nn_nnnddddd subps <Xd>, <Xn|sp>, <Xm|sp>
      10011010_11011111_000100nn_nnnddddd irg <Xd|sp>, <Xn|sp>
      10011010_110mmmmm_000100nn_nnnddddd irg <Xd|sp>, <Xn|sp>, <Xm>
      10011010_110mmmmm_000101nn_nnnddddd gmi <Xd>, <Xn|sp>, <Xm>
      10011010_110mmmmm_001100nn_nnnddddd pacga <Xd>, <Xn>, <Xm|sp>
      x0011011_000mmmmm_o11111nn_nnnddddd <o?mul|mneg> <Rd>, <Rn>, <Rm>
      x0011011_000mmmmm_oaaaaann_nnnddddd <o?madd|msub> <Rd>, <Rn>, <Rm>, <Ra>
      10011011_u01mmmmm_o11111nn_nnnddddd <u?s|u>m<o?ull|negl> <Xd>, <Wn>, <Wm>
      10011011_u01mmmmm_oaaaaann_nnnddddd <u?s|u>m<o?addl|subl> <Xd>, <Wn>, <Wm>, <Xa>
      10011011_u10mmmmm_0aaaaann_nnnddddd <u?s|u>mulh <Xd>, <Xn>, <Xm>
      """;

  private IntegerRows() {}
}
