/// Totals of a run: instructions by class, branches, accesses, what was touched. Knows events and
/// the program's static side.
@NullMarked
package dev.cairn.profile.stat;

import org.jspecify.annotations.NullMarked;
