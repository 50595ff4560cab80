/*
 * Gets hold of something that a checkpoint can't carry, comes to a place, and
 * says whether it has it still: holds WHAT FILE
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
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/* Whether others see what is written there. */
static int isShared(char *memory)
{
    if (fork() == 0) {
        *memory = 'x';
        _exit(0);
    }
    wait(NULL);
    return *memory == 'x';
}

/* Whether the kernel says that memory is locked. */
static int locksMemory(void)
{
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY);
    ssize_t count = read(file, text, sizeof(text) - 1);

    text[count < 0 ? 0 : count] = 0;
    return !strstr(text, "VmLck:\t       0 kB");
}

static int keeps(const char *what, int descriptor, char *memory, const char *name)
{
    struct itimerval timer;
    sigset_t set;

    if (!strcmp(what, "locks")) {
        return flock(open(name, O_RDONLY), LOCK_EX | LOCK_NB) < 0;
    } else if (!strcmp(what, "timers")) {
        getitimer(ITIMER_REAL, &timer);
        return timer.it_value.tv_sec != 0;
    } else if (!strcmp(what, "scheduling")) {
        return getpriority(PRIO_PROCESS, 0) == 19;
    } else if (!strcmp(what, "locked-memory")) {
        return locksMemory();
    } else if (!strcmp(what, "shared-memory")) {
        return isShared(memory);
    } else if (!strcmp(what, "pending-signals")) {
        sigpending(&set);
        return sigismember(&set, SIGUSR1);
    } else if (!strcmp(what, "children")) {
        return waitpid(-1, NULL, WNOHANG) == 0;
    }
    return fcntl(descriptor, F_GETFD) >= 0;
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
    int ends[2] = { -1, -1 };
    char *memory = NULL;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    if (!strcmp(what, "sockets")) {
        ends[0] = socket(AF_UNIX, SOCK_STREAM, 0);
    } else if (!strcmp(what, "pipes")) {
        pipe(ends);
        close(ends[1]);
    } else if (!strcmp(what, "special-files")) {
        ends[0] = epoll_create1(0);
    } else if (!strcmp(what, "locks")) {
        flock(open(argv[2], O_RDONLY), LOCK_EX);
    } else if (!strcmp(what, "timers")) {
        setitimer(ITIMER_REAL, &timer, NULL);
    } else if (!strcmp(what, "scheduling")) {
        setpriority(PRIO_PROCESS, 0, 19);
    } else if (!strcmp(what, "locked-memory")) {
        mlock(&timer, sizeof(timer));
    } else if (!strcmp(what, "shared-memory")) {
        ends[0] = memfd_create("shared", 0);
        ftruncate(ends[0], 4096);
        memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ends[0], 0);
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
    } else if (!strcmp(what, "pending-signals")) {
        sigprocmask(SIG_BLOCK, &set, NULL);
        raise(SIGUSR1);
    } else if (!strcmp(what, "pipe-size")) {
        pipe(ends);
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 18);
    } else if (!strcmp(what, "owner")) {
        pipe(ends);
        fcntl(ends[0], F_SETOWN, getpid());
    } else if (!strcmp(what, "system-v")) {
        ends[0] = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600);
        shmat(ends[0], NULL, 0);
        shmctl(ends[0], IPC_RMID, NULL);
    } else if (!strcmp(what, "folder")) {
        mkdir("inner", 0700);
        chdir("inner");
        rmdir("../inner");
    } else if (!strcmp(what, "membarrier")) {
        syscall(SYS_membarrier, 16, 0, 0);  /* registers */
    } else if (!strcmp(what, "path")) {
        ends[0] = open(argv[2], O_PATH);
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
        pipe(ends);
        fcntl(ends[1], F_SETPIPE_SZ, 1 << 18);
        close(ends[0]);
        close(ends[1]);
        ends[0] = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600);
        shmdt(shmat(ends[0], NULL, 0));
        shmctl(ends[0], IPC_RMID, NULL);
        if (fork() == 0) {
            _exit(0);
        }
        waitid(P_ALL, 0, NULL, WEXITED);
    } else if (!strcmp(what, "children")) {
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            alarm(60);
            pause();
        }
    }
    middle();
    if (*what && strstr("sockets pipes special-files locks timers scheduling locked-memory "
                        "shared-memory pending-signals children", what)) {
        write(1, keeps(what, ends[0], memory, argv[2]) ? "kept\n" : "gone\n", 5);
    } else if (strcmp(what, "path") || fcntl(ends[0], F_GETFL) & O_PATH) {
        write(1, "done\n", 5);
    }
    return 3;
}
