/// Follows control through a run: from executions of blocks to calls, returns and what happens
/// inside each activation of a function. What looks at functions, loops or library calls listens
/// here, so that there is one idea of what a call is. Knows the events and the program, not where
/// they come from.
@NullMarked
package dev.cairn.profile.flow;

import org.jspecify.annotations.NullMarked;
