/*
 * Takes for granted what no flag tells of a CPU: it comes to a place between
 * finding out that DC ZVA sets 64 bytes to zero and relying on it, and, built
 * with -mbranch-protection=pac-ret, in a function whose return address was
 * signed or was not.  Needs no C library: -nostdlib -static.  Its status is 3,
 * and it writes how many bytes were zero.
 */
static char line[4096] __attribute__((aligned(4096)));

static long call(long number, long a, long b, long c)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;

    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
}

__attribute__((noinline)) void middle(void)
{
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) static int between(void)
{
    middle();
    return 1;
}

void _start(void)
{
    char digits[5];
    int zeros = 0;

    for (int i = 0; i < 4096; i++) {
        ((volatile char *)line)[i] = 'x';
    }
    zeros += between() - 1;
    __asm__ volatile("dc zva, %0" :: "r"(line + 1024) : "memory");
    for (int i = 0; i < 4096; i++) {
        zeros += line[i] == 0;
    }
    for (int i = 3; i >= 0; i--) {
        digits[i] = '0' + zeros % 10;
        zeros /= 10;
    }
    digits[4] = '\n';
    call(64, 1, (long)digits, 5);
    call(94, 3, 0, 0);
}
