/*
 * Makes system calls of many kinds with known registers and memory, most of
 * them in vain, and writes down what it did: for each call its number, six
 * arguments and the result, and the arena that they point into as it was before
 * and after. Signals that it took are written down as number -1, with the
 * siginfo_t at the arena's start. First of all comes the arena's address. No
 * call changes the machine, even if the process may.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { ARENA = 4096, MOST = 1024 };

struct call {
    int64_t number, arguments[6], result;
    char before[ARENA], after[ARENA];
};

static char arena[ARENA] __attribute__((aligned(4096)));
static struct call *calls;
static int made;

static long raw(long number, const int64_t *a)
{
    register long x8 asm("x8") = number;
    register long x0 asm("x0") = a[0];
    register long x1 asm("x1") = a[1];
    register long x2 asm("x2") = a[2];
    register long x3 asm("x3") = a[3];
    register long x4 asm("x4") = a[4];
    register long x5 asm("x5") = a[5];
    asm volatile("svc #0" : "+r"(x0)
                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                 : "memory");
    return x0;
}

static long made_call(long number, long a, long b, long c, long d, long e, long f)
{
    struct call *to = &calls[made++];
    int64_t arguments[6] = {a, b, c, d, e, f};

    to->number = number;
    memcpy(to->arguments, arguments, sizeof(arguments));
    memcpy(to->before, arena, ARENA);
    to->result = raw(number, arguments);
    memcpy(to->after, arena, ARENA);
    return to->result;
}

static void handler(int number, siginfo_t *information, void *context)
{
    struct call *to = &calls[made++];

    to->number = -1;
    to->arguments[0] = number;
    memcpy(to->before, information, sizeof(*information));
    if (number == SIGSEGV) {
        ((ucontext_t *)context)->uc_mcontext.pc += 4;
    }
}

/* Places in the arena, 256 bytes each but for the last. */
enum { A = 256, B = 512, C = 768, D = 1024, E = 2048 };

static long at(int place)
{
    return (long)arena + place;
}

static long text(int place, const char *of)
{
    strcpy(arena + place, of);
    return at(place);
}

static long words(int place, int count, const int64_t *of)
{
    memcpy(arena + place, of, count * sizeof(*of));
    return at(place);
}

#define WORDS(PLACE, ...) \
    words(PLACE, sizeof((int64_t[]){__VA_ARGS__}) / 8, (int64_t[]){__VA_ARGS__})

