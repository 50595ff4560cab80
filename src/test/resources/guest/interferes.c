/*
 * Faults while a timer ticks: often both signals come at once. How many faults,
 * 0 and 1 say; all else that executes is known but for the ticks.
 */
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

void run(long faults);
void faulted(int number, siginfo_t *info, void *context);
void ticked(int number);

__asm__(".text\n"
        ".globl run, faulted, ticked\n"
        "run:\n"
        "1: mov x1, #8\n"
        "   nop\n"
        "   nop\n"
        "   ldr x2, [x1]\n"
        "   nop\n"
        "   nop\n"
        "   nop\n"
        "   subs x0, x0, #1\n"
        "   b.ne 1b\n"
        "   ret\n"
        "faulted:\n" /* x3 is the offset of the program counter */
        "   mov x3, #440\n"
        "   ldr x4, [x2, x3]\n"
        "   add x4, x4, #4\n"
        "   str x4, [x2, x3]\n"
        "   ret\n"
        "ticked:\n"
        "   .rept 99\n"
        "   nop\n"
        "   .endr\n"
        "   ret\n");

static const long faults[] = { 1, 100000 };

_Static_assert(offsetof(ucontext_t, uc_mcontext.pc) == 440, "see above");

int main(int argc, char **argv)
{
    struct itimerval timer = { { 0, 500 }, { 0, 500 } };
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_sigaction = faulted;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    action.sa_handler = ticked;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    run(faults[argv[argc - 1][0] - '0']);
    memset(&timer, 0, sizeof(timer));
    setitimer(ITIMER_REAL, &timer, NULL);
    return 0;
}
