/*
 * Accesses of every kind, and memory that the kernel writes: for replaying what
 * was stored.  With an argument also what differs from run to run.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static uint8_t area[1 << 16] __attribute__((aligned(4096)));
static uint8_t other_stack[1 << 16];
static volatile uint64_t sum;

static void add(const void *bytes, size_t count)
{
    const uint8_t *b = bytes;

    for (size_t i = 0; i < count; i++) {
        sum = sum * 31 + b[i];
    }
}

static void vectors(void)
{
    for (int i = 0; i < 4096; i++) {
        area[i] = i * 7;
    }
    for (int i = 0; i < 64; i++) {
        uint8_t *from = area + i * 3;
        uint8_t *to = area + 8190 + i * 65;

        asm volatile("ld1 {v0.16b-v3.16b}, [%0]\n"
                     "st4 {v0.16b-v3.16b}, [%1]\n"
                     "ld4 {v4.4h-v7.4h}, [%1]\n"
                     "st1 {v4.8b-v7.8b}, [%0]\n"
                     "ld3 {v0.2d-v2.2d}, [%1]\n"
                     "st2 {v1.4s, v2.4s}, [%0]\n"
                     "ld1r {v3.2d}, [%1]\n"
                     "st1 {v3.b}[5], [%0]\n"
                     "ld2 {v0.h, v1.h}[3], [%1]\n"
                     "stp q0, q3, [%1, #32]\n"
                     "ldp q4, q5, [%0]\n"
                     "str q4, [%1, #7]\n"
                     "ldr d6, [%1, #11]\n"
                     "stp d6, d5, [%0, #16]\n"
                     "stnp q5, q4, [%1, #64]\n"
                     :: "r"(from), "r"(to)
                     : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7",
                       "memory");
    }
}

static void pairs_and_unaligned(void)
{
    for (int i = 0; i < 200; i++) {
        uint8_t *at = area + 4096 * 3 - 100 + i; /* crosses a page */

        asm volatile("ldp x9, x10, [%0]\n"
                     "stp x10, x9, [%0, #16]\n"
                     "ldp w9, w10, [%0, #4]\n"
                     "stp w10, w9, [%0, #32]\n"
                     "ldpsw x9, x10, [%0, #8]\n"
                     "str x9, [%0, #3]\n"
                     "ldrsb w9, [%0, #1]\n"
                     "strh w9, [%0, #5]\n"
                     "ldrsh x9, [%0, #9]\n"
                     "str w9, [%0], #8\n"
                     : "+r"(at) :: "x9", "x10", "memory");
    }
}

static void atomics(void)
{
    uint64_t *a = (uint64_t *)area;
    uint32_t *w = (uint32_t *)(area + 64);
    uint8_t *b = area + 77;

    for (int i = 0; i < 100; i++) {
        __atomic_fetch_add(a, i, __ATOMIC_SEQ_CST);
        asm volatile(".arch armv8.1-a\n"
                     "ldadd %w1, w9, [%0]\n"
                     "swpal %w1, w9, [%0]\n"
                     "ldsmaxa w9, w10, [%0]\n"
                     "ldclrb w10, w11, [%2]\n"
                     "mov w9, #3\n"
                     "cas w9, %w1, [%0]\n" /* mostly fails */
                     "mov w10, w9\n"
                     "casal w10, %w1, [%0]\n"
                     "mov x10, xzr\n"
                     "mov x11, xzr\n"
                     "mov x12, %1\n"
                     "mov x13, %1\n"
                     "casp x10, x11, x12, x13, [%3]\n"
                     "1: ldaxr x9, [%4]\n"
                     "add x9, x9, #1\n"
                     "stlxr w10, x9, [%4]\n"
                     "cbnz w10, 1b\n"
                     "2: ldxp x9, x11, [%3]\n"
                     "add x9, x9, x11\n"
                     "stxp w10, x9, x11, [%3]\n"
                     "cbnz w10, 2b\n"
                     "ldxr w9, [%0]\n"
                     "clrex\n"
                     "stxr w10, w9, [%0]\n" /* fails */
                     "ldar x9, [%4]\n"
                     "stlr x9, [%4]\n"
                     :: "r"(w), "r"((uint64_t)i), "r"(b), "r"(area + 128),
                        "r"(area + 160)
                     : "x9", "x10", "x11", "x12", "x13", "memory");
    }
}

/* Atomics that are the first to touch a page behind a call that may have written
 * anywhere. */
