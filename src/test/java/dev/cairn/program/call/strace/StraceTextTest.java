package dev.cairn.program.call.strace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.FetchPlan;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What [StraceWitnessTest] can't make QEMU print here, after QEMU's source.
final class StraceTextTest {
  private static final StraceText TEXT = new StraceText();
  private static final long AT = 0x1000;

  private static SystemCall call(String name, Map<Integer, byte[]> memory, long... arguments) {
    SystemCallSignature signature =
        Objects.requireNonNull(SystemCallTable.aarch64Linux().call(name), name);
    return new SystemCall(signature.number(), Arrays.copyOf(arguments, 6), memory);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void printsNamesOfAttributes() {
    SystemCall call = call("listxattr", Map.of(0, text("a")), AT, AT, 100);
    byte[] names = text("user.one\0user.two\0");
    assertThat(TEXT.line(call, new SystemCallResult(18, Map.of(1, names))))
        .isEqualTo(
            "listxattr(\"a\",0x0000000000001000,100) = 18 (list = \"user.one\",\"user.two\")");
    assertThat(
            TEXT.result(call("flistxattr", Map.of(), 3, 0, 0), new SystemCallResult(18, Map.of())))
        .isEqualTo(" = 18 (list = NULL)");
  }

  @Test
  void printsNoNumberOfAChildThatEnded() {
    SystemCall call = call("wait4", Map.of(), -1, AT, 0, 0);
    assertThat(TEXT.line(call, new SystemCallResult(77, Map.of(1, new byte[4]))))
        .isEqualTo("wait4(-1,0x1000,0,(nil)) = ");
  }

  @Test
  void printsQemusOwnErrors() {
    SystemCall call = call("read", Map.of(), 3, AT, 5);
    assertThat(TEXT.result(call, new SystemCallResult(-512, Map.of())))
        .isEqualTo(" = -1 errno=512 (To be restarted)");
    assertThat(TEXT.result(call, new SystemCallResult(-513, Map.of())))
        .isEqualTo(" = -1 errno=513 (Successful exit from sigreturn)");
    assertThat(TEXT.result(call, new SystemCallResult(-600, Map.of())))
        .isEqualTo(" = -1 errno=600 (Unknown error 600)");
    assertThat(TEXT.result(call, new SystemCallResult(-5000, Map.of()))).isEqualTo(" = -5000");
  }

  @Test
  void printsNoResultWhereQemuPrintsNone() {
    SystemCallResult result = new SystemCallResult(0, Map.of());
    assertThat(TEXT.line(call("exit_group", Map.of(), 3), result)).isEqualTo("exit_group(3)");
    assertThat(TEXT.line(new SystemCall(425, new long[6], Map.of()), result))
        .isEqualTo("Unknown syscall 425");
  }

  @Test
  void printsAnAddressForWhatCouldNotBeRead() {
    assertThat(TEXT.entry(call("chdir", Map.of(), AT))).isEqualTo("chdir(0x0000000000001000)");
    assertThat(TEXT.entry(call("clock_settime", Map.of(1, new byte[15]), 0, AT)))
        .isEqualTo("clock_settime(CLOCK_REALTIME,0x0000000000001000)");
    assertThat(TEXT.entry(call("sendto", Map.of(), 3, AT, 5, 0, 0, 0)))
        .isEqualTo("sendto(3,0x0000000000001000,5,0,NULL,0)");
    assertThat(TEXT.entry(call("execve", Map.of(0, text("a"), 1, new byte[] {'b', 0, 2}), AT, AT)))
        .isEqualTo("execve(\"a\",{\"b\",)");
  }

  @Test
  void passesBytesOn() {
    SystemCall call = call("chdir", Map.of(0, new byte[] {(byte) 0xc3, (byte) 0xa9, '"', 10}), AT);
    assertThat(TEXT.entry(call).getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo(
            new byte[] {
              'c', 'h', 'd', 'i', 'r', '(', '"', (byte) 0xc3, (byte) 0xa9, '"', 10, '"', ')'
            });
  }

  @Test
  void printsASignalFromAChild() {
    ByteBuffer information = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    information.putInt(0, 17).putInt(8, 1).putInt(16, 100).putInt(20, 1000).putInt(24, 5);
    information.putLong(32, 6).putLong(40, 7);
    assertThat(TEXT.signal(17, information.array()))
        .isEqualTo(
            "--- SIGCHLD {si_signo=SIGCHLD, si_code=1, si_pid=100, si_uid=1000, si_status=5,"
                + " si_utime=6, si_stime=7} ---");
  }

  /// The words that show memory have what they need in the plan of every call.
  @Test
  void needsNoMoreThanThePlanFetches() {
    for (String line : DataFile.entries(StraceText.class, "qemu.formats")) {
      List<String> words = List.of(line.split(" +", -1));
      SystemCallSignature call =
          Objects.requireNonNull(SystemCallTable.aarch64Linux().call(words.getFirst()), line);
      FetchPlan plan = FetchPlan.of(call);
      int arrow = words.indexOf("->");
      int argument = 0;
      for (String word : words.subList(1, arrow < 0 ? words.size() : arrow)) {
        int at = word.indexOf('@');
        argument = at < 0 ? argument : Integer.parseInt(word.substring(at + 1));
        argument += word.equals("ioctl") ? 1 : 0; // behind its command
        assertThat(fetched(plan, argument, FetchPlan.When.ENTRY))
            .as(line)
            .isGreaterThanOrEqualTo(needed(word.replaceFirst("[(@].*", "")));
        argument++;
      }
      if (arrow >= 0) {
        String form = words.get(arrow + 1);
        argument = form.contains("(") ? form.charAt(form.indexOf('(') + 1) - '0' : 0;
        argument = form.equals("ioctl") || form.equals("setitimer") ? 2 : argument;
        int bytes = needed(form.replaceFirst("\\(.*", ""));
        assertThat(fetched(plan, argument, FetchPlan.When.RETURN))
            .as(line)
            .isGreaterThanOrEqualTo(bytes);
      }
    }
  }

  private static int needed(String word) {
    return switch (word) {
      case "str", "%s", "ioctl" -> 4096;
      case "argv" -> 32768;
      case "names" -> 65536;
      case "siginfo" -> 128;
      case "sockaddr" -> 110;
      case "buf" -> 40;
      case "itimerval", "setitimer" -> 32;
      case "how" -> 24;
      case "timespec", "timeval", "rlimit", "futextimeout", "gettimeofday" -> 16;
      case "sigset", "timezone" -> 8;
      case "number" -> 4;
      default -> 0;
    };
  }

  private static int fetched(FetchPlan plan, int argument, FetchPlan.When when) {
    for (FetchPlan.Item each : plan.items()) {
      if (each.argument() == argument && each.when() == when) {
        return each.limit();
      }
    }
    return 0;
  }
}
