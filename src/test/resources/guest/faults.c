/* Faults caught by handlers: some return behind the fault, some jump out. */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static char *page;
static sigjmp_buf out;
static volatile int caught;

static void unprotect(int number, siginfo_t *info, void *context)
{
    caught++;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    (void)number;
    (void)info;
    (void)context;
}

static void jump(int number)
{
    caught++;
    siglongjmp(out, number);
}

static void count(int number)
{
    caught++;
    (void)number;
}

static void skip(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    caught++;
    c->uc_mcontext.pc += 4;
    (void)number;
    (void)info;
}

int main(void)
{
    struct sigaction action;

    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = unprotect;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < 100; i++) {
        mprotect(page, 4096, PROT_NONE);
        page[i] = i;
        page[i + 1] += page[i];
    }
    action.sa_handler = jump;
    action.sa_flags = 0;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    for (volatile int i = 0; i < 50; i++) {
        if (!sigsetjmp(out, 1)) {
            volatile uint64_t *bad = (volatile uint64_t *)(uintptr_t)(8 * i);
            uint64_t x = i * 3;
            x ^= x << 7;
            x += *bad;
            caught += (int)x;
        }
    }
    action.sa_sigaction = skip;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGTRAP, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    for (int i = 0; i < 30; i++) {
        __asm__ volatile("add x9, x9, #1\n\tbrk #1\n\tadd x9, x9, #1"
                         ::: "x9");
        __asm__ volatile(".word 0" ::: "memory");
    }
    signal(SIGUSR1, count);
    for (int i = 0; i < 20; i++) {
        raise(SIGUSR1);
    }
    printf("%d\n", caught);
    return caught == 230 ? 0 : 1;
}
