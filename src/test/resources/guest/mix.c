/* Sort, matrix product, pointer chase and hash: an even mix of work. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SORTED = 200000, SIDE = 120, NODES = 1 << 16, HASHED = 1 << 20 };

static uint32_t state = 12345;

static uint32_t next(void)
{
    state = state * 1664525u + 1013904223u;
    return state >> 4;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    static uint32_t numbers[SORTED];
    static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
    static uint32_t link[NODES];
    static unsigned char bytes[HASHED];
    uint64_t sum = 0;

    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < SORTED; i++) {
            numbers[i] = next();
        }
        qsort(numbers, SORTED, sizeof(numbers[0]), compare);
        sum += numbers[SORTED / 2];
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                a[i][j] = next() & 15;
                b[i][j] = next() & 15;
                c[i][j] = 0;
            }
        }
        for (int i = 0; i < SIDE; i++) {
            for (int k = 0; k < SIDE; k++) {
                for (int j = 0; j < SIDE; j++) {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        sum += (uint64_t)c[3][5];
        for (uint32_t i = 0; i < NODES; i++) {
            link[i] = (i * 40503u + 7) & (NODES - 1);
        }
        for (uint32_t i = 0, at = 0; i < 4 * NODES; i++) {
            at = link[at];
            sum += at;
        }
        memset(bytes, round, sizeof(bytes));
        uint32_t hash = 2166136261u;
        for (int i = 0; i < HASHED; i++) {
            hash = (hash ^ bytes[i]) * 16777619u;
        }
        sum += hash;
    }
    printf("%llu\n", (unsigned long long)sum);
    return 0;
}
