/* What moves the stack pointer: calls, alloca, longjmp, contexts, signals. */
#include <alloca.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static volatile unsigned long sink;
static jmp_buf back;
static sigjmp_buf out_of_handler;
static ucontext_t main_context, contexts[2];
static char stacks[2][65536];
static char alternate[65536];

static __attribute__((noinline)) int depth(int n)
{
    return n ? depth(n - 1) + (int)sink : 0;
}

static __attribute__((noinline)) void uses_alloca(int n)
{
    char *p = alloca(n);

    memset(p, n, n);
    sink += p[n / 2];
}

static __attribute__((noinline)) void uses_array(int n)
{
    unsigned long values[n];

    for (int i = 0; i < n; i++) {
        values[i] = sink + i;
    }
    sink += values[n - 1] + depth(n % 7);
}

static __attribute__((noinline)) void jumps(int n)
{
    if (n == 0) {
        longjmp(back, 1);
    }
    jumps(n - 1);
    sink++;
}

static __attribute__((noinline)) void switches(int which)
{
    for (int i = 0; i < 20; i++) {
        sink += depth(i);
        swapcontext(&contexts[which], which ? &contexts[0] : &main_context);
    }
}

static __attribute__((noinline)) void starts_next(void)
{
    for (int i = 0; i < 20; i++) {
        sink += depth(3);
        swapcontext(&contexts[0], i % 2 ? &contexts[1] : &main_context);
    }
}

static void handles(int number)
{
    sink += depth(number);
}

static void leaves(int number)
{
    siglongjmp(out_of_handler, number);
}

static __attribute__((noinline)) void handles_signals(void)
{
    stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
    struct sigaction action = { .sa_handler = handles };

    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 5; i++) {
        raise(SIGUSR1);
    }
    sigaltstack(&stack, NULL);
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR2, &action, NULL);
    for (int i = 0; i < 5; i++) {
        raise(SIGUSR2);
    }
    action.sa_handler = leaves;
    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < 5; i++) {
        if (!sigsetjmp(out_of_handler, 1)) {
            *(volatile int *)8 = i;
        }
        sink += depth(i);
    }
}

int main(void)
{
    for (int i = 1; i < 60; i++) {
        uses_alloca(i * 16);
        uses_array(i);
    }
    for (int i = 0; i < 10; i++) {
        if (!setjmp(back)) {
            jumps(i);
        }
    }
    for (int i = 0; i < 2; i++) {
        getcontext(&contexts[i]);
        contexts[i].uc_stack.ss_sp = stacks[i];
        contexts[i].uc_stack.ss_size = sizeof(stacks[i]);
        contexts[i].uc_link = &main_context;
    }
    makecontext(&contexts[0], starts_next, 0);
    makecontext(&contexts[1], (void (*)(void))switches, 1, 1);
    for (int i = 0; i < 10; i++) {
        swapcontext(&main_context, &contexts[0]);
    }
    handles_signals();
    printf("%lu\n", sink & 1);
    return 0;
}
