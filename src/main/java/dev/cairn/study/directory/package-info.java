/// The directory of a study: what it was asked for, which stages are done, their files, and the
/// studies whose stages another one takes over.
@NullMarked
package dev.cairn.study.directory;

import org.jspecify.annotations.NullMarked;
