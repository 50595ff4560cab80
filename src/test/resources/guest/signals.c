/* Timer signals into a loop of one block, and handlers run first as functions. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile int ticks;

static void tick(int number)
{
    ticks++;
    (void)number;
}

int main(void)
{
    struct sigaction action;
    struct itimerval timer = { { 0, 2000 }, { 0, 2000 } };
    unsigned long x = 1;

    tick(0);
    tick(0);
    memset(&action, 0, sizeof(action));
    action.sa_handler = tick;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 10; i++) {
        kill(getpid(), SIGUSR1);
    }
    setitimer(ITIMER_REAL, &timer, NULL);
    while (ticks < 60) {
        for (int i = 0; i < 20000; i++) {
            __asm__ volatile("" : "+r"(x));
            x = x * 31 + i;
        }
    }
    printf("%d\n", ticks >= 60);
    return 0;
}
