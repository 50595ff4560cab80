package dev.cairn.program.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DecodedTextTest {
  private static final long AT = 0x1000;
  private static final DecodedText TEXT = new DecodedText();
  private static final Map<Integer, byte[]> NOTHING = Map.of();

  private static SystemCall call(String name, Map<Integer, byte[]> memory, long... arguments) {
    SystemCallSignature signature =
        Objects.requireNonNull(SystemCallTable.aarch64Linux().call(name), name);
    return new SystemCall(signature.number(), Arrays.copyOf(arguments, 6), memory);
  }

  private static String line(SystemCall call, long result, Map<Integer, byte[]> written) {
    return TEXT.line(call, new SystemCallResult(result, written));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] longs(long... of) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * of.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(of).forEach(bytes::putLong);
    return bytes.array();
  }

  @Test
  void namesFlagsAndLeavesOutAModeThatIsNotRead() {
    SystemCall call = call("openat", Map.of(1, text("words.txt")), -100, AT, 0x80000, 0777);
    assertThat(line(call, 3, NOTHING))
        .isEqualTo("openat(AT_FDCWD, \"words.txt\", O_RDONLY|O_CLOEXEC) = 3");
  }

  @Test
  void showsTheModeOfANewFile() {
    SystemCall call = call("openat", Map.of(1, text("new")), 5, AT, 0101, 0600);
    assertThat(line(call, -2, NOTHING))
        .isEqualTo(
            "openat(5, \"new\", O_WRONLY|O_CREAT, 0600) = -1 ENOENT (No such file or directory)");
  }

  @Test
  void showsWhatWasReadUpToThirtyTwoBytes() {
    SystemCall call = call("read", NOTHING, 3, AT, 65536);
    byte[] read = text("some words in a line\nsome \"words\" in the next");
    assertThat(line(call, 65536, Map.of(1, Arrays.copyOf(read, 40))))
        .isEqualTo("read(3, \"some words in a line\\nsome \\\"words\"..., 65536) = 65536");
    assertThat(TEXT.entry(call)).isEqualTo("read(3, 0x1000, 65536)");
    assertThat(line(call, 0, Map.of(1, new byte[0]))).isEqualTo("read(3, \"\", 65536) = 0");
    assertThat(line(call, -9, NOTHING))
        .isEqualTo("read(3, 0x1000, 65536) = -1 EBADF (Bad file descriptor)");
  }

  @Test
  void escapesWhatDoesNotPrint() {
    SystemCall call = call("write", Map.of(1, new byte[] {0, '1', (byte) 0xc3, 9, 127}), 1, AT, 5);
    assertThat(TEXT.entry(call)).isEqualTo("write(1, \"\\0001\\303\\t\\177\", 5)");
  }

  @Test
  void showsStructsThatTheKernelReadsAndWrites() {
    SystemCall call = call("prlimit64", Map.of(2, longs(1024, -1)), 0, 7, AT, AT);
    assertThat(line(call, 0, Map.of(3, longs(4096, 4096))))
        .isEqualTo(
            "prlimit64(0, RLIMIT_NOFILE, {rlim_cur=1024, rlim_max=RLIM64_INFINITY},"
                + " {rlim_cur=4096, rlim_max=4096}) = 0");
    assertThat(line(call("clock_gettime", NOTHING, 1, AT), 0, Map.of(1, longs(5, 6))))
        .isEqualTo("clock_gettime(CLOCK_MONOTONIC, {tv_sec=5, tv_nsec=6}) = 0");
  }

  @Test
  void showsNumbersThatArePassedByAddress() {
    SystemCall call = call("pipe2", NOTHING, AT, 0x80000);
    assertThat(line(call, 0, Map.of(0, longs(0x400000003L))))
        .isEqualTo("pipe2([3, 4], O_CLOEXEC) = 0");
    SystemCall accept = call("accept", Map.of(2, longs(16)), 3, AT, AT);
    byte[] address = longs(0x0100007f50000002L, 0);
    assertThat(line(accept, 4, Map.of(1, address, 2, longs(8))))
        .isEqualTo(
            "accept(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")},"
                + " [16] => [8]) = 4");
  }

  @Test
  void showsArraysByTheirNumber() {
    long readable = 3 | 1L << 32;
    SystemCall call = call("ppoll", Map.of(0, longs(readable, 4 | 5L << 32)), AT, 2, 0, 0, 8);
    assertThat(line(call, 1, Map.of(0, longs(readable | 1L << 48, 4 | 5L << 32))))
        .isEqualTo(
            "ppoll([{fd=3, events=POLLIN, revents=0}, {fd=4, events=POLLIN|POLLOUT, revents=0}] =>"
                + " [{fd=3, events=POLLIN, revents=POLLIN},"
                + " {fd=4, events=POLLIN|POLLOUT, revents=0}], 2, NULL, NULL, 8) = 1");
  }

  @Test
  void showsSetsOfSignals() {
    SystemCall call = call("rt_sigprocmask", Map.of(1, longs(0x201)), 0, AT, AT, 8);
    assertThat(line(call, 0, Map.of(2, longs(~(1L << 8)))))
        .isEqualTo("rt_sigprocmask(SIG_BLOCK, [HUP USR1], ~[KILL], 8) = 0");
  }

  @Test
  void packsAndUnpacksAsTheKernelDoes() {
    assertThat(TEXT.entry(call("mmap", NOTHING, 0, 8192, 3, 0x22, -1, 0)))
        .isEqualTo("mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
    assertThat(TEXT.entry(call("mprotect", NOTHING, AT, 4096, 0)))
        .isEqualTo("mprotect(0x1000, 4096, PROT_NONE)");
    assertThat(TEXT.entry(call("clone", NOTHING, 0x1200011, 0, 0, 0, AT)))
        .isEqualTo(
            "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, NULL, NULL, NULL, 0x1000)");
    assertThat(TEXT.entry(call("futex", Map.of(3, longs(1, 2)), AT, 0x189, 5, AT, 0, -1)))
        .isEqualTo(
            "futex(0x1000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0x5,"
                + " {tv_sec=1, tv_nsec=2}, NULL, 0xffffffff)");
    assertThat(TEXT.entry(call("socket", NOTHING, 2, 0x80801, 6)))
        .isEqualTo("socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 6)");
    assertThat(TEXT.entry(call("mknodat", Map.of(1, text("n")), -100, AT, 020600, 0x501)))
        .isEqualTo("mknodat(AT_FDCWD, \"n\", S_IFCHR|0600, makedev(0x5, 0x1))");
  }

  @Test
  void showsWhatACommandTakes() {
    assertThat(TEXT.entry(call("fcntl", NOTHING, 3, 3, 99))).isEqualTo("fcntl(3, F_GETFL)");
    assertThat(TEXT.entry(call("fcntl", NOTHING, 3, 4, 0x800)))
        .isEqualTo("fcntl(3, F_SETFL, O_RDONLY|O_NONBLOCK)");
    assertThat(TEXT.entry(call("fcntl", Map.of(2, longs(1, 0, 0, 7)), 3, 6, AT)))
        .isEqualTo(
            "fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=0, l_len=0, l_pid=7})");
    byte[] size = longs(0x0000000000500018L);
    assertThat(line(call("ioctl", NOTHING, 1, 0x5413, AT), 0, Map.of(2, size)))
        .isEqualTo("ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0");
    assertThat(TEXT.entry(call("ioctl", NOTHING, 1, 0x80045430L, AT)))
        .isEqualTo("ioctl(1, TIOCGPTN, 0x1000)");
  }

  @Test
  void showsTheArgumentsOfAProgram() {
    byte[] arguments = text("one\0\0two\0\0");
    SystemCall call = call("execve", Map.of(0, text("/bin/a"), 1, arguments), AT, AT, AT);
    assertThat(TEXT.entry(call)).isEqualTo("execve(\"/bin/a\", [\"one\", \"\", \"two\"], 0x1000)");
    arguments[arguments.length - 1] = 1;
    assertThat(TEXT.entry(call))
        .isEqualTo("execve(\"/bin/a\", [\"one\", \"\", \"two\", ...], 0x1000)");
  }

  @Test
  void showsHowAChildEnded() {
    SystemCall call = call("wait4", NOTHING, -1, AT, 1, 0);
    assertThat(line(call, 7, Map.of(1, longs(0x500))))
        .isEqualTo(
            "wait4(-1, 0x1000, WNOHANG, NULL) = 7"
                .replace("0x1000", "[{WIFEXITED(s) && WEXITSTATUS(s) == 5}]"));
    assertThat(line(call, 7, Map.of(1, longs(0x8b))))
        .contains("[{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}]");
  }

  @Test
  void saysWhenACallDoesNotReturn() {
    assertThat(line(call("exit_group", NOTHING, 3), 0, NOTHING)).isEqualTo("exit_group(3) = ?");
    assertThat(line(call("rt_sigreturn", NOTHING), -513, NOTHING)).isEqualTo("rt_sigreturn() = ?");
  }

  @Test
  void showsACallThatIsInNoTable() {
    SystemCall call = new SystemCall(5000, new long[] {1, 0, -1, 0, 0, 0}, NOTHING);
    assertThat(line(call, -38, NOTHING))
        .isEqualTo(
            "syscall_5000(0x1, 0, 0xffffffffffffffff, 0, 0, 0) = -1 ENOSYS (Function not implemented)");
  }

  /// Whatever a guest hands over, each call has a line of ASCII.
  @Test
  void showsEveryCallWithAnyNumbersAndAnyMemory() {
    SplittableRandom random = new SplittableRandom(5);
    for (SystemCallSignature signature : SystemCallTable.aarch64Linux().calls()) {
      for (int round = 0; round < 40; round++) {
        long[] arguments = new long[SystemCall.ARGUMENTS];
        Map<Integer, byte[]> before = new HashMap<>();
        Map<Integer, byte[]> after = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = random.nextLong() >> random.nextInt(64);
        }
        for (FetchPlan.Item item : FetchPlan.of(signature).items()) {
          byte[] bytes = new byte[random.nextInt(Math.min(item.limit(), 300) + 1)];
          random.nextBytes(bytes);
          (item.when() == FetchPlan.When.ENTRY ? before : after).put(item.argument(), bytes);
        }
        SystemCall call = new SystemCall(signature.number(), arguments, before);
        assertThat(line(call, random.nextLong() >> random.nextInt(64), after))
            .startsWith(signature.name() + "(")
            .matches("[ -~]+");
      }
    }
  }
}
