/* Accesses its memory, a known number of times in each part of it. */
#include <stdlib.h>

#define WORDS 4096

/* Each begins with a line of a cache. */
static volatile long table[WORDS] __attribute__((aligned(64)));   /* behind what the file holds */
static volatile long values[WORDS] __attribute__((aligned(64))) = {1};

int main(void)
{
    volatile long local[WORDS / 4];
    volatile long *small = malloc(WORDS * sizeof *small / 2);
    volatile long *large = malloc(1 << 20);

    for (int i = 0; i < WORDS; i++) {
        table[i] = i;
        values[i] = table[i];
    }
    for (int i = 0; i < WORDS / 4; i++) {
        local[i] = i;
    }
    for (int i = 0; i < WORDS / 2; i++) {
        small[i] = i;
    }
    for (int i = 0; i < 1 << 17; i += 8) {
        large[i] = i;
    }
    return 0;
}