#define CALL(NAME, ...) CALL_(NAME, __VA_ARGS__, 0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666)
#define CALL_(NAME, A0, A1, A2, A3, A4, A5, ...) \
    made_call(SYS_##NAME, (long)(A0), (long)(A1), (long)(A2), (long)(A3), (long)(A4), (long)(A5))

static void files(void)
{
    long path = text(A, "/nowhere/a \"b\" \xc3\xa9");
    long other = text(B, "");
    long fd = CALL(openat, -100, text(C, "/dev/null"), 0x80042, 0100644);
    static const int flags[] = {0, 1, 3, 0x241, 0x404002, 0x404000, 0x101000, 0x1000, 0x7ffffffc, -1};

    for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
        CALL(openat, 5, path, flags[i], i == 3 ? 0 : 07777);
    }
    CALL(openat, -100, 0, 0);
    CALL(openat, -100, other, 0x80000);
    CALL(openat2, -100, path, WORDS(D, 0x42, 0600, 0x15), 24);
    CALL(openat2, -100, path, WORDS(D, 0, 0, 0, 0), 32);
    CALL(openat2, -100, path, WORDS(D, 0, 0, 0, 1), 32);
    CALL(openat2, -100, path, at(D), 16);
    CALL(mknodat, -100, path, 0100644, 0x123456789abcdef);
    CALL(mknodat, -100, path, 020600, 0x123456789abcdef);
    CALL(mknodat, 3, path, 060000, 0x501);
    CALL(mknodat, -100, path, 010000, 0);
    CALL(mkdirat, -100, path, 0755);
    CALL(mkdirat, -100, path, 0);
    CALL(unlinkat, -100, path, 0x200);
    CALL(unlinkat, -100, path, 1);
    CALL(symlinkat, path, -100, other);
    CALL(linkat, -100, path, 7, other, 0x1500);
    CALL(renameat, -100, path, -100, other);
    CALL(renameat2, -100, path, -100, other, 1);
    CALL(faccessat, -100, path, 0);
    CALL(faccessat, -100, path, 5, 0x7f00000100);
    CALL(faccessat2, -100, path, 7, 0x300);
    CALL(fchmodat, -100, path, 0600, 0x100);
    CALL(fchmod, fd, 0600);
    CALL(fchownat, -100, path, -1, 5, 0x1000);
    CALL(fchown, -1, -1, 3);
    CALL(newfstatat, -100, path, at(E), 0x100);
    CALL(fstat, fd, at(E));
    CALL(statx, -100, path, 0, 0xfff, at(E));
    CALL(statx, -100, path, 0x3800, 0x1800, 0);
    CALL(statx, -100, path, 0x4100, 0x7ff, 0);
    CALL(utimensat, -100, path, WORDS(D, 1, 2, 3, 4), 0x100);
    CALL(readlinkat, -100, path, at(E), 100);
    CALL(truncate, path, -5);
    CALL(ftruncate, -1, 1L << 40);
    CALL(fallocate, -1, 3, 1L << 33, 7);
    CALL(fallocate, -1, 0, 0, 0);
    CALL(fallocate, -1, 0x1ff, 0, 0);
    CALL(lseek, fd, -7, 2);
    CALL(lseek, fd, 1L << 40, 0);
    CALL(lseek, -1, 0, 4);
    CALL(lseek, -1, 0, 99);
    CALL(read, fd, at(E), 10);
    CALL(write, fd, at(A), 10);
    CALL(pread64, fd, at(E), 10, 1L << 40);
    CALL(pwrite64, -1, at(E), 10, -1);
    CALL(readv, -1, WORDS(D, at(A), 5, at(B), 6), 2);
    CALL(writev, fd, WORDS(D, at(A), 5, at(B), 6), 2);
    CALL(statfs, path, at(E));
    CALL(fstatfs, fd, at(E));
    CALL(getcwd, at(E), 100);
    CALL(chdir, path);
    CALL(fchdir, fd);
    CALL(chroot, path);
    CALL(acct, path);
    CALL(umask, 022);
    CALL(umount2, path, 3);
    CALL(umount2, path, 0);
    CALL(mount, path, path, other, 0x3007, at(E));
    CALL(mount, 0, path, 0, 0x80000000L, 0);
    CALL(dup3, fd, 400, 0x80000);
    CALL(dup, -1);
    CALL(close_range, 900, 1000, 0);
    CALL(copy_file_range, -1, at(D), -1, 0, 1L << 40, 0);
    CALL(setxattr, path, text(C, "user.a"), at(E), 4, 1);
    CALL(getxattr, path, at(C), at(E), 4);
    CALL(lgetxattr, path, at(C), at(E), 4);
    CALL(fgetxattr, fd, at(C), at(E), 1L << 40);
    CALL(listxattr, path, at(E), 100);
    CALL(listxattr, text(C, "/"), at(E), 100);
    CALL(flistxattr, fd, at(E), 100);
    CALL(removexattr, path, at(C));
    CALL(fremovexattr, fd, at(C));
    for (int command = 0; command < 17; command++) {
        CALL(fcntl, command == 4 ? -1 : fd, command, command == 0 ? 50 : command < 5 ? 0x800 : at(E));
    }
    for (int command = 1024; command < 1036; command++) {
        CALL(fcntl, -1, command, 3);
    }
    CALL(fcntl, -1, 36, at(E));
    CALL(fcntl, -1, 38, 0);
    CALL(fcntl, -1, 1L << 33, 0);
    CALL(fcntl, fd, 4, 0x40800);
}

