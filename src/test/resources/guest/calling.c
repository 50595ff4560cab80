/*
 * Calls of every kind. Each function counts itself when it is built with
 * -finstrument-functions and callcounts.c.
 */
#include <alloca.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define NOINLINE __attribute__((noinline, noclone))

static volatile unsigned long sink;

/* ---- recursion --------------------------------------------------------- */

NOINLINE int fib(int n)
{
    int sum = n < 2 ? n : fib(n - 1) + fib(n - 2);

    sink = sum; /* or the last call were made a loop */
    return sum;
}

NOINLINE int ackermann(int m, int n)
{
    int value = m == 0 ? n + 1
                       : ackermann(m - 1, n == 0 ? 1 : ackermann(m, n - 1));

    sink = value;
    return value;
}

NOINLINE int mutual_b(int n);

NOINLINE int mutual_a(int n)
{
    return n ? mutual_b(n - 1) + 1 : 0;
}

NOINLINE int mutual_b(int n)
{
    return n ? mutual_a(n - 1) + 1 : 0;
}

/* ---- tail calls -------------------------------------------------------- */

NOINLINE int tail_odd(unsigned n);

NOINLINE int tail_even(unsigned n)
{
    return n == 0 ? 1 : tail_odd(n - 1);
}

NOINLINE int tail_odd(unsigned n)
{
    return n == 0 ? 0 : tail_even(n - 1);
}

NOINLINE int tail_last(int n)
{
    return n * 3 + (int)sink;
}

NOINLINE int tail_middle(int n)
{
    sink++;
    return tail_last(n + 1);
}

NOINLINE int tail_first(int n)
{
    return tail_middle(n * 2);
}

NOINLINE int tail_pointer(int (*f)(int), int n)
{
    return f(n);
}

NOINLINE int tail_library(const char *s)
{
    return atoi(s);
}

NOINLINE int calls_then_tail(int n)
{
    sink += fib(3);
    return tail_first(n);
}

/* ---- pointers ---------------------------------------------------------- */

NOINLINE int add_one(int n) { return n + 1; }
NOINLINE int twice(int n) { return n * 2; }
NOINLINE int square(int n) { return n * n; }

static int (*const table[])(int) = { add_one, twice, square, tail_last };

NOINLINE int dispatches(int n)
{
    return table[n & 3](n) + 1;
}

NOINLINE int compares(const void *a, const void *b)
{
    int x = *(const int *)a;
    int y = *(const int *)b;

    return (x > y) - (x < y);
}

NOINLINE void sorts(int n)
{
    int values[64];

    for (int i = 0; i < n; i++) {
        values[i] = (i * 7919) % 101;
    }
    qsort(values, n, sizeof(int), compares);
    sink += *(int *)bsearch(&values[n / 2], values, n, sizeof(int), compares);
}

NOINLINE int switches_on(int n)
{
    switch (n) {
    case 0: return fib(2);
    case 1: return twice(n);
    case 2: return square(n) + 1;
    case 3: return tail_first(n);
    case 4: return add_one(n) * 3;
    case 5: return mutual_a(2);
    case 6: return tail_last(3);
    default: return 7;
    }
}

/* ---- the stack --------------------------------------------------------- */

NOINLINE void uses_alloca(int n)
{
    char *p = alloca(n * 16);

    memset(p, n, n * 16);
    sink += p[n] + fib(2);
    if (n & 1) {
        p = alloca(n * 32);
        memset(p, n, n * 32);
        sink += add_one(p[n]);
    }
}

NOINLINE int many_arguments(int a, int b, int c, int d, int e, int f, int g,
                            int h, int i, int j)
{
    return a + b + c + d + e + f + g + h + add_one(i) + j;
}

/* ---- longjmp ----------------------------------------------------------- */

static jmp_buf back;
static jmp_buf levels[8];

NOINLINE void jumps(int n)
{
    char room[64];

    memset(room, n, sizeof(room));
    if (n == 0) {
        longjmp(back, 1);
    }
    jumps(n - 1);
    sink += room[n & 63];
}

NOINLINE void sets(int n)
{
    if (!setjmp(back)) {
        jumps(n);
    }
    sink += add_one(n);
}

/* The same function is there more than once when the jump is made. */
NOINLINE int nests(int level, int to)
{
    volatile int here = level;

    if (setjmp(levels[level])) {
        return add_one(here);
    }
    if (level == 7) {
        longjmp(levels[to], 1);
    }
    int result = nests(level + 1, to);
    return twice(result) + here;
}

/* ---- signals ----------------------------------------------------------- */

static sigjmp_buf out;
static char alternate[65536];
static volatile int signals;

NOINLINE void handles(int number)
{
    signals++;
    sink += fib(number & 3);
}

NOINLINE void handles_and_raises(int number)
{
    sink += add_one(number);
    raise(SIGUSR1);
    sink += add_one(number);
}

NOINLINE void leaves(int number)
{
    sink += add_one(number);
    siglongjmp(out, 1);
}

NOINLINE void faults(volatile int *where)
{
    *where = 1;
    sink += add_one(1);
}

NOINLINE void catches(int n)
{
    if (!sigsetjmp(out, 1)) {
        faults((volatile int *)8);
    }
    sink += twice(n);
}

