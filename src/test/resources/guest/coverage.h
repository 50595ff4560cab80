/* A function that two files have, each its own. */
#ifndef COVERAGE_H
#define COVERAGE_H

static inline int in_header(int n)
{
    int bits = 0;

    while (n) {
        bits += n & 1;
        n >>= 1;
    }
    return bits;
}

int collatz(int n);

#endif
