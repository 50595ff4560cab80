/// Where in physical memory the pages of a program lie that runs without a kernel to say so: models
/// of what kernels do. Knows events, and system calls by their names.
@NullMarked
package dev.cairn.memory.placement;

import org.jspecify.annotations.NullMarked;
