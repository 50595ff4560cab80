/*
 * Counts the calls of functions that were compiled with -finstrument-functions
 * and prints them at the end: address, calls.
 */
#include <stdio.h>

#ifdef __cplusplus
#define PLAIN extern "C"
#else
#define PLAIN
#endif

#define SLOTS 8192

static struct {
    void *function;
    unsigned long calls;
} slots[SLOTS];

PLAIN __attribute__((no_instrument_function)) void
__cyg_profile_func_enter(void *function, void *from)
{
    unsigned long at = ((unsigned long)function >> 2) % SLOTS;

    for (;; at = (at + 1) % SLOTS) {
        void *seen = NULL;

        if (__atomic_compare_exchange_n(&slots[at].function, &seen, function,
                                        0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST) ||
            seen == function) {
            __atomic_add_fetch(&slots[at].calls, 1, __ATOMIC_SEQ_CST);
            return;
        }
    }
}

PLAIN __attribute__((no_instrument_function)) void
__cyg_profile_func_exit(void *function, void *from)
{
}

static __attribute__((destructor(101), no_instrument_function)) void
print_counts(void)
{
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i].calls) {
            printf("CALLS %lx %lu\n", (unsigned long)slots[i].function,
                   slots[i].calls);
        }
    }
}