static void memory_and_time(void)
{
    long where = CALL(mmap, 0, 8192, 3, 0x22, -1, 0);

    CALL(mprotect, where, 4096, 0);
    CALL(mprotect, where, 4096, 0x0100000f);
    CALL(madvise, where, 4096, 4);
    CALL(madvise, where, 1L << 33, 77);
    CALL(munmap, where, 8192);
    CALL(mmap, 0x1000001, 1L << 33, 0x10, 0xfffffff3, 3, 0x123456789000);
    CALL(mmap, 0, 0, 0, 0x100003, 3, 0);
    CALL(mremap, where, 1, 2, 3);
    CALL(msync, where, 4096, 4);
    CALL(mlock, where, 1L << 40);
    CALL(munlock, 0, 4096);
    CALL(mlockall, 8);
    CALL(mlockall, 0);
    CALL(brk, 0);
    CALL(shmat, -1, 0, 0x3000);
    CALL(shmat, -2, where, 1);
    CALL(clock_gettime, 1, at(E));
    CALL(clock_gettime, 77, at(E));
    CALL(clock_gettime, 0, 0);
    CALL(clock_getres, 4, at(E));
    CALL(clock_getres, 0, 0);
    CALL(clock_settime, 1, WORDS(D, 5, -6));
    CALL(clock_settime, 99, 0);
    CALL(clock_nanosleep, 1, 0, WORDS(D, 0, 1000), WORDS(A, 7, 8));
    CALL(clock_nanosleep, 1, 1, at(D), 0);
    CALL(clock_adjtime, 1, 0);
    CALL(nanosleep, WORDS(D, 0, 1000), 0);
    CALL(gettimeofday, at(E), at(A));
    CALL(gettimeofday, at(E), 0);
    CALL(settimeofday, WORDS(D, 1, 2000000), WORDS(A, 0x200010000));
    CALL(settimeofday, 0, at(A));
    CALL(getitimer, 0, at(E));
    CALL(setitimer, 0, WORDS(D, 0, 0, 0, 0), at(E));
    CALL(setitimer, 9, WORDS(D, 1, 2, 3, -4), 0);
    CALL(setitimer, 1, 0, 0);
    CALL(adjtimex, memset(arena + E, 0, 208));
    CALL(times, at(E));
    CALL(prlimit64, 0, 3, 0, at(E));
    CALL(prlimit64, 0, 7, WORDS(D, 1L << 40, -1), 0);
    CALL(prlimit64, 0, 99, 0, 0);
    CALL(getrlimit, 3, at(E));
    CALL(futex, at(D), 0x81, 1, at(A), at(B), 5);
    CALL(futex, at(D), 0x80, 12345, WORDS(A, 1, 2), 0, 5);
    CALL(futex, at(D), 0x189, 12345, 0, 0, -1);
    CALL(futex, at(D), 9 | 256, 12345, at(A), 0, -1);
    CALL(futex, at(D), 13, 12345, 0xffffffffff000, 0, -1);
    CALL(futex, at(D), 14, 1, 2, 3, 4);
    CALL(futex, 0, 1L << 40 | 1, 1, 2, 3, 4);
}

