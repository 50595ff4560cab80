/* Sends itself a signal that it says nothing of. */
#include <signal.h>
#include <stdio.h>

int main(void)
{
    puts("begun");
    fflush(stdout);
    raise(SIGUSR1);
    puts("still here");
    return 0;
}
