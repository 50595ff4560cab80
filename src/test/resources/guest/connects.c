/* Works, works with a socket open, and works again without it. */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned long work(unsigned long x)
{
    for (unsigned long i = 0; i < 200000; i++) {
        x = x * 31 + (i ^ x >> 7);
    }
    return x;
}

int main(void)
{
    unsigned long sum = work(1);
    int opened = socket(AF_UNIX, SOCK_STREAM, 0);

    sum = work(sum);
    close(opened);
    sum = work(sum);
    printf("%lu\n", sum);
    return 0;
}
