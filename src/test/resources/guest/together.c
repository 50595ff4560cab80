/*
 * Signals that the kernel delivers at once: each takes the thread away from the
 * handler of the one before, of which nothing has executed.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile unsigned long sink;
static char alternate[65536];

static __attribute__((noinline)) void step(void)
{
    sink++;
}

static void handles_first(int number)
{
    step();
    sink += number;
}

static void handles_second(int number)
{
    step();
    step();
    sink += number;
}

/* On a stack of its own. */
static void handles_third(int number, siginfo_t *info, void *context)
{
    step();
    step();
    step();
    sink += number + info->si_signo + (context != NULL);
}

static __attribute__((noinline)) void gets_all(const sigset_t *signals)
{
    sigprocmask(SIG_UNBLOCK, signals, NULL);
}

int main(void)
{
    stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
    struct sigaction action;
    sigset_t signals;

    memset(&action, 0, sizeof(action));
    action.sa_handler = handles_first;
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = handles_second;
    sigaction(SIGUSR2, &action, NULL);
    sigaltstack(&stack, NULL);
    action.sa_sigaction = handles_third;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGTERM, &action, NULL);
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigaddset(&signals, SIGUSR2);
    sigaddset(&signals, SIGTERM);
    for (int i = 0; i < 10; i++) {
        sigprocmask(SIG_BLOCK, &signals, NULL);
        raise(SIGUSR1);
        raise(SIGUSR2);
        raise(SIGTERM);
        gets_all(&signals);
        step();
    }
    printf("%lu\n", sink);
    return 0;
}
