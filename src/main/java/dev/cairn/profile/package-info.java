/// Control flow: what a run executed, block by block. Knows events and the program's static side.
@NullMarked
package dev.cairn.profile;

import org.jspecify.annotations.NullMarked;
