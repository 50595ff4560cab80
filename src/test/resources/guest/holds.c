/*
 * Gets hold of something that a checkpoint can't carry, comes to a place, and
 * goes on without it: holds WHAT FILE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

__attribute__((noinline)) void middle(void)
{
    __asm__ volatile("" ::: "memory");
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    struct itimerval timer = { .it_value = { .tv_sec = 10000 } };
    int ends[2];

    if (!strcmp(what, "sockets")) {
        socket(AF_UNIX, SOCK_STREAM, 0);
    } else if (!strcmp(what, "pipes")) {
        pipe(ends);
        write(ends[1], "x", 1);
    } else if (!strcmp(what, "special-files")) {
        epoll_create1(0);
    } else if (!strcmp(what, "locks")) {
        flock(open(argv[2], O_RDONLY), LOCK_EX);
    } else if (!strcmp(what, "timers")) {
        setitimer(ITIMER_REAL, &timer, NULL);
    } else if (!strcmp(what, "scheduling")) {
        setpriority(PRIO_PROCESS, 0, 5);
    } else if (!strcmp(what, "locked-memory")) {
        mlock(&timer, sizeof(timer));
    } else if (!strcmp(what, "shared-memory")) {
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
             -1, 0);
    }
    middle();
    write(1, "done\n", 5);
    return 3;
}
