/* A shared object whose regions have names, loaded by opens.c; N makes it differ. */
#include "cairn.h"

static unsigned long mixes(unsigned long x)
{
    CAIRN_BEGIN("inside");
    for (int i = 0; i < 10 * N; i++) {
        x = x * 31 + N;
    }
    CAIRN_END;
    return x;
}

#if N == 1
static __attribute__((noinline)) unsigned long steps(unsigned long x)
{
    return x * 3 + 1;
}
#endif

unsigned long work(unsigned long x)
{
#if N == 1
    CAIRN_BEGIN("loaded");
    x = mixes(steps(x));
    CAIRN_END;
#else
    for (int i = 0; i < 20; i++) {
        x = x * 7 + (x >> 3);
    }
    x = mixes(x) + mixes(x + 1);
#endif
    return x;
}
