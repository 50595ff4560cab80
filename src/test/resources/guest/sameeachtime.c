/*
 * What a program may ask that differs from run to run, answered alike each
 * time: a library to be loaded before the program's own
 */
#include <time.h>
#include <unistd.h>

#define PROCESS 4242

time_t time(time_t *where)
{
    if (where) {
        *where = 1000000000;
    }
    return 1000000000;
}

pid_t getpid(void)
{
    return PROCESS;
}

pid_t getppid(void)
{
    return PROCESS - 1;
}

pid_t getpgrp(void)
{
    return PROCESS;
}

/* libsigsegv would read how the kernel lists its memory. */
int stackoverflow_install_handler(void *handler, void *stack, unsigned long size)
{
    (void)handler;
    (void)stack;
    (void)size;
    return 0;
}
