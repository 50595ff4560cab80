/// What is measured of regions: where they begin, the windows in which they are warmed up and
/// timed, and what came out.
@NullMarked
package dev.cairn.study.measure;

import org.jspecify.annotations.NullMarked;
