/// What is asked of a simulation of caches, and what it answers.
@NullMarked
package dev.cairn.memory.simulation.result;

import org.jspecify.annotations.NullMarked;
