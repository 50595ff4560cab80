/* Straight code that leads back to itself, by all kinds of branches. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static volatile unsigned long sink;

/* Conditional branches of each form, so many rounds. */
__attribute__((noinline)) static unsigned long turns(unsigned long n)
{
    unsigned long sum = 0;
    unsigned long left = n;

    __asm__ volatile("1:\tadd %0, %0, #1\n\tsubs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(sum), "+r"(left) : : "cc");
    left = n;
    __asm__ volatile("1:\tadd %0, %0, #1\n\tsub %1, %1, #1\n\tcbnz %1, 1b"
                     : "+r"(sum), "+r"(left));
    left = n;
    __asm__ volatile("1:\tsub %1, %1, #1\n\tadd %0, %0, #1\n\ttbz %1, #63, 1b"
                     : "+r"(sum), "+r"(left));
    return sum;
}

/* Entered in its midst, so that it is two blocks, and one that is not. */
__attribute__((noinline)) static unsigned long entered(unsigned long n)
{
    unsigned long sum = 0;
    unsigned long left = n;

    __asm__ volatile("tbz %1, #0, 2f\n"
                     "1:\tadd %0, %0, #1\n"
                     "2:\tadd %0, %0, #3\n\tsubs %1, %1, #1\n\tb.hi 1b"
                     : "+r"(sum), "+r"(left) : : "cc");
    return sum;
}

/* Over the end of a page, behind one, and longer than QEMU translates at a time. */
__attribute__((noinline)) static unsigned long far(unsigned long n)
{
    unsigned long sum = 0;
    unsigned long left = n;

    __asm__ volatile("b 1f\n\t.balign 4096\n\t.skip 4088\n"
                     "1:\tadd %0, %0, #1\n\tadd %0, %0, #2\n\tadd %0, %0, #3\n\t"
                     "subs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(sum), "+r"(left) : : "cc");
    left = n;
    __asm__ volatile("b 1f\n\t.balign 4096\n\t.skip 4088\n"
                     "1:\tadd %0, %0, #1\n\tadd %0, %0, #2\n\tadd %0, %0, #3\n"
                     "2:\tadd %0, %0, #4\n\tsubs %1, %1, #1\n\tb.ne 2b"
                     : "+r"(sum), "+r"(left) : : "cc");
    left = n;
    __asm__ volatile("1:\t.rept 1300\n\tadd %0, %0, #1\n\t.endr\n\t"
                     "subs %1, %1, #1\n\tb.ne 1b"
                     : "+r"(sum), "+r"(left) : : "cc");
    return sum;
}

/* What returns to code that returns. */
__attribute__((noinline)) static unsigned long recurses(unsigned long n)
{
    if (n == 0) {
        return 1;
    }
    return recurses(n - 1) + n;
}

/* Two ways to the end of a function, of which one runs into the other. */
unsigned long falls(unsigned long n);

__asm__(".text\n\t.type falls, %function\n"
        "falls:\tstp x29, x30, [sp, #-16]!\n\t"
        "cbz x0, 1f\n\t"
        "sub x0, x0, #1\n\t"
        "bl falls\n\t"
        "b 2f\n"
        "1:\tmov x0, #5\n"
        "2:\tadd x0, x0, #1\n\t"
        "ldp x29, x30, [sp], #16\n\tret\n\t"
        ".size falls, . - falls");

/* An interpreter that jumps to what executes the next letter. */
__attribute__((noinline)) static unsigned long interprets(const char *text)
{
    static const void *const labels[] = { &&a, &&b, &&end };
    unsigned long sum = 0;

    goto *labels[*text++ - 'a'];
a:
    sum += 1;
    goto *labels[*text++ - 'a'];
b:
    sum += 3;
    sum ^= sink;
    goto *labels[*text++ - 'a'];
end:
    return sum;
}

static char *page;
static int faults;

static void opens(int number, siginfo_t *info, void *context)
{
    faults++;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

static void skips(int number, siginfo_t *info, void *context)
{
    faults++;
    ((ucontext_t *)context)->uc_mcontext.pc += 4;
}

/* Faults now and then in its midst, and goes on there. */
__attribute__((noinline)) static unsigned long faulting(unsigned long n, int shut)
{
    unsigned long sum = 0;

    for (unsigned long i = 0; i < n; i++) {
        unsigned long left = i % 4 + 1;

        if (shut || i % 3 == 0) {
            mprotect(page, 4096, PROT_NONE);
        }
        __asm__ volatile("1:\tadd %0, %0, #1\n\tldr x9, [%2]\n\t"
                         "subs %1, %1, #1\n\tb.ne 1b"
                         : "+r"(sum), "+r"(left) : "r"(page) : "x9", "cc", "memory");
    }
    return sum;
}

/* Faults before it returns to where it begins. */
unsigned long unwinds(unsigned long n, char *at);

__asm__(".text\n\t.type unwinds, %function\n"
        "unwinds:\tstp x29, x30, [sp, #-16]!\n\t"
        "cbz x0, 1f\n\t"
        "sub x0, x0, #1\n\t"
        "bl unwinds\n"
        "1:\tadd x0, x0, #1\n\t"
        "ldr x9, [x1]\n\t"
        "ldp x29, x30, [sp], #16\n\tret\n\t"
        ".size unwinds, . - unwinds");

/* Calls code that first ends with a jump and then, written anew, with a return. */
static unsigned long calls_written(void)
{
    uint32_t *code = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned long sum = 0;

    code[0] = 0xa9bf7bfd;    /* stp x29, x30, [sp, #-16]! */
    code[1] = 0x940003ff;    /* bl code + 1024 */
    code[2] = 0xf1000400;    /* subs x0, x0, #1 */
    code[3] = 0x54ffffc1;    /* b.ne code + 1 */
    code[4] = 0x14000010;    /* b code + 20 */
    code[20] = 0x14000004;   /* b code + 24 */
    code[24] = 0xaa0103e0;   /* mov x0, x1 */
    code[25] = 0xa8c17bfd;   /* ldp x29, x30, [sp], #16 */
    code[26] = 0xd65f03c0;   /* ret */
    code[1028] = 0xd65f03c0; /* ret */
    for (int i = 0; i < 6; i++) {
        code[1024] = i < 3 ? 0x91000421  /* add x1, x1, #1 */
                           : 0x91000821; /* add x1, x1, #2 */
        code[1025] = i < 3 ? 0x14000003  /* b code + 1028 */
                           : 0xd65f03c0; /* ret */
        __builtin___clear_cache((char *)(code + (i ? 1024 : 0)), (char *)(code + 1029));
        sum += ((unsigned long (*)(unsigned long, unsigned long))code)(i + 4, 0);
    }
    return sum;
}

static void install(void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction action = { .sa_sigaction = handler,
                                .sa_flags = SA_SIGINFO };

    sigaction(SIGSEGV, &action, NULL);
}

int main(void)
{
    unsigned long sum = 0;

    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
    for (unsigned long n = 1; n < 40; n++) {
        sum += turns(n) + entered(n) + far(n) + recurses(n % 7) + falls(n % 5);
    }
    sum += turns(1000) + turns(257) + recurses(300);
    sum += interprets("aaabababbbbaac");
    sum += interprets("bac");
    sum += interprets("c");
    sum += calls_written();
    install(opens);
    sum += faulting(50, 0);
    mprotect(page, 4096, PROT_NONE);
    sum += unwinds(9, page);
    install(skips);
    mprotect(page, 4096, PROT_NONE);
    sum += faulting(20, 1);
    sum += unwinds(6, page);
    printf("%lu %d\n", sum, faults);
    return 0;
}
