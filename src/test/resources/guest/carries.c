/*
 * Has one of each thing that a checkpoint holds, says all of it, comes to a
 * place with every register known, and says all of it again:
 *
 *      carries FOLDER INPUT [maps]
 *
 * With maps it also says how the kernel lists its memory.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096
#define REGISTERS 31

extern char **environ;

struct kept {
    unsigned long x[REGISTERS];
    unsigned long sp, nzcv, fpcr, fpsr, tpidr;
    unsigned long v[64];
} kept;

void keep(void);

/* Gives each register a value, comes to a place, and stores all of them. */
__asm__(
    "        .text\n"
    "        .global keep, place\n"
    "        .type keep, %function\n"
    "keep:   stp     x29, x30, [sp, #-176]!\n"
    "        stp     x19, x20, [sp, #16]\n"
    "        stp     x21, x22, [sp, #32]\n"
    "        stp     x23, x24, [sp, #48]\n"
    "        stp     x25, x26, [sp, #64]\n"
    "        stp     x27, x28, [sp, #80]\n"
    "        stp     d8, d9, [sp, #96]\n"
    "        stp     d10, d11, [sp, #112]\n"
    "        stp     d12, d13, [sp, #128]\n"
    "        stp     d14, d15, [sp, #144]\n"
    "        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16\n"
    "        mov     x29, #(0x1000 + \\n)\n"
    "        movk    x29, #(0x7000 + \\n), lsl #48\n"
    "        fmov    d\\n, x29\n"
    "        mov     x29, #(0x2000 + \\n)\n"
    "        movk    x29, #(0xe000 + \\n), lsl #48\n"
    "        fmov    v\\n\\().d[1], x29\n"
    "        .endr\n"
    "        .irp    n, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31\n"
    "        mov     x29, #(0x3000 + \\n)\n"
    "        movk    x29, #(0x5000 + \\n), lsl #48\n"
    "        fmov    d\\n, x29\n"
    "        mov     x29, #(0x4000 + \\n)\n"
    "        movk    x29, #(0xa000 + \\n), lsl #48\n"
    "        fmov    v\\n\\().d[1], x29\n"
    "        .endr\n"
    "        mov     x29, #0x1c00000\n"     /* to zero, no subnormals */
    "        msr     fpcr, x29\n"
    "        mov     x29, #0x9f\n"
    "        movk    x29, #0x0800, lsl #16\n"
    "        msr     fpsr, x29\n"
    "        mov     x29, #0xa0000000\n"
    "        msr     nzcv, x29\n"
    "        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "        mov     x\\n, #(0x5000 + \\n)\n"
    "        movk    x\\n, #(0x9000 + \\n), lsl #48\n"
    "        .endr\n"
    "        .irp    n, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30\n"
    "        mov     x\\n, #(0x6000 + \\n)\n"
    "        movk    x\\n, #(0x3000 + \\n), lsl #32\n"
    "        .endr\n"
    "        .type place, %function\n"
    "place:  nop\n"
    "        str     x0, [sp, #160]\n"
    "        adrp    x0, kept\n"
    "        add     x0, x0, :lo12:kept\n"
    "        str     x1, [x0, #8]\n"
    "        .irp    n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16\n"
    "        str     x\\n, [x0, #(8 * \\n)]\n"
    "        .endr\n"
    "        .irp    n, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30\n"
    "        str     x\\n, [x0, #(8 * \\n)]\n"
    "        .endr\n"
    "        ldr     x1, [sp, #160]\n"
    "        str     x1, [x0]\n"
    "        mov     x1, sp\n"
    "        str     x1, [x0, #248]\n"
    "        mrs     x1, nzcv\n"
    "        str     x1, [x0, #256]\n"
    "        mrs     x1, fpcr\n"
    "        str     x1, [x0, #264]\n"
    "        mrs     x1, fpsr\n"
    "        str     x1, [x0, #272]\n"
    "        mrs     x1, tpidr_el0\n"
    "        str     x1, [x0, #280]\n"
    "        add     x0, x0, #288\n"
    "        .irp    n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30\n"
    "        st1     {v\\n\\().2d}, [x0], #16\n"
    "        add     x0, x0, #16\n"
    "        .endr\n"
    "        sub     x0, x0, #(512 - 16)\n"
    "        .irp    n, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31\n"
    "        st1     {v\\n\\().2d}, [x0], #16\n"
    "        add     x0, x0, #16\n"
    "        .endr\n"
    "        msr     fpcr, xzr\n"
    "        ldp     x19, x20, [sp, #16]\n"
    "        ldp     x21, x22, [sp, #32]\n"
    "        ldp     x23, x24, [sp, #48]\n"
    "        ldp     x25, x26, [sp, #64]\n"
    "        ldp     x27, x28, [sp, #80]\n"
    "        ldp     d8, d9, [sp, #96]\n"
    "        ldp     d10, d11, [sp, #112]\n"
    "        ldp     d12, d13, [sp, #128]\n"
    "        ldp     d14, d15, [sp, #144]\n"
    "        ldp     x29, x30, [sp], #176\n"
    "        ret\n"
    "        .size keep, .-keep\n");

