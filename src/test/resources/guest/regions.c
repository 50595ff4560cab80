/* Names regions of itself, some inside others, one of them inlined twice. */
#include <stdio.h>
#include <stdlib.h>

#include "cairn.h"

static volatile unsigned long sink;

static inline __attribute__((always_inline)) void adds(int n)
{
    CAIRN_BEGIN("adds");
    for (int i = 0; i < n; i++) {
        sink += i;
    }
    CAIRN_END;
}

static __attribute__((noinline)) void solves(int n)
{
    CAIRN_BEGIN("solve");
    for (int i = 0; i < n; i++) {
        adds(n);
    }
    CAIRN_END;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 3;

    adds(5);
    for (int i = 0; i < rounds; i++) {
        solves(100 + i);
        sink++;
    }
    CAIRN_BEGIN("100% \303\251");
    printf("%lu\n", sink);
    CAIRN_END;
    return 0;
}
