/// Where data lie, and how often what lies there, or what an instruction asked for, missed.
@NullMarked
package dev.cairn.memory.simulation.place;

import org.jspecify.annotations.NullMarked;
