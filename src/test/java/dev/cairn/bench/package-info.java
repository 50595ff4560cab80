/// Measurements of pieces, each a class with a `main`.
@NullMarked
package dev.cairn.bench;

import org.jspecify.annotations.NullMarked;
