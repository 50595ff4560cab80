package dev.cairn.profile.flow;

/// Activations for tests of listeners.
public final class Activations {
  private Activations() {}

  /// {@return an activation of thread 0}
  public static Activation of(int slot, int function) {
    Activation activation = new Activation(slot);
    activation.function = function;
    return activation;
  }
}
