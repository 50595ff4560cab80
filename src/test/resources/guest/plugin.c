/* A shared object, loaded and unloaded by unloads.c; N makes it differ. */
#ifndef N
#define N 1
#endif

unsigned long work(unsigned long x)
{
    for (int i = 0; i < 100 * N; i++) {
        x = x * 31 + N;
#if N == 2
        x ^= x >> 3;
#endif
    }
    return x;
}