static void processes(void)
{
    CALL(execve, text(A, "/nowhere/program"), WORDS(D, text(B, "one"), text(C, ""), 0), 0);
    CALL(execve, at(A), WORDS(D, 0), 0);
    CALL(execveat, -100, at(A), WORDS(D, at(B), 0), 0, 0x1000);
    CALL(clone, 0x10011, 0, 0x1234, 0x5678, 0x9abc);
    CALL(clone, 0xffffffff80000100, -1, 1, 2, 3);
    CALL(unshare, 0x1fffffeff);
    CALL(wait4, -1, at(E), 1, 0);
    CALL(wait4, -1, 0, 1, 0);
    CALL(waitid, 0, 0, at(E), 4);
    CALL(getpid, 1);
    CALL(gettid, 1);
    CALL(getpgid, -1);
    CALL(setpgid, -1, -1);
    CALL(getsid, -1);
    CALL(setresuid, -1, -1, -1);
    CALL(getpriority, 0, 0);
    CALL(getpriority, 1L << 33, 7);
    CALL(sched_getaffinity, 0, 8, at(E));
    CALL(sched_yield, 1, -2, 3, 4, 5, -6);
    CALL(prctl, 15, at(A));
    CALL(personality, 0xffffffff);
    CALL(kill, 0x7ffffff0, 0);
    CALL(kill, 0x7ffffff0, 40);
    CALL(tkill, -1, 6);
    CALL(tgkill, -1, -1, 17);
    CALL(rt_sigaction, 9, 0, at(E), 8);
    CALL(rt_sigaction, 99, at(E), 0, 8);
    CALL(rt_sigprocmask, 0, WORDS(D, 0x8000000100000a01), at(E), 8);
    CALL(rt_sigprocmask, 1, at(D), 0, 8);
    CALL(rt_sigprocmask, 7, at(D), 0, 4);
    CALL(rt_sigprocmask, 2, 0, at(E), 8);
    CALL(rt_sigqueueinfo, 0x7ffffff0, 10, WORDS(D, 10, 0xffffffff, 0x200000001, -5, 0, 0));
    CALL(rt_sigqueueinfo, 0x7ffffff0, 17, WORDS(D, 17, 1, 0x200000001, 3, 4, 5));
    CALL(rt_sigqueueinfo, 0x7ffffff0, 29, WORDS(D, 29, 1, 0x200000001, 3));
    CALL(rt_sigqueueinfo, 0x7ffffff0, 10, WORDS(D, 10, 0, 0x200000001, 3));
    CALL(rt_sigqueueinfo, 0x7ffffff0, 10, 0);
    CALL(rt_tgsigqueueinfo, 0x7ffffff0, 1, 34, WORDS(D, 34, 0xfffffffa, 77));
    CALL(pidfd_send_signal, -1, 12, at(D), 5);
    CALL(pidfd_send_signal, -1, 12, 0, 5);
    CALL(pidfd_open, -1, 0);
    CALL(getrandom, at(E), 3, 1);
    CALL(uname, at(E));
    CALL(sysinfo, at(E));
    CALL(syslog, 99, at(E), 3);
    CALL(syslog, 10, 0, 0);
    CALL(semctl, -1, 1, 0x101, 0x1234);
    CALL(semctl, -1, 1, 11, 0);
    CALL(semctl, -1, 1, 50, 0);
    CALL(mq_open, text(A, "/q"), 0x40, 0600, at(D));
    CALL(mq_open, text(A, "/nowhere"), 2);
    CALL(mq_unlink, text(A, "/nowhere"));
    CALL(fsopen, text(A, "nothing"), 5);
    CALL(fsconfig, -1, 6, 0, 0, 0);
    CALL(move_mount, -1, text(A, "a"), -1, text(B, "b"), 0);
    CALL(mount_setattr, -1, at(A), 0, at(D), 32);
    CALL(io_uring_setup, 1, at(E));
    CALL(clone3, at(D), 0);
    CALL(rseq, 0, 32, 0, 0xd428bc00);
    CALL(mq_timedsend, -1, at(A), 5, 6, 0);
    CALL(memfd_create, at(A), -1);
}

static void sockets(void)
{
    static const int kinds[][3] = {
        {1, 1, 0}, {2, 2, 17}, {2, 0x80801, 6}, {2, 3, 255}, {2, 10, 3}, {2, 10, 0x10008},
        {17, 3, 3}, {17, 2, 0x300}, {16, 3, 0}, {16, 3, 16}, {16, 3, 99}, {99, 0, 99}, {10, 12, 41},
    };
    long fd = CALL(socket, 1, 0x80001, 0);

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        CALL(socket, kinds[i][0], kinds[i][1], kinds[i][2]);
    }
    CALL(bind, -1, WORDS(D, 0x6e2f2f6e2f0001, 0x6572656877), 14);
    CALL(bind, -1, WORDS(D, 0x0100007f50000002, 0), 16);
    CALL(bind, -1, WORDS(D, 0x3412345612345611, 0x0102030405060708, 0x1122334455667788), 20);
    CALL(bind, -1, WORDS(D, 0x0000000008000011, 0x0102030405040708, 0x1122334455667788), 20);
    CALL(bind, -1, WORDS(D, 0xfffffffe00000010, 7), 12);
    CALL(bind, -1, WORDS(D, 0x1234567890ab000a, -1, 3, 4), 28);
    CALL(bind, -1, 0, 16);
    CALL(connect, -1, at(D), 16);
    CALL(accept, -1, at(E), WORDS(A, 16));
    CALL(accept, -1, 0, 0);
    CALL(accept4, -1, 0, 0, 0x80000);
    CALL(listen, fd, -1);
    CALL(getsockname, fd, at(E), WORDS(A, 100));
    CALL(sendto, -1, text(B, "some text\n\x01\x7f\xff, and more of it than is shown"), 40, 0x4000,
         WORDS(D, 0x0100007f50000002, 0), 16);
    CALL(sendto, -1, at(B), 41, 0x80, at(D), 16);
    CALL(sendto, -1, at(B), 3, 0, at(D), 16);
    CALL(recvfrom, -1, at(E), 10, 0x100, 0, 0);
    CALL(recvmsg, -1, 0, 0x40000000);
    CALL(setsockopt, -1, 1, 2, at(A), 4);
    CALL(shutdown, -1, 2);
}

