/* Threads of different lengths, some at the same time, some one by one. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

enum { AT_ONCE = 20, IN_TURN = 40 };

static atomic_ulong total;

static void *work(void *argument)
{
    uintptr_t rounds = (uintptr_t)argument * 10000;
    uint64_t x = rounds;

    for (uintptr_t i = 0; i < rounds; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        if (x >> 63) {
            atomic_fetch_add(&total, x & 1);
        }
    }
    return (void *)(uintptr_t)x;
}

int main(void)
{
    pthread_t threads[AT_ONCE];

    for (uintptr_t i = 0; i < AT_ONCE; i++) {
        pthread_create(&threads[i], NULL, work, (void *)(i + 1));
    }
    for (int i = 0; i < AT_ONCE; i++) {
        pthread_join(threads[i], NULL);
    }
    for (uintptr_t i = 0; i < IN_TURN; i++) {
        pthread_create(&threads[0], NULL, work, (void *)(i % 3 + 1));
        pthread_join(threads[0], NULL);
    }
    printf("%lu\n", (unsigned long)atomic_load(&total));
    return 0;
}
