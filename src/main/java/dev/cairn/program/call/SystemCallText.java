package dev.cairn.program.call;

/// A way to write a system call down in one line.
public interface SystemCallText {
  /// {@return the name and the arguments as they are known before the kernel runs}
  String entry(SystemCall call);

  /// {@return what follows the text of [#entry]: an equals sign and the result}
  String result(SystemCall call, SystemCallResult result);

  /// {@return the whole line of a call that returned, without its end}
  default String line(SystemCall call, SystemCallResult result) {
    return entry(call) + result(call, result);
  }
}
