/* Children that work, exit or execute something else; the parent counts. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long work(unsigned long rounds)
{
    unsigned long x = rounds;

    for (unsigned long i = 0; i < rounds; i++) {
        x = x * 31 + i;
    }
    return x;
}

int main(void)
{
    unsigned long sum = 0;

    for (int i = 0; i < 10; i++) {
        pid_t child = fork();

        if (child == 0) {
            unsigned long x = work(3000000);

            if (i % 2) {
                printf("child %d %lu\n", i, x);
                exit(i);
            }
            _exit(i);
        }
        sum += work(50000);
        int status;
        waitpid(child, &status, 0);
        sum += WEXITSTATUS(status);
    }
    printf("parent %lu\n", sum);
    return 0;
}
