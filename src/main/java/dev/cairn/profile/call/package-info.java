/// Functions and their calls: how often, how deep, for how many instructions, from where, and into
/// which library. Hears of calls from [dev.cairn.profile.flow]; knows no file format.
@NullMarked
package dev.cairn.profile.call;

import org.jspecify.annotations.NullMarked;
