/// Studies of a part of a run: what was asked for, of which parts of the run it consists, and how
/// these are found again in each further run.
@NullMarked
package dev.cairn.study.scope;

import org.jspecify.annotations.NullMarked;
