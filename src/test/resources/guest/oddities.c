/* What guests seldom do; the argument says which. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned long sink;

static void work(unsigned long rounds)
{
    for (unsigned long i = 0; i < rounds; i++) {
        sink = sink * 31 + i;
    }
}

static void *exits(void *argument)
{
    work(20000);
    exit(7);
    return argument;
}

static void *spins(void *argument)
{
    for (;;) {
        work(1000);
    }
    return argument;
}

static void *forks(void *argument)
{
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();

        if (child == 0) {
            work(20000);
            _exit(3);
        }
        waitpid(child, NULL, 0);
    }
    return argument;
}

static void *maps(void *argument)
{
    volatile int *stop = argument;

    while (!*stop) {
        int fd = open("/proc/self/exe", O_RDONLY);
        void *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

        close(fd);
        munmap(p, 4096);
    }
    return NULL;
}

/* Atomics that QEMU does alone: across 16 bytes, at the end of a block. */
static void *adds_unaligned(void *argument)
{
    for (int i = 0; i < 30000; i++) {
        __asm__ volatile(".arch_extension lse\n\t"
                         "ldadd %0, x9, [%1]\n\tadd x9, x9, #1"
                         :: "r"(1UL), "r"((char *)argument + 3)
                         : "x9", "memory");
    }
    return NULL;
}

static void *adds_at_page_end(void *argument)
{
    void (*add)(unsigned long, void *) = (void (*)(unsigned long, void *))
        (*(char **)argument + 4096 - 8);

    for (int i = 0; i < 30000; i++) {
        add(1, *(char **)argument + 8192 + 3);
    }
    return NULL;
}

static int child_of_clone(void *argument)
{
    work(10000);
    return argument != NULL;
}

static int in_two_threads(void *(*first)(void *), void *(*second)(void *),
                          void *argument)
{
    pthread_t one, two;

    pthread_create(&one, NULL, first, argument);
    pthread_create(&two, NULL, second, argument);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    return 0;
}

/* Code that stores into itself: each store makes QEMU do it alone. */
static int stores_into_itself(void)
{
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint32_t sum = 0;
    int n = 0;

    code[n++] = 0x91000400; /* add x0, x0, #1 */
    code[n++] = 0xb9010001; /* str w1, [x0, #256] */
    code[n++] = 0x91000400; /* add x0, x0, #1 */
    code[n++] = 0xd1000800; /* sub x0, x0, #2 */
    code[n++] = 0xb9010401; /* str w1, [x0, #260] */
    code[n++] = 0xd65f03c0; /* ret */
    __builtin___clear_cache((char *)code, (char *)(code + n));
    for (int i = 0; i < 500; i++) {
        ((void (*)(void *, int))code)((char *)code + 512, i);
        sum += code[193];
    }
    return sum == 499 * 250 ? 0 : 1;
}

static int has_long_blocks(void)
{
    unsigned long x = 1;

    for (int i = 0; i < 60; i++) {
        __asm__ volatile(".rept 3000\n\tadd %0, %0, #1\n\t.endr" : "+r"(x));
    }
    return x == 180001 ? 0 : 1;
}

/* Loops whose head, and what lies behind them, is left by other ways, too: one is far
 * away from its end, one is only written when both have executed. */
static int loops_late(void)
{
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned long turns = 0;
    long sum = 0;

    for (int i = 0; i < 20; i++) {
        unsigned long left = i % 5 + 1;

        __asm__ volatile("1:\tadd %0, %0, #1\n\t"
                         "subs %1, %1, #1\n\t"
                         "b.eq 3f\n\t"
                         "b 2f\n\t"
                         ".skip 400000\n"
                         "2:\tcmp %1, #1\n\t"
                         "b.hs 1b\n"
                         "3:"
                         : "+r"(turns), "+r"(left) : : "cc");
    }
    code[0] = 0xf1000400; /* subs x0, x0, #1 */
    code[1] = 0x54000040; /* b.eq code + 3 */
    code[3] = 0x91000400; /* add x0, x0, #1 */
    code[4] = 0xd65f03c0; /* ret */
    for (int i = 0; i < 40; i++) {
        code[2] = i & 1 ? 0xb5ffffc0  /* cbnz x0, code */
                        : 0xd503201f; /* nop */
        __builtin___clear_cache((char *)code, (char *)(code + 5));
        sum += ((long (*)(long))code)(i % 3 + 1);
    }
    return turns == 60 && sum == 60 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    pthread_t thread;

    if (!strcmp(what, "exit-in-thread")) {
        pthread_create(&thread, NULL, spins, NULL);
        pthread_create(&thread, NULL, exits, NULL);
        pause();
    } else if (!strcmp(what, "main-leaves-first")) {
        pthread_create(&thread, NULL, exits, NULL);
        syscall(SYS_exit, 0); /* of this thread alone */
    } else if (!strcmp(what, "forks-in-threads")) {
        static volatile int stop;
        pthread_t mapper;

        pthread_create(&mapper, NULL, maps, (void *)&stop);
        in_two_threads(forks, forks, NULL);
        stop = 1;
        pthread_join(mapper, NULL);
    } else if (!strcmp(what, "vfork")) {
        for (int i = 0; i < 10; i++) {
            pid_t child = vfork();

            if (child == 0) {
                execl("/no/such/program", "program", NULL);
                _exit(4);
            }
            waitpid(child, NULL, 0);
        }
    } else if (!strcmp(what, "clone")) {
        static char stack[65536];
        pid_t child = clone(child_of_clone, stack + sizeof(stack), SIGCHLD,
                            NULL);

        waitpid(child, NULL, 0);
    } else if (!strcmp(what, "exec-fails")) {
        for (int i = 0; i < 5; i++) {
            execl("/no/such/program", "program", NULL);
        }
        work(1000);
    } else if (!strcmp(what, "exec")) {
        work(1000);
        execl(argv[2], argv[2], argv[3], NULL);
        return 1;
    } else if (!strcmp(what, "closes-all")) {
        int fd;

        for (fd = 3; fd < 1024; fd++) {
            close(fd);
        }
        work(200000);
        fd = open("/proc/self/maps", O_RDONLY);
        while (read(fd, (char[512]){ 0 }, 512) > 0) {
        }
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
        close(fd);
    } else if (!strcmp(what, "unaligned")) {
        static uint64_t shared[4];

        in_two_threads(adds_unaligned, adds_unaligned, shared);
        return *(uint64_t *)((char *)shared + 3) == 60000 ? 0 : 1;
    } else if (!strcmp(what, "page-end")) {
        static char *pages;
        uint32_t *code;

        pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        code = (uint32_t *)(pages + 4096 - 8);
        code[0] = 0xd2800002; /* mov x2, #0 */
        code[1] = 0xf8200023; /* ldadd x0, x3, [x1] */
        code[2] = 0xd65f03c0; /* ret */
        __builtin___clear_cache((char *)code, (char *)(code + 3));
        in_two_threads(adds_at_page_end, adds_at_page_end, &pages);
        return *(uint64_t *)(pages + 8192 + 3) == 60000 ? 0 : 1;
    } else if (!strcmp(what, "stores-into-itself")) {
        return stores_into_itself();
    } else if (!strcmp(what, "long-blocks")) {
        return has_long_blocks();
    } else if (!strcmp(what, "loops-late")) {
        return loops_late();
    } else if (!strcmp(what, "spins")) {
        spins(NULL);
    } else {
        return 2;
    }
    return 0;
}
