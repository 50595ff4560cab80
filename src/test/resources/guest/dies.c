/* Ends by a signal, in a function that can be named. */
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

int main(int argc, char **argv)
{
    int number = argc > 1 ? atoi(argv[1]) : SIGSEGV;

    if (number == SIGSEGV) {
        crash_here((volatile int *)8);
    }
    kill(getpid(), number);
    for (;;) {
        sink++;
    }
    (void)argv;
}
