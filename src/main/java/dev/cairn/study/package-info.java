/// The main job: profile a program, choose regions, measure them, estimate the whole; a directory
/// that holds every stage's result and from which a study that was cut goes on.
@NullMarked
package dev.cairn.study;

import org.jspecify.annotations.NullMarked;
