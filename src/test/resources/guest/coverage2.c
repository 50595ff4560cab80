/* The other file of coverage.c. */
#include "coverage.h"

static int step(int n)
{
    return n % 2 ? 3 * n + 1 : n / 2;
}

int collatz(int n)
{
    int steps = 0;

    while (n != 1) {
        n = step(n);
        steps++;
    }
    return steps + in_header(steps);
}
