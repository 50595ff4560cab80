package dev.cairn.program.call;

import dev.cairn.TestGuests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What the headers for AArch64 say: of the kernel, and of the C library.
///
/// A program with all expressions is compiled for the guest and run; expressions that do not
/// compile are taken out first.
final class CrossHeaders {
  /// The kernel's headers that define what system calls take.
  static final List<String> KERNEL =
      List.of(
          "linux/fcntl.h",
          "linux/stat.h",
          "asm/mman.h",
          "linux/mman.h",
          "linux/fadvise.h",
          "linux/mempolicy.h",
          "linux/sched.h",
          "linux/sched/types.h",
          "asm/signal.h",
          "asm/siginfo.h",
          "linux/wait.h",
          "linux/futex.h",
          "linux/time.h",
          "linux/timerfd.h",
          "linux/fs.h",
          "linux/eventpoll.h",
          "asm/poll.h",
          "linux/inotify.h",
          "linux/signalfd.h",
          "linux/falloc.h",
          "linux/xattr.h",
          "linux/mount.h",
          "linux/resource.h",
          "linux/ioprio.h",
          "linux/tcp.h",
          "linux/msg.h",
          "linux/sem.h",
          "linux/shm.h",
          "linux/ptrace.h",
          "linux/prctl.h",
          "linux/keyctl.h",
          "linux/kcmp.h",
          "linux/seccomp.h",
          "linux/random.h",
          "linux/memfd.h",
          "linux/bpf.h",
          "linux/userfaultfd.h",
          "linux/membarrier.h",
          "linux/fanotify.h",
          "linux/perf_event.h",
          "linux/kexec.h",
          "linux/module.h",
          "linux/close_range.h",
          "linux/openat2.h",
          "linux/io_uring.h",
          "linux/landlock.h",
          "linux/timex.h",
          "linux/net.h",
          "asm/socket.h",
          "linux/aio_abi.h",
          "linux/capability.h",
          "linux/utsname.h",
          "linux/sysinfo.h",
          "linux/times.h",
          "linux/mqueue.h",
          "linux/uio.h",
          "asm/statfs.h",
          "asm/stat.h",
          "asm/termbits.h",
          "asm/ioctls.h",
          "linux/sockios.h",
          "linux/loop.h",
          "linux/kd.h",
          "linux/vt.h",
          "linux/rtc.h",
          "linux/cdrom.h",
          "linux/soundcard.h",
          "linux/hdreg.h",
          "linux/fb.h",
          "linux/dm-ioctl.h",
          "linux/if_tun.h",
          "linux/btrfs.h",
          "linux/usbdevice_fs.h",
          "linux/msdos_fs.h",
          "linux/mtio.h",
          "linux/fd.h",
          "linux/blkpg.h",
          "linux/fiemap.h",
          "linux/netlink.h",
          "linux/if_packet.h",
          "asm/termios.h");

  /// The C library's, for what the kernel's lack.
  static final List<String> LIBRARY =
      List.of(
          "sys/socket.h",
          "sys/mount.h",
          "sys/eventfd.h",
          "sys/epoll.h",
          "fcntl.h",
          "signal.h",
          "netinet/in.h",
          "sys/statfs.h",
          "sys/sysinfo.h",
          "sys/utsname.h",
          "sys/resource.h",
          "sys/times.h",
          "sys/timex.h",
          "sys/uio.h",
          "mqueue.h",
          "sys/stat.h",
          "sys/shm.h",
          "sys/msg.h",
          "sys/sem.h",
          "termios.h",
          "sys/ioctl.h",
          "sound/asound.h");

  private static final Pattern ERROR = Pattern.compile("(?m)^[^:\n]*:(\\d+):[^\n]*error");

  private CrossHeaders() {}

  /// Evaluates integer expressions.
  ///
  /// @return by expression; without what does not compile
  static Map<String, Long> values(Path folder, List<String> headers, Collection<String> expressions)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add("#define _GNU_SOURCE");
    for (String header : headers) {
      lines.add("#if __has_include(<" + header + ">)");
      lines.add("#include <" + header + ">");
      lines.add("#endif");
    }
    lines.add("#include <stddef.h>");
    lines.add("extern int printf(const char *, ...);");
    lines.add("int main(void) {");
    for (String each : expressions) {
      lines.add("printf(\"%lld \" \"%s\\n\", (long long)(" + each + "), \"" + each + "\");");
    }
    lines.add("return 0; }");
    Path source = folder.resolve("facts.c");
    Path program = folder.resolve("facts");
    String wrong = compile(source, program, lines);
    if (!wrong.isEmpty()) {
      ERROR.matcher(wrong).results().forEach(m -> lines.set(Integer.parseInt(m.group(1)) - 1, ""));
      wrong = compile(source, program, lines);
    }
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(wrong);
    }
    Map<String, Long> values = new TreeMap<>();
    String output = TestGuests.run(List.of(TestGuests.qemu().toString(), program.toString()));
    for (String line : output.lines().toList()) {
      int space = line.indexOf(' ');
      values.put(line.substring(space + 1), Long.valueOf(line.substring(0, space)));
    }
    return values;
  }

  /// {@return the macros that a header defines, with what they stand for}
  static Map<String, String> macros(String header) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(TestGuests.crossCompiler(), "-E", "-dM", "-include", header, "-")
            .redirectInput(new java.io.File("/dev/null"))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("no header " + header);
    }
    Map<String, String> macros = new TreeMap<>();
    for (String line : output.lines().toList()) {
      String[] words = line.split(" ", 3);
      macros.put(words[1], words.length < 3 ? "" : words[2]);
    }
    return macros;
  }

  private static String compile(Path source, Path program, List<String> lines)
      throws IOException, InterruptedException {
    Files.write(source, lines);
    Process process =
        new ProcessBuilder(
                TestGuests.crossCompiler(),
                "-w",
                "-fmax-errors=0",
                "-static",
                "-o",
                program.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : output;
  }
}
