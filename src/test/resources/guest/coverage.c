/*
 * Control flow of every kind, one or more to a function, for the comparison with
 * gcov: what executes often, once and never, on one line and on many.
 */
#include <stdio.h>
#include <stdlib.h>

#include "coverage.h"

static int table[32];

static int loops(int n)
{
    int sum = 0;

    for (int i = 0; i < n; i++) {
        sum += i;
    }
    for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j += 2) {
            if (j % 3 == 0) {
                continue;
            }
            if (sum > 1000) {
                break;
            }
            sum += j;
        }
    }
    while (n > 3) {
        n--;
    }
    do {
        sum += n--;
    } while (n > 0);
    return sum;
}

static int on_one_line(int n)
{
    int i, sum = 0;

    for (i = 0; i < n; i++) sum += i % 3 ? 1 : 2;
    while (n > 0) n -= 2;
    do { sum++; } while (sum < 40);
    if (sum > 40) sum -= 3; else sum += 3;
    for (i = 0; i < 3; i++) for (int j = 0; j < 4; j++) if (i == j) sum++;
    return sum;
}

static const char *dense(int n)
{
    switch (n) {
    case 0:
        return "none";
    case 1:
        return "one";
    case 2:
    case 3:
        n++;
        /* fall through */
    case 4:
        n++;
        break;
    case 5:
        return "five";
    case 6:
        return "six";
    default:
        n = 0;
    }
    return n ? "some" : "many";
}

static int sparse(int n)
{
    int result = 0;

    switch (n) {
    case -1000:
        result = 1;
        break;
    case 7:
        result = 2;
        break;
    case 100000:
        result = 3;
        break;
    case 1 << 20 ... 1 << 21:
        result = 4;
        break;
    }
    return result;
}

static int conditions(int a, int b, int c)
{
    int result = 0;

    if (a && b) {
        result++;
    }
    if (a || b || c) {
        result++;
    }
    if ((a && !b) || (b &&
                      c)) {
        result++;
    } else if (!a) {
        result += 2;
    } else {
        result += 3;
    }
    result += a ? b ? 1 : 2 : c ? 3 : 4;
    int truth = a && (b || c);
    return result + truth;
}

static int floats(double x, double y)
{
    int result = 0;

    if (x < y) {
        result = 1;
    }
    if (x == y) {
        result = 2;
    }
    while (x < 10.0) {
        x *= 2;
        result++;
    }
    return result;
}

static unsigned gotos(unsigned n)
{
    unsigned steps = 0;

again:
    if (n == 1) {
        goto done;
    }
    steps++;
    if (n & 1) {
        n = 3 * n + 1;
        goto again;
    }
    n /= 2;
    goto again;
done:
    return steps;
}

static int ackermann(int m, int n)
{
    if (m == 0) {
        return n + 1;
    }
    if (n == 0) {
        return ackermann(m - 1, 1);
    }
    return ackermann(m - 1, ackermann(m, n - 1));
}

static int even(int n);

static int odd(int n)
{
    return n == 0 ? 0 : even(n - 1);
}

static int even(int n)
{
    return n == 0 ? 1 : odd(n - 1);
}

static inline __attribute__((always_inline)) int clamped(int n, int most)
{
    if (n > most) {
        return most;
    }
    return n;
}

static int inlined(int n)
{
    int sum = 0;

    for (int i = 0; i < n; i++) {
        sum += clamped(i, 4);
        sum += clamped(sum, 20);
    }
    return sum;
}

static int by_value(const void *a, const void *b)
{
    const int *left = a;
    const int *right = b;

    return (*left > *right) - (*left < *right);
}

static int pointers(int n)
{
    int (*const operations[])(int) = { loops, on_one_line, sparse };
    int sum = 0;

    for (int i = 0; i < n; i++) {
        table[i % 32] = (i * 7919) % 32;
        sum += operations[i % 3](i);
    }
    qsort(table, 32, sizeof(table[0]), by_value);
    return sum + table[31];
}

static int computed(const unsigned char *program)
{
    static const void *const labels[] = { &&stop, &&add, &&twice, &&never };
    int value = 1;

    goto *labels[*program];
add:
    value++;
    goto *labels[*++program];
twice:
    value *= 2;
    goto *labels[*++program];
never:
    value = 0;
stop:
    return value;
}

static int never_called(int n)
{
    if (n > 0) {
        return n;
    }
    for (int i = 0; i < 4; i++) {
        n += i;
    }
    return -n;
}

static int spread(int a,
                  int b)
{
    return loops(
               a)
           + loops(
               b)
           + dense(a)[0];
}

static void nothing(void)
{
}

static void early(int n)
{
    if (n < 2)
        return;
    nothing();
}

int main(int argc, char **argv)
{
    long sum = 0;

    (void)argv;
    sum += loops(20) + on_one_line(15) + on_one_line(-1);
    for (int i = 0; i < 9; i++) {
        sum += dense(i)[0];
        early(i);
    }
    sum += sparse(7) + sparse(8) + sparse(100000) + sparse((1 << 20) + 3);
    for (int i = 0; i < 8; i++) {
        sum += conditions(i & 1, i & 2, i & 4);
    }
    sum += floats(1.0, 2.0) + floats(3.5, 3.5) + floats(20.0, 1.0);
    sum += gotos(27) + ackermann(2, 5) + odd(7) + even(7);
    sum += inlined(12) + pointers(31) + spread(3, 4);
    sum += computed((const unsigned char[]){ 1, 2, 2, 1, 0 });
    if (argc > 5) {
        sum += never_called(argc);
        exit(3);
    }
    sum += collatz(97) + in_header(5) + in_header(11);
    printf("%ld\n", sum);
    return 0;
}
