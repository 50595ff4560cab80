/// What a run covered, in the terms of other tools: how often each line of source executed and each
/// branch went which way, and which code of which file executed. Made from true blocks, the files
/// that they come from and their debug information.
@NullMarked
package dev.cairn.profile.coverage;

import org.jspecify.annotations.NullMarked;
