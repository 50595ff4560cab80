/// Instructions as text.
///
/// Each row of a table is an encoding and its text: 32 bits, of which letters name fields, and a
/// template. `AArch64Text` finds the first row that a word fits, so an alias stands above what it
/// is an alias of, and a word that no row fits is no instruction. The tables are cut by the
/// encoding groups of the Arm Architecture Reference Manual, as the decoder is.
///
/// ```text
/// x0110001_0hiiiiii_iiiiiinn_nnn11111 cmn <Rn|sp>, <#i><h?|, lsl #12>
/// x0010001_00000000_000000nn_nnnddddd mov <Rd|sp>, <Rn|sp> ; d=31
/// ```
///
/// A letter that stands at several places is one field, its bits put together from the highest
/// down. What is in angle brackets is filled in:
///
/// | token | stands for |
/// |---|---|
/// | `Wd` `Xd` | the general-purpose register that field `d` names; with a `\|sp` behind it, 31 is the stack pointer |
/// | `Rd` | `Xd` if the field `x` is 1, otherwise `Wd` |
/// | `Zd` | `Xd` if the field `z` is 3, otherwise `Wd` |
/// | `Bd` `Hd` `Sd` `Dd` `Qd` `Vd` | the vector register, by the width of the access |
/// | `Fd` | `Sd`, `Dd` or `Hd` if the field `t` is 0, 1 or 3 |
/// | `Ed` `Yd` | `Bd` to `Dd` by the field `z`; `Sd` or `Dd` by the field `y` |
/// | `R+d`, `E+d` | the next register; the next width |
/// | `T` `T+` `Ty` | `8b` or `16b` and so on by the fields `z` and `q`; the next width, full; `2s`, `4s` or `2d` by the fields `y` and `q` |
/// | `8b` `2h` `4h` `2s` `1d` | this, twice as many if the field `q` is 1 |
/// | `2` | 2 if the field `q` is 1 |
/// | `#i` `#-i` `#i*8` `#i+1` | a number, unsigned or signed, scaled, moved |
/// | `,#i` | the same behind a comma, nothing if it is 0 |
/// | `o?and\|orr\|-` | the text of the field's value; a word does not fit if it is `-` or missing |
/// | a word | what `IntegerParts`, `VectorParts` or `SystemParts` have by that name |
///
/// Conditions stand behind a semicolon: `i!=0`, `n=m`, `s<r`; `:bhs` says which values of the field
/// `z` are allocated, where `d` is for a whole vector only. `$` begins an abbreviation.
///
/// The text is that of Capstone 5: lower case, numbers beyond 9 in hexadecimal, a branch's target
/// as an address. Knows nothing else of Cairn.
@NullMarked
package dev.cairn.program.isa.text;

import org.jspecify.annotations.NullMarked;
