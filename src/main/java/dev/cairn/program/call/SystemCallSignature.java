package dev.cairn.program.call;

import java.util.List;

/// What a system call is called, takes and gives.
///
/// @param number as the guest's register has it
/// @param arguments the type of each argument that the kernel reads, at most 6
/// @param result the type of what comes back; `none` if the call does not return
public record SystemCallSignature(
    int number, String name, List<TypeWord> arguments, TypeWord result) {
  public SystemCallSignature {
    arguments = List.copyOf(arguments);
    if (arguments.size() > SystemCall.ARGUMENTS) {
      throw new IllegalArgumentException(name + " has too many arguments: " + arguments.size());
    }
  }
}
