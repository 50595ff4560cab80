/// Vectors by function and by loop branch, of each thread and of all together, and their files.
@NullMarked
package dev.cairn.profile.vector;

import org.jspecify.annotations.NullMarked;
