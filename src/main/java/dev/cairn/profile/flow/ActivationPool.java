package dev.cairn.profile.flow;

import java.util.Arrays;

/// Activations that have ended, to be used again.
final class ActivationPool {
  private Activation[] free = new Activation[64];
  private int size;
  private int made;

  Activation take() {
    return size == 0 ? new Activation(made++) : free[--size];
  }

  void give(Activation ended) {
    if (size == free.length) {
      free = Arrays.copyOf(free, size * 2);
    }
    free[size++] = ended;
  }
}