static void first_by_atomics(void)
{
    uint8_t *page = area + 4096;
    char name[16];

    for (int i = 0; i < 3; i++) {
        memset(page, 7, 5 * 4096);
        prctl(PR_GET_NAME, name);
        asm volatile(".arch armv8.1-a\n"
                     "mov x9, #77\n"
                     "swpalh w9, w10, [%0]\n"
                     "ldaddal x9, x10, [%1]\n"
                     "ldr x10, [%2]\n"
                     "casal x10, %0, [%2]\n"
                     "mov x10, #0x0707070707070707\n"
                     "mov x11, x10\n"
                     "mov x12, xzr\n"
                     "mov x13, %0\n"
                     "caspal x10, x11, x12, x13, [%3]\n"
                     "mov x10, #0x0707070707070707\n"
                     "casal x10, %0, [%4]\n"
                     :: "r"(page + 10), "r"(page + 4096 + 24),
                        "r"(page + 2 * 4096 + 800), "r"(page + 3 * 4096 + 16),
                        "r"(page + 5 * 4096 - 8)
                     : "x9", "x10", "x11", "x12", "x13", "memory");
        add(page, 5 * 4096);
    }
}

static void zero_lines(void)
{
    for (int i = 0; i < 40; i++) {
        asm volatile("dc zva, %0" :: "r"(area + 20000 + 37 * i) : "memory");
        add(area + 20000 + 37 * i, 8);
    }
}

static void handler(int number, siginfo_t *info, void *context)
{
    volatile uint64_t big[600];

    for (int i = 0; i < 600; i++) {
        big[i] = i * number;
    }
    add((const void *)big, sizeof(big));
    add(info, sizeof(*info));
    add(context, 512);
}

static void signals(void)
{
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
    stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };

    action.sa_sigaction = handler;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    sigaltstack(&stack, NULL);
    raise(SIGUSR1);
    raise(SIGUSR1);
}

static void files(void)
{
    static struct stat status[2];
    static struct rlimit limit;
    uint8_t one[100], two[5000];
    struct iovec parts[2] = { { one, sizeof(one) }, { two, sizeof(two) } };
    int fd = open("/proc/self/exe", O_RDONLY);

    fstat(fd, status);
    status->st_atime = 0;
    add(&status->st_size, 8);
    add(one, read(fd, one, sizeof(one)));
    for (int i = 0; i < 3; i++) {
        readv(fd, parts, 2);
        add(two, sizeof(two));
    }
    add(area, pread(fd, area + 30000, 20000, 1000));
    add(area + 30000, 20000);
    getrlimit(RLIMIT_NOFILE, &limit);
    add(&limit, sizeof(limit));
    close(fd);
}

static void mappings(void)
{
    int fd = open("/proc/self/exe", O_RDONLY);
    uint8_t *file = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE,
                         fd, 4096);
    uint8_t *fresh = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    add(file, 3 * 4096);
    memset(file + 100, 1, 5000);
    memset(fresh, 2, 8 * 4096);
    mmap(file, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 8192);
    add(file, 2 * 4096);
    madvise(fresh + 4096, 4096, MADV_DONTNEED);
    add(fresh, 3 * 4096);
    fresh = mremap(fresh, 8 * 4096, 64 * 4096, MREMAP_MAYMOVE);
    add(fresh, 12 * 4096);
    munmap(fresh + 4096, 4096);
    mmap(fresh + 4096, 4096, PROT_READ | PROT_WRITE,
         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    add(fresh, 3 * 4096);
    close(fd);
    for (int i = 0; i < 3; i++) {
        uint8_t *end = sbrk(3 * 4096);

        add(end, 3 * 4096);
        memset(end, 3 + i, 3 * 4096);
        sbrk(-3 * 4096);
    }
}

static void code(void)
{
    uint32_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < 20; i++) {
        page[0] = 0x52800000 | i << 5; /* mov w0, #i */
        page[1] = 0xd65f03c0;          /* ret */
        __builtin___clear_cache((char *)page, (char *)(page + 2));
        sum += ((int (*)(void))page)();
    }
}

static void differing(void)
{
    struct timespec now;
    uint8_t random[300];

    getrandom(random, sizeof(random), 0);
    add(random, sizeof(random));
    for (int i = 0; i < 10; i++) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        add(&now, sizeof(now));
        clock_gettime(CLOCK_REALTIME, &now);
        add(&now, sizeof(now));
    }
}

int main(int argc, char **argv)
{
    vectors();
    pairs_and_unaligned();
    atomics();
    first_by_atomics();
    zero_lines();
    signals();
    files();
    mappings();
    code();
    /* from here on QEMU does atomics as if there were threads */
    mmap(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    atomics();
    first_by_atomics();
    vectors();
    pairs_and_unaligned();
    add(area, sizeof(area));
    add(other_stack, sizeof(other_stack));
    if (argc > 1) {
        differing();
        add(argv[1], strlen(argv[1]));
    }
    add(area, read(0, area, 100)); /* where it can be made to wait */
    printf("%d\n", (int)(sum & 0));
    return 0;
}