NOINLINE void handles_signals(void)
{
    stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
    struct sigaction action = { .sa_handler = handles };

    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = handles_and_raises;
    sigaction(SIGUSR2, &action, NULL);
    for (int i = 0; i < 5; i++) {
        raise(SIGUSR1);
        raise(SIGUSR2);
        sink += add_one(i);
    }
    for (int on_stack = 0; on_stack < 2; on_stack++) {
        action.sa_handler = leaves;
        action.sa_flags = on_stack ? SA_ONSTACK : 0;
        sigaction(SIGSEGV, &action, NULL);
        action.sa_handler = handles_and_raises;
        sigaction(SIGUSR2, &action, NULL);
        for (int i = 0; i < 4; i++) {
            catches(i);
            raise(SIGUSR2);
        }
        sigaltstack(&stack, NULL);
    }
    signal(SIGSEGV, SIG_DFL);
}

/* ---- other stacks ------------------------------------------------------ */

static ucontext_t main_context, contexts[3];
static char static_stack[65536];

NOINLINE void visits(int which)
{
    sink += twice(which);
    swapcontext(&contexts[which], &main_context);
    sink += add_one(which);
}

NOINLINE void descends(int which, int n)
{
    if (n > 0) {
        visits(which);
        descends(which, n - 1);
        visits(which);
    }
}

NOINLINE void runs(int which)
{
    descends(which, 2 + which);
    sink += fib(3);
}

NOINLINE void ping_pong(char *local_stack, char *heap_stack)
{
    char *stacks[3] = { static_stack, local_stack, heap_stack };

    for (int i = 0; i < 3; i++) {
        getcontext(&contexts[i]);
        contexts[i].uc_stack.ss_sp = stacks[i];
        contexts[i].uc_stack.ss_size = 65536;
        contexts[i].uc_link = &main_context;
        makecontext(&contexts[i], (void (*)(void))runs, 1, i);
    }
    for (int round = 0; round < 2 * 4 + 1; round++) {
        for (int i = 0; i < 3; i++) {
            if (round < 2 * (2 + i) + 1) {
                swapcontext(&main_context, &contexts[i]);
                sink += add_one(i);
            }
        }
    }
}

NOINLINE void uses_contexts(void)
{
    char local_stack[65536];
    char *heap_stack = malloc(65536);

    ping_pong(local_stack, heap_stack);
    ping_pong(local_stack, heap_stack);
    free(heap_stack);
}

/* A switch as libraries write them. */
void switch_stacks(void **from, void *to);
__asm__(".text\n"
        ".global switch_stacks\n"
        ".type switch_stacks, %function\n"
        "switch_stacks:\n"
        "    stp x29, x30, [sp, #-96]!\n"
        "    stp x19, x20, [sp, #16]\n"
        "    stp x21, x22, [sp, #32]\n"
        "    stp x23, x24, [sp, #48]\n"
        "    stp x25, x26, [sp, #64]\n"
        "    stp x27, x28, [sp, #80]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp, #16]\n"
        "    ldp x21, x22, [sp, #32]\n"
        "    ldp x23, x24, [sp, #48]\n"
        "    ldp x25, x26, [sp, #64]\n"
        "    ldp x27, x28, [sp, #80]\n"
        "    ldp x29, x30, [sp], #96\n"
        "    ret\n"
        ".size switch_stacks, . - switch_stacks\n");

static void *main_stack, *fibre_stack;

NOINLINE void yields(int n)
{
    sink += n;
    switch_stacks(&fibre_stack, main_stack);
}

NOINLINE void fibre(void)
{
    for (int i = 0;; i++) {
        sink += fib(i & 3);
        yields(i);
    }
}

NOINLINE void runs_fibre(void)
{
    unsigned long *top = (unsigned long *)(static_stack + 65536) - 12;

    memset(top, 0, 96);
    top[1] = (unsigned long)fibre;
    fibre_stack = top;
    for (int i = 0; i < 10; i++) {
        sink += add_one(i);
        switch_stacks(&main_stack, fibre_stack);
    }
}

/* ---- threads ----------------------------------------------------------- */

NOINLINE void *works(void *argument)
{
    int n = (int)(long)argument;

    sink += fib(n) + tail_even(n) + dispatches(n);
    return NULL;
}

NOINLINE void starts_threads(void)
{
    pthread_t threads[4];

    for (long i = 0; i < 4; i++) {
        pthread_create(&threads[i], NULL, works, (void *)(i + 5));
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
}

int main(int argc, char **argv)
{
    sink += fib(12) + ackermann(2, 4) + mutual_a(21);
    sink += tail_even(100) + tail_odd(7) + tail_first(4);
    for (int i = 0; i < 20; i++) {
        sink += tail_pointer(table[i & 3], i) + dispatches(i);
        sink += tail_library("42") + calls_then_tail(i) + switches_on(i & 7);
        sink += many_arguments(1, 2, 3, 4, 5, 6, 7, 8, i, 10);
        uses_alloca(i + 1);
    }
    sorts(50);
    for (int i = 0; i < 6; i++) {
        sets(i);
        sink += nests(0, i);
    }
    handles_signals();
    uses_contexts();
    runs_fibre();
    starts_threads();
    printf("%d\n", signals);
    return 0;
}
