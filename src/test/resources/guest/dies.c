/* Ends by a signal, in a function that can be named; with 0 it jumps to nowhere. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static volatile int sink;

__attribute__((noinline)) void crash_here(volatile int *where)
{
    for (int i = 0; i < 1000; i++) {
        sink += i;
    }
    *where = 1;
    sink++;
}

__attribute__((noinline)) void trap_here(void)
{
    __asm__ volatile("brk #1");
}

__attribute__((noinline)) void undefined_here(void)
{
    __asm__ volatile("udf #0");
}

__attribute__((noinline)) void jump_from_here(void (*function)(void))
{
    function();
    sink++;
}

int main(int argc, char **argv)
{
    int number = argc > 1 ? atoi(argv[1]) : SIGSEGV;

    if (number == SIGSEGV) {
        crash_here((volatile int *)8);
    } else if (number == SIGTRAP) {
        trap_here();
    } else if (number == SIGILL) {
        undefined_here();
    } else if (number == 0) {
        jump_from_here(0);
    }
    kill(getpid(), number);
    for (;;) {
        sink++;
    }
    (void)argv;
}
