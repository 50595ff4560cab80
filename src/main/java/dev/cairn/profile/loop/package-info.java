/// Loops as a run went through them: natural loops of each function's dynamic flow graph, how often
/// they were entered and how many iterations they made. Listens to the flow of calls.
@NullMarked
package dev.cairn.profile.loop;

import org.jspecify.annotations.NullMarked;