static char *anonymous, *readable, *nothing, *code, *shared, *ofFile, *sharedFile;
static char *heap;
static int input, copy, written, appended, closing, folder, null;
static int ends[2];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void *map(int protection, int flags, int file)
{
    void *at = mmap(NULL, 4 * PAGE, protection, flags, file, 0);

    if (at == MAP_FAILED) {
        fail("mmap");
    }
    return at;
}

static void handler(int number)
{
    (void)number;
}

static int opened(const char *name, int flags)
{
    int file = open(name, flags, 0600);

    if (file < 0) {
        fail(name);
    }
    return file;
}

static void prepare(char **argv)
{
    struct sigaction action = { .sa_handler = handler };
    stack_t stack = { .ss_size = 65536 };
    struct rlimit limit = { 123, 456 };
    static const unsigned returns42[] = { 0x52800540, 0xd65f03c0 };
    sigset_t set;

    if (chdir(argv[1])) {
        fail(argv[1]);
    }
    input = opened(argv[2], O_RDONLY);
    read(input, (char[5]) { 0 }, 5);
    copy = fcntl(input, F_DUPFD, 20);
    written = opened("written", O_RDWR | O_CREAT | O_TRUNC);
    write(written, "some text in it", 15);
    lseek(written, 5, SEEK_SET);
    appended = opened("appended", O_WRONLY | O_APPEND | O_CREAT | O_TRUNC);
    write(appended, "begin\n", 6);
    closing = opened(argv[2], O_RDONLY | O_CLOEXEC);
    folder = opened(".", O_RDONLY | O_DIRECTORY);
    null = opened("/dev/null", O_WRONLY);
    pipe2(ends, O_CLOEXEC);
    write(ends[1], "held in the pipe", 16);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);

    anonymous = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    memset(anonymous + PAGE, 'a', 2 * PAGE);
    readable = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    memset(readable, 'r', PAGE);
    mprotect(readable, 4 * PAGE, PROT_READ);
    nothing = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    code = map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    memcpy(code, returns42, sizeof(returns42));
    __builtin___clear_cache(code, code + sizeof(returns42));
    shared = map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
    memset(shared + 100, 's', PAGE);
    ofFile = map(PROT_READ | PROT_WRITE, MAP_PRIVATE, input);
    ofFile[1] = '#';
    ftruncate(written, 4 * PAGE);
    sharedFile = map(PROT_READ | PROT_WRITE, MAP_SHARED, written);
    strcpy(sharedFile + PAGE, "through memory");
    heap = sbrk(3 * PAGE + 100);
    memset(heap, 'h', 3 * PAGE + 100);

    umask(027);
    stack.ss_sp = anonymous;
    stack.ss_size = 3 * PAGE;
    if (sigaltstack(&stack, NULL)) {
        fail("sigaltstack");
    }
    action.sa_flags = SA_ONSTACK | SA_RESTART;
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN + 3);
    sigprocmask(SIG_BLOCK, &set, NULL);
    setrlimit(RLIMIT_NOFILE, &limit);
    prctl(PR_SET_NAME, "carrier");
    setenv("ADDED", "later", 1);
}

static unsigned long sum(const char *from)
{
    unsigned long sum = 0;

    for (int i = 0; i < 4 * PAGE; i++) {
        sum = sum * 31 + (unsigned char)from[i];
    }
    return sum;
}

static void sayFile(const char *name, int file)
{
    char link[40], path[PATH_MAX];
    ssize_t length;

    sprintf(link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof(path) - 1);
    path[length < 0 ? 0 : length] = 0;
    if (!strncmp(path, "pipe:", 5)) {
        strcpy(path, "a pipe");
    }
    /* QEMU 7.2 does not show O_LARGEFILE. */
    printf("%s: %d %s flags %x %x offset %ld\n", name, file, path,
           fcntl(file, F_GETFL) & ~0400000, fcntl(file, F_GETFD),
           file == appended ? -1L : (long)lseek(file, 0, SEEK_CUR));
}

