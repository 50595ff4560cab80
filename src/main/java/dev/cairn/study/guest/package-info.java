/// The guest as a study runs it, again and again: its input kept, its output passed on once, its
/// environment told, and who starts it.
@NullMarked
package dev.cairn.study.guest;

import org.jspecify.annotations.NullMarked;
