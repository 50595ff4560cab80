/* Works in regions, and does something else for longer between them. */
#include <stdio.h>
#include <stdlib.h>

#include "cairn.h"

#define WORDS (1 << 14)

static unsigned table[WORDS];
static volatile unsigned sink;

static __attribute__((noinline)) unsigned chase(unsigned at, int n)
{
    for (int i = 0; i < n; i++) {
        at = (at + table[at]) % WORDS;
    }
    return at;
}

static __attribute__((noinline)) unsigned mixes(unsigned x, int n)
{
    for (int i = 0; i < n; i++) {
        x = (x ^ x >> 7) * 2654435761u + i;
        sink = x;
    }
    return x;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 20;
    unsigned x = 1;

    for (int i = 0; i < WORDS; i++) {
        table[i] = mixes(i, 1) % 256;
    }
    for (int i = 0; i < rounds; i++) {
        x = mixes(x, 200000);
        CAIRN_BEGIN("work");
        if (i % 3) {
            x = chase(x % WORDS, 60000);
        } else {
            x = mixes(x, 60000);
        }
        CAIRN_END;
    }
    printf("%u\n", x);
    return 0;
}
