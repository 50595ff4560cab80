/* As many threads at a time as it is told, each of a known length. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 512 };

static pthread_barrier_t all;

static void *work(void *argument)
{
    uintptr_t rounds = (uintptr_t)argument * 1000;
    uint64_t x = rounds;

    pthread_barrier_wait(&all);
    for (uintptr_t i = 0; i < rounds; i++) {
        __asm__ volatile("eor %0, %0, %0, lsl #7\n\tadd %0, %0, #1"
                         : "+r"(x));
    }
    pthread_barrier_wait(&all);
    return (void *)(uintptr_t)x;
}

int main(int argc, char **argv)
{
    static pthread_t threads[MOST];
    int count = argc > 1 ? atoi(argv[1]) : 20;
    pthread_attr_t small;

    pthread_barrier_init(&all, NULL, count);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 16);
    for (int i = 0; i < count; i++) {
        if (pthread_create(&threads[i], &small, work,
                           (void *)(uintptr_t)(i + 1))) {
            return 1;
        }
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%d\n", count);
    return 0;
}
