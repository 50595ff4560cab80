/* Loads and stores of several registers of which a fault lets only some through. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static sigjmp_buf out;
static volatile int caught;

static void jump(int number)
{
    caught++;
    siglongjmp(out, number);
}

/* Accesses what is there twice, and then from there on more than there is. */
static void reach(uint8_t *at, int how)
{
    uint64_t sum;

    switch (how) {
    case 0:
        __asm__ volatile("ldr %0, [%1, #-64]\n\tldr %0, [%1, #-64]\n\t"
                         "ldp q0, q1, [%1, #-16]\n\tadd %0, %0, #1"
                         : "=&r"(sum) : "r"(at) : "v0", "v1", "memory");
        break;
    case 1:
        __asm__ volatile("str %1, [%1, #-64]\n\tstr %1, [%1, #-64]\n\t"
                         "stp q0, q1, [%1, #-16]\n\tmov %0, #1"
                         : "=&r"(sum) : "r"(at) : "v0", "v1", "memory");
        break;
    case 2:
        __asm__ volatile("sub x9, %1, #32\n\tldr %0, [x9]\n\t"
                         "ld1 {v0.16b-v3.16b}, [x9]\n\tadd %0, %0, #1"
                         : "=&r"(sum) : "r"(at)
                         : "x9", "v0", "v1", "v2", "v3", "memory");
        break;
    case 3:
        __asm__ volatile("sub x9, %1, #24\n\tstr x9, [x9]\n\t"
                         "st4 {v0.4s-v3.4s}, [x9]\n\tmov %0, #1"
                         : "=&r"(sum) : "r"(at)
                         : "x9", "v0", "v1", "v2", "v3", "memory");
        break;
    default:
        __asm__ volatile("ldr %0, [%1, #-8]\n\tldr %0, [%1]\n\tadd %0, %0, #1"
                         : "=&r"(sum) : "r"(at) : "memory");
        break;
    }
    caught += (int)(sum & 1);
}

int main(void)
{
    uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile uint64_t sum = 0;

    mprotect(pages + 4096, 4096, PROT_NONE);
    signal(SIGSEGV, jump);
    for (volatile int i = 0; i < 500; i++) {
        if (!sigsetjmp(out, 1)) {
            reach(pages + 4096, i % 5);
        }
        for (int k = 0; k < 64; k++) {
            sum += pages[4095 - k] + pages[4032];
        }
    }
    printf("%d\n", caught);
    return caught == 500 ? 0 : 1;
}
