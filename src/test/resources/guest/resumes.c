/*
 * Has some of all that a checkpoint must carry, uses it after any point, and
 * says each step: resumes FILE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static __thread int own = 41;
static volatile double sum;
static int handled;

static void say(const char *what, long value)
{
    char line[100];
    int length = snprintf(line, sizeof(line), "%s %ld\n", what, value);

    write(1, line, length);
}

__attribute__((noinline)) void handler(int number, siginfo_t *info, void *context)
{
    char here;

    sum *= 1.5;
    handled += number + ((char *)info - &here < 65536);
    (void)context;
}

__attribute__((noinline)) void middle(void)
{
    __asm__ volatile("" ::: "memory");
}

int main(int argc, char **argv)
{
    struct sigaction action = { .sa_sigaction = handler };
    stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
    char text[16] = "";
    char *rows[64];
    sigset_t set;
    stack_t old;
    int ends[2];
    int file;
    int copy;
    char *map;

    if (argc < 2 || (file = open(argv[1], O_RDONLY)) < 0) {
        return 1;
    }
    copy = fcntl(file, F_DUPFD, 20);
    read(file, text, 5);
    pipe2(ends, O_NONBLOCK);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaddset(&action.sa_mask, SIGTERM);
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    umask(027);
    map = mmap(NULL, 16 * 4096, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(map, 'm', 8 * 4096);
    mprotect(map, 4096, PROT_READ);
    for (int i = 0; i < 64; i++) {
        rows[i] = malloc(3000);
        memset(rows[i], i, 3000);
    }
    sum = 1.25;
    own++;
    for (int round = 0; round < 3; round++) {
        say("round", round);
        raise(SIGUSR1);
        middle();
        say("handled", handled);
        say("sum", sum * 1000);
        say("own", own);
        memset(text, 0, sizeof(text));
        say("read", read(copy, text, 7));
        say(text, lseek(file, 0, SEEK_CUR));
        say("nothing", read(ends[0], text, sizeof(text)));
        /* QEMU 7.2 does not show O_LARGEFILE. */
        say("pipe", fcntl(ends[1], F_GETFL) & (O_ACCMODE | O_NONBLOCK));
        sigprocmask(SIG_BLOCK, NULL, &set);
        say("blocked", sigismember(&set, SIGUSR2) + 2 * sigismember(&set, SIGTERM));
        sigaltstack(NULL, &old);
        say("stack", old.ss_size + (old.ss_sp == stack.ss_sp));
        say("umask", umask(027));
        say("map", map[4095] + map[4096] + map[9 * 4096]);
        say("heap", rows[63][2999] + rows[round][0]);
        rows[round] = realloc(rows[round], 100000);
        say("cwd", strlen(get_current_dir_name()) > 0);
    }
    return 7;
}
