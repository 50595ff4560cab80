/* Prefetches and maintains lines in every form there is, and says which. */
#include <stdint.h>
#include <stdio.h>

static char data[1 << 16] __attribute__((aligned(4096)));
static const char *kinds[64];
static uintptr_t lines[64];
static int count;

static void tell(const char *kind, const void *address)
{
    kinds[count] = kind;
    lines[count++] = (uintptr_t)address & ~(uintptr_t)63;
}

#define BASE(text, kind, at, base) \
    do { \
        asm volatile(text : : "r"(base) : "memory"); \
        tell(kind, at); \
    } while (0)

#define INDEX(text, at, base, index) \
    do { \
        asm volatile(text : : "r"(base), "r"(index) : "memory"); \
        tell("prefetch", at); \
    } while (0)

int main(void)
{
    char *middle = data + 32768;
    uint64_t high = 0xabcdef0000000000;

    BASE("prfm pldl1keep, [%0]", "prefetch", middle, middle);
    BASE("prfm pldl2strm, [%0, #8]", "prefetch", middle + 72, middle + 64);
    BASE("prfm pstl1keep, [%0, #32760]", "prefetch", middle + 32760, middle);
    BASE("prfum pldl1keep, [%0, #-255]", "prefetch", middle - 255, middle);
    BASE("prfum plil1keep, [%0, #255]", "prefetch", middle + 255, middle);
    BASE("prfum pstl3keep, [%0, #-256]", "prefetch", middle - 256, middle);
    INDEX("prfm pldl1keep, [%0, %1]", middle + 5000, middle, 5000L);
    INDEX("prfm pldl1keep, [%0, %1]", middle - 6000, middle, -6000L);
    INDEX("prfm pldl1keep, [%0, %1, lsl #3]", middle + 800, middle, 100L);
    INDEX("prfm pldl1keep, [%0, %w1, uxtw]", middle + 7000, middle, high + 7000);
    INDEX("prfm pldl1keep, [%0, %w1, uxtw #3]", middle + 8008, middle,
          high + 1001);
    INDEX("prfm pldl1keep, [%0, %w1, sxtw]", middle - 7000, middle,
          high | 0xffffffffu & (uint32_t)-7000);
    INDEX("prfm pldl1keep, [%0, %w1, sxtw #3]", middle - 9600, middle,
          high | 0xffffffffu & (uint32_t)-1200);
    INDEX("prfm pldl1keep, [%0, %1, sxtx #3]", middle - 9800, middle, -1225L);
    INDEX("prfm pldl1keep, [%0, xzr]", middle + 10000, middle + 10000, 0L);
    asm volatile("mov x9, sp\n\tmov sp, %0\n\tprfm pldl1keep, [sp, #64]\n\t"
                 "mov sp, x9" : : "r"(middle + 11008) : "x9", "memory");
    tell("prefetch", middle + 11072);
    {
        void *label;
        asm volatile("adr %0, 1f\n\tprfm pldl1keep, 1f\n\tb 2f\n\t.balign 64\n"
                     "1:\t.quad 0\n2:" : "=r"(label));
        tell("prefetch", label);
    }
    BASE("dc cvac, %0", "maintenance", middle + 12001, middle + 12001);
    BASE("dc cvau, %0", "maintenance", middle + 13000, middle + 13000);
    BASE("dc civac, %0", "maintenance", middle + 14000, middle + 14000);
    BASE("sys #3, c7, c12, #1, %0", "maintenance", middle + 15000,
         middle + 15000); /* DC CVAP */
    BASE("ic ivau, %0", "maintenance", middle + 16000, middle + 16000);
    BASE("dc zva, %0", "zeroed", middle + 17003, middle + 17003);
    for (int i = 0; i < count; i++) {
        printf("%s %lx\n", kinds[i], (long)lines[i]);
    }
    return 0;
}
