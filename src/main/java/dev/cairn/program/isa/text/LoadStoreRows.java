package dev.cairn.program.isa.text;

/// Loads and stores of general-purpose and vector registers, prefetches and memory tags.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487), C4.1.94.
final class LoadStoreRows {
  static final String TABLE =
      """
      00011000_iiiiiiii_iiiiiiii_iiiddddd ldr <Wd>, <label>
      01011000_iiiiiiii_iiiiiiii_iiiddddd ldr <Xd>, <label>
      10011000_iiiiiiii_iiiiiiii_iiiddddd ldrsw <Xd>, <label>
      11011000_iiiiiiii_iiiiiiii_iiiddddd prfm <sys-prefetch>, <label>
      00011100_iiiiiiii_iiiiiiii_iiiddddd ldr <Sd>, <label>
      01011100_iiiiiiii_iiiiiiii_iiiddddd ldr <Dd>, <label>
      10011100_iiiiiiii_iiiiiiii_iiiddddd ldr <Qd>, <label>
      0010100k_koiiiiii_iaaaaann_nnnddddd <o?st|ld><k?np|p|p|p> <Wd>, <Wa>, <mem*4>
      0110100k_k0iiiiii_iaaaaann_nnnddddd <k?-|stgp|stgp|stgp> <Xd>, <Xa>, <mem*16>
      0110100k_k1iiiiii_iaaaaann_nnnddddd <k?-|ldpsw|ldpsw|ldpsw> <Xd>, <Xa>, <mem*4>
      1010100k_koiiiiii_iaaaaann_nnnddddd <o?st|ld><k?np|p|p|p> <Xd>, <Xa>, <mem*8>
      0010110k_koiiiiii_iaaaaann_nnnddddd <o?st|ld><k?np|p|p|p> <Sd>, <Sa>, <mem*4>
      0110110k_koiiiiii_iaaaaann_nnnddddd <o?st|ld><k?np|p|p|p> <Dd>, <Da>, <mem*8>
      1010110k_koiiiiii_iaaaaann_nnnddddd <o?st|ld><k?np|p|p|p> <Qd>, <Qa>, <mem*16>
      0s111000_0o0iiiii_iiiikknn_nnnddddd <o?st|ld><k?u||t|>r<s?b|h> <Wd>, <mem>
      1x111000_0o0iiiii_iiiikknn_nnnddddd <o?st|ld><k?u||t|>r <Rd>, <mem>
      0s111000_100iiiii_iiiikknn_nnnddddd ld<k?u||t|>rs<s?b|h> <Xd>, <mem>
      0s111000_110iiiii_iiiikknn_nnnddddd ld<k?u||t|>rs<s?b|h> <Wd>, <mem>
      10111000_100iiiii_iiiikknn_nnnddddd ld<k?u||t|>rsw <Xd>, <mem>
      11111000_100iiiii_iiii00nn_nnnddddd prfum <sys-prefetch>, [<Xn|sp><,#-i>]
      zz111100_0o0iiiii_iiiikknn_nnnddddd <o?st|ld><k?u||-|>r <Ed>, <mem>
      00111100_1o0iiiii_iiiikknn_nnnddddd <o?st|ld><k?u||-|>r <Qd>, <mem>
      00111001_0oiiiiii_iiiiiinn_nnnddddd <o?strb|ldrb> <Wd>, [<Xn|sp><,#i>]
      00111001_10iiiiii_iiiiiinn_nnnddddd ldrsb <Xd>, [<Xn|sp><,#i>]
      00111001_11iiiiii_iiiiiinn_nnnddddd ldrsb <Wd>, [<Xn|sp><,#i>]
      01111001_0oiiiiii_iiiiiinn_nnnddddd <o?strh|ldrh> <Wd>, [<Xn|sp><,#i*2>]
      01111001_10iiiiii_iiiiiinn_nnnddddd ldrsh <Xd>, [<Xn|sp><,#i*2>]
      01111001_11iiiiii_iiiiiinn_nnnddddd ldrsh <Wd>, [<Xn|sp><,#i*2>]
      10111001_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Wd>, [<Xn|sp><,#i*4>]
      10111001_10iiiiii_iiiiiinn_nnnddddd ldrsw <Xd>, [<Xn|sp><,#i*4>]
      11111001_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Xd>, [<Xn|sp><,#i*8>]
      11111001_10iiiiii_iiiiiinn_nnnddddd prfm <sys-prefetch>, [<Xn|sp><,#i*8>]
      00111101_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Bd>, [<Xn|sp><,#i>]
      01111101_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Hd>, [<Xn|sp><,#i*2>]
      10111101_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Sd>, [<Xn|sp><,#i*4>]
      11111101_0oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Dd>, [<Xn|sp><,#i*8>]
      00111101_1oiiiiii_iiiiiinn_nnnddddd <o?str|ldr> <Qd>, [<Xn|sp><,#i*16>]
      00111000_0o1mmmmm_e1ej10nn_nnnddddd <o?strb|ldrb> <Wd>, <index0>
      00111000_101mmmmm_e1ej10nn_nnnddddd ldrsb <Xd>, <index0>
      00111000_111mmmmm_e1ej10nn_nnnddddd ldrsb <Wd>, <index0>
      01111000_0o1mmmmm_e1ej10nn_nnnddddd <o?strh|ldrh> <Wd>, <index1>
      01111000_101mmmmm_e1ej10nn_nnnddddd ldrsh <Xd>, <index1>
      01111000_111mmmmm_e1ej10nn_nnnddddd ldrsh <Wd>, <index1>
      10111000_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Wd>, <index2>
      10111000_101mmmmm_e1ej10nn_nnnddddd ldrsw <Xd>, <index2>
      11111000_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Xd>, <index3>
      11111000_101mmmmm_e1ej10nn_nnnddddd prfm <sys-prefetch>, <index3>
      00111100_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Bd>, <index0>
      01111100_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Hd>, <index1>
      10111100_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Sd>, <index2>
      11111100_0o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Dd>, <index3>
      00111100_1o1mmmmm_e1ej10nn_nnnddddd <o?str|ldr> <Qd>, <index4>
      11111000_oi1iiiii_iiii01nn_nnnddddd <o?ldraa|ldrab> <Xd>, [<Xn|sp><,#-i*8>]
      11111000_oi1iiiii_iiii11nn_nnnddddd <o?ldraa|ldrab> <Xd>, [<Xn|sp>, <#-i*8>]!
      11011001_011iiiii_iiii00nn_nnnddddd ldg <Xd>, [<Xn|sp><,#-i*16>]
      11011001_oo100000_000000nn_nnnddddd <o?stzgm|-|stgm|ldgm> <Xd>, [<Xn|sp>]
      11011001_oo1iiiii_iiiikknn_nnnddddd <o?stg|stzg|st2g|stz2g> <Xd|sp>, <mem*16> ; k!=0
      """;

  private LoadStoreRows() {}
}