static void sayProcess(char **argv)
{
    char text[PATH_MAX];
    struct sigaction action;
    struct rlimit limit;
    unsigned long *auxiliary;
    stack_t stack;
    sigset_t set;
    mode_t mask = umask(0);

    umask(mask);
    printf("in %s, umask %o, heap to %p\n", getcwd(text, sizeof(text)), mask,
           sbrk(0));
    for (int i = 1; i < 32; i++) {
        memset(&action, 0, sizeof(action));
        sigaction(i, NULL, &action);
        printf("%d: %p %x %lx\n", i, action.sa_handler, action.sa_flags,
               *(unsigned long *)&action.sa_mask);
    }
    sigprocmask(SIG_BLOCK, NULL, &set);
    sigaltstack(NULL, &stack);
    printf("blocked %lx, stack %p %lu %x\n", *(unsigned long *)&set,
           stack.ss_sp, stack.ss_size, stack.ss_flags);
    for (int i = 0; i < 16; i++) {
        getrlimit(i, &limit);
        printf("limit %d: %lx %lx\n", i, limit.rlim_cur, limit.rlim_max);
    }
    prctl(PR_GET_NAME, text);
    printf("name %s\n", text);
    for (char **each = argv; *each; each++) {
        printf("argument %s\n", *each);
    }
    for (char **each = environ; *each; each++) {
        printf("variable %s\n", *each);
    }
    auxiliary = (unsigned long *)argv;
    while (*auxiliary++) {
    }
    while (*auxiliary++) {
    }
    for (; *auxiliary; auxiliary += 2) {
        printf("%lu: %lx %d\n", auxiliary[0], auxiliary[1],
               getauxval(auxiliary[0]) == auxiliary[1]);
    }
}

static void sayMaps(void)
{
    char *of[] = { anonymous, readable, nothing, code, shared, ofFile,
                   sharedFile, heap };
    char line[PATH_MAX];
    FILE *maps = fopen("/proc/self/maps", "r");
    unsigned long from, to;
    char protection[5];

    while (fgets(line, sizeof(line), maps)) {
        sscanf(line, "%lx-%lx %4s", &from, &to, protection);
        for (int i = 0; i < 8; i++) {
            if ((unsigned long)of[i] >= from && (unsigned long)of[i] < to) {
                printf("memory %d: %s\n", i, protection);
            }
        }
    }
    fclose(maps);
}

static void say(char **argv)
{
    int waiting = 0;

    sayProcess(argv);
    sayFile("input", input);
    sayFile("copy", copy);
    sayFile("written", written);
    sayFile("appended", appended);
    sayFile("closing", closing);
    sayFile("folder", folder);
    sayFile("null", null);
    sayFile("out of the pipe", ends[0]);
    sayFile("into the pipe", ends[1]);
    ioctl(ends[0], FIONREAD, &waiting);
    printf("in the pipe %d\n", waiting);
    printf("memory %p %lx %p %lx\n", anonymous, sum(anonymous), readable,
           sum(readable));
    printf("code %p %d\n", code, ((int (*)(void))code)());
    printf("shared %p %lx\n", shared, sum(shared));
    printf("of the file %p %.8s\n", ofFile, ofFile);
    printf("of the shared file %p %s\n", sharedFile, sharedFile + PAGE);
    printf("heap %p %c %c\n", heap, heap[0], heap[3 * PAGE + 99]);
    if (argv[3]) {
        sayMaps();
    }
}

static void sayRegisters(void)
{
    for (int i = 0; i < REGISTERS; i++) {
        printf("x%d %lx\n", i, kept.x[i]);
    }
    printf("sp %lx nzcv %lx fpcr %lx fpsr %lx tpidr %lx\n", kept.sp, kept.nzcv,
           kept.fpcr, kept.fpsr, kept.tpidr);
    for (int i = 0; i < 32; i++) {
        printf("v%d %lx %lx\n", i, kept.v[2 * i], kept.v[2 * i + 1]);
    }
}

/* Uses what it has, as one that goes on does. */
static void use(void)
{
    char text[100] = "";
    struct stat appendedTo;
    int count;

    read(copy, text, 7);
    printf("read %s, and stands at %ld\n", text, (long)lseek(input, 0, SEEK_CUR));
    write(written, "more", 4);
    lseek(written, 0, SEEK_SET);
    count = read(written, text, 15);
    printf("written %.*s\n", count, text);
    write(appended, "end\n", 4);
    fstat(appended, &appendedTo);
    printf("at its end %d\n",
           lseek(appended, 0, SEEK_CUR) == appendedTo.st_size);
    count = read(ends[0], text, 4);
    printf("from the pipe %.*s\n", count, text);
    write(ends[1], "!", 1);
    count = read(ends[0], text, sizeof(text));
    printf("from the pipe %.*s\n", count, text);
    printf("nothing from the pipe %zd\n", read(ends[0], text, sizeof(text)));
    memset(shared, 't', 2);
    strcpy(sharedFile, "to the file");
    pread(written, text, 12, 0);
    printf("through the file %s\n", text);
    raise(SIGUSR2);
    sbrk(PAGE);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 1;
    }
    prepare(argv);
    say(argv);
    fflush(stdout);
    keep();
    sayRegisters();
    say(argv);
    use();
    say(argv);
    return 9;
}
