/*
 * Gets hold of something that a checkpoint can't carry, comes to a place, and
 * goes on without it: holds WHAT FILE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

__attribute__((noinline)) void middle(void)
{
    __asm__ volatile("" ::: "memory");
}

static volatile int rung;

static void rang(int number)
{
    rung = number;
}

static void *waiting(void *nothing)
{
    pause();
    return nothing;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    struct itimerval timer = { .it_value = { .tv_sec = 10000 } };
    pthread_t thread;
    timer_t clock;
    sigset_t set;
    int ends[2];

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (!strcmp(what, "sockets")) {
        socket(AF_UNIX, SOCK_STREAM, 0);
    } else if (!strcmp(what, "pipes")) {
        pipe(ends);
        close(ends[0]);
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
        ends[0] = memfd_create("shared", 0);
        ftruncate(ends[0], 4096);
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ends[0], 0);
        close(ends[0]);
    } else if (!strcmp(what, "eventfd")) {
        eventfd(0, 0);
    } else if (!strcmp(what, "signalfd")) {
        signalfd(-1, &set, 0);
    } else if (!strcmp(what, "timerfd")) {
        timerfd_create(CLOCK_MONOTONIC, 0);
    } else if (!strcmp(what, "inotify")) {
        inotify_init();
    } else if (!strcmp(what, "timer_create")) {
        timer_create(CLOCK_MONOTONIC, NULL, &clock);
    } else if (!strcmp(what, "made-up")) {
        open("/proc/self/maps", O_RDONLY);
    } else if (!strcmp(what, "memfd")) {
        memfd_create("held", 0);
    } else if (!strcmp(what, "deleted")) {
        open(argv[2], O_RDONLY);
        unlink(argv[2]);
    } else if (!strcmp(what, "pending")) {
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR1);
    } else if (!strcmp(what, "thread")) {
        pthread_create(&thread, NULL, waiting, NULL);
    } else if (!strcmp(what, "nothing")) {  /* any more */
        setitimer(ITIMER_VIRTUAL, &timer, NULL);
        timer.it_value.tv_sec = 0;
        setitimer(ITIMER_VIRTUAL, &timer, NULL);
        signal(SIGALRM, rang);
        timer.it_value.tv_usec = 1000;
        setitimer(ITIMER_REAL, &timer, NULL);
        while (!rung) {
        }
        timer_create(CLOCK_MONOTONIC, NULL, &clock);
        timer_delete(clock);
        if (fork() == 0) {
            _exit(0);
        }
        waitid(P_ALL, 0, NULL, WEXITED);
    } else if (!strcmp(what, "child")) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            alarm(60);
            pause();
        }
    }
    middle();
    write(1, "done\n", 5);
    return 3;
}