static void terminals(void)
{
    long fd = CALL(openat, -100, text(A, "/dev/ptmx"), 0x80102);
    long pipes = WORDS(B, 0);

    CALL(ioctl, fd, 0x5401, at(E));
    CALL(ioctl, -1, 0x5402, at(E));
    arena[E + 16] = 'L';
    CALL(ioctl, -1, 0x5403, WORDS(E, -1, -1, 0x0102030405060710));
    CALL(ioctl, -1, 0x402c542b, memset(arena + E, 0x41, 60));
    CALL(ioctl, fd, 0x802c542a, at(E));
    CALL(ioctl, fd, (int)0x802c542a, at(E));
    CALL(ioctl, fd, 0x5413, at(E));
    CALL(ioctl, fd, 0x5414, WORDS(E, 0x0004000300020001));
    CALL(ioctl, fd, 0x5413, at(E));
    CALL(ioctl, fd, 0x540b, 1);
    CALL(ioctl, fd, 0x80045430, at(E));
    CALL(ioctl, fd, 0x540d, 0);
    CALL(pipe2, pipes, 0x80000);
    CALL(ioctl, ((int *)(arena + B))[0], 0x541b, at(E));
    CALL(ioctl, -1, 0x5450);
    CALL(ioctl, -1, 0x8912, WORDS(E, 5, 0x1234));
    CALL(ioctl, -1, 0x8913, WORDS(E, 0x6f6c, 0, 0x7fff));
    CALL(ioctl, -1, 0x8916, WORDS(E, 0x6f6c, 0, 0x0201000000000002, 3));
    CALL(ioctl, -1, 0x4b46, WORDS(E, 0x12345678));
    CALL(ioctl, -1, 0x4c04, memset(arena + E, 0x42, 256));
    CALL(ioctl, -1, 0x1277, WORDS(E, -1, -2));
    CALL(ioctl, -1, 0x1262, 7);
    CALL(ioctl, -1, 0x4008700c, 1L << 40);
    CALL(ioctl, -1, 0x54c3, 5);
    CALL(ioctl, -1, 1L << 40, 1L << 40);
    CALL(ioctl, -1, 0x5414, 0x10);
}

static void signals(long process)
{
    CALL(kill, process, SIGUSR1);
    CALL(rt_sigqueueinfo, process, 34, WORDS(D, 34, 0xffffffff, 0x200000001, 77));
    asm volatile("ldr xzr, [%0]" : : "r"(0x123458L));
}

/*
 * Every call with registers that make no sense to it, but for those that end,
 * kill or stop something whatever they are given, or change who the process is.
 */
static void everything(void)
{
    static const short not[] = {
        SYS_vhangup, SYS_sync, SYS_exit, SYS_exit_group, SYS_kill, SYS_tkill, SYS_tgkill,
        SYS_rt_sigreturn, SYS_reboot, SYS_setregid, SYS_setreuid, SYS_setresuid,
        SYS_setresgid, SYS_setsid, SYS_set_tid_address, SYS_clone, SYS_acct, SYS_brk,
        SYS_move_mount, SYS_fsopen, SYS_fspick, SYS_mount_setattr,
    };

    for (int number = 0; number < 480; number++) {
        int skip = 0;

        for (unsigned i = 0; i < sizeof(not) / sizeof(*not); i++) {
            skip |= not[i] == number;
        }
        if (!skip) {
            made_call(number, -1, -2, -3, -4, -5, -6);
        }
    }
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    long start = (long)arena, process = getpid();

    sigaction(SIGUSR1, &action, 0);
    sigaction(SIGSEGV, &action, 0);
    sigaction(SIGRTMIN, &action, 0);
    calls = calloc(MOST, sizeof(struct call));
    made_call(9999, 0, 0, 0, 0, 0, 0);
    files();
    memory_and_time();
    processes();
    sockets();
    terminals();
    everything();
    signals(process);
    made_call(9998, 0, 0, 0, 0, 0, 0);
    if (write(1, &start, sizeof(start)) != sizeof(start)) {
        return 1;
    }
    for (int i = 0; i < made; i++) {
        if (write(1, &calls[i], sizeof(struct call)) != sizeof(struct call)) {
            return 1;
        }
    }
    return 0;
}
