/* Code that is written, run, and written again at the same address. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(void)
{
    uint32_t *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned long sum = 0;

    for (uint32_t i = 0; i < 3000; i++) {
        uint32_t adds = i % 7 + 1;

        code[0] = 0xd2800000u | (i & 0xffff) << 5; /* mov x0, #i */
        for (uint32_t j = 1; j <= adds; j++) {
            code[j] = 0x91000400u; /* add x0, x0, #1 */
        }
        code[adds + 1] = 0xd65f03c0u; /* ret */
        __builtin___clear_cache((char *)code, (char *)(code + 16));
        sum += ((unsigned long (*)(void))code)();
        sum += ((unsigned long (*)(void))code)();
    }
    printf("%lu\n", sum);
    return 0;
}
