/*
 * The probe: tells Cairn what a guest program executes.
 *
 * It defines each block once, then either counts entries inline and sends
 * the counts at exact interval ends, or streams a word for each execution and
 * access, throughout or in windows.  It encodes and never analyses.  A full
 * ring makes the guest wait, so nothing is lost.
 *
 * Options: ring=FILE (made by the reader, see record.h), check=on (load only).
 *
 * Copyright (c) The Cairn authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <qemu-plugin.h>

#include "record.h"

#if QEMU_PLUGIN_VERSION < 4
#error "the probe needs a qemu-plugin.h of plugin API 4 (QEMU 10.0) or later"
#endif

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/*
 * What an event's callback is told besides the event: the plugin's id, from
 * API 7 (QEMU 11.1) on data of its own instead.  The probe needs neither.
 */
#if QEMU_PLUGIN_VERSION < 7
#define EVENT(...) qemu_plugin_id_t id, __VA_ARGS__
#define EVENT_OF_RESET qemu_plugin_id_t id
#define EVENT_OF_EXIT qemu_plugin_id_t id, void *data
#define REGISTER(event, callback) \
    qemu_plugin_register_##event##_cb(plugin_id, callback)
#define RESET(callback) qemu_plugin_reset(plugin_id, callback)
#else
#define EVENT(...) __VA_ARGS__, void *data
#define EVENT_OF_RESET void *data
#define EVENT_OF_EXIT void *data
#define REGISTER(event, callback) \
    qemu_plugin_register_##event##_cb(plugin_id, callback, NULL)
#define RESET(callback) qemu_plugin_reset(plugin_id, callback, NULL)
#endif

/* From this API on no register can be read when the guest has ended. */
#define API_HIDING_REGISTERS_AT_EXIT 5

/* NULL is the first register from API 6 on. */
#define NO_REGISTER ((struct qemu_plugin_register *)-1)

/*
 * Counters and budgets begin below 0, which is far above as an unsigned number,
 * and fire at the entry of a block from 0 to this: a number that fits the
 * host's compare instruction.
 */
#define FIRES_UPTO 0x7fffffffULL
#define SILENT_FOR_GOOD (1ULL << 63)

/* With fewer instructions to the interval's end each entry is looked at. */
#define LOOK_AT_ALL 2048

/* Instructions before a window at which instrumentation is exchanged. */
#define LEAD 2048

/* A stop further away than this ends watching in between. */
#define FAR_STOP 20000
#define NO_TRIGGER UINT32_MAX

#define COUNTERS_IN_PAGE 1024
#define MAX_PAGES 8192
#define MAX_BLOCKS (COUNTERS_IN_PAGE * MAX_PAGES)
#define MAX_VCPUS 65536
#define PAIRS_IN_RECORD 512
#define SCRAP_WORDS 1024

/* Circles: what code has gone round that was begun in its midst, so that the next
 * round is the first. */
#define ROUNDS_OF_PARTIAL (1ULL << 32)
#define FEW_ROUNDS 256
#define LEFT_REASON_SHIFT 32
#define LEFT_AND_GOES_ON UINT32_MAX

/* Branches back: where they lead if they are taken, and if they are not. */
#define BRANCH_LEADS 1
#define BRANCH_ENDS 2
#define BEHIND_CIRCLE 4 /* if the branch leads back to straight code */
#define CODE_PAGE_BYTES 4096ULL
#define CODE_PAGES_AHEAD 17 /* the page in front of the block is the first */

/* Settling: what was counted is sent when a block has executed so often, or so
 * much did not settle. */
#define SETTLED_AT_ONCE (1ULL << 19)
#define UNSETTLED_AT_ONCE (1U << 17)
#define NO_LINE (~0ULL)
#define SPAN_UNKNOWN (1ULL << 60) /* no access settles that reaches so far */

/* How many signals that come at once are told apart. */
#define MOST_AT_ONCE 4096

/* How often a window may close before everything is streamed for good. */
#define EXCHANGES_AT_MOST 32

/* AArch64 Linux: what the probe must know of the guest. */
#define A64_NR_KILL 129
#define A64_NR_TKILL 130
#define A64_NR_TGKILL 131
#define A64_NR_BRK 214
#define A64_NR_MUNMAP 215
#define A64_NR_MREMAP 216
#define A64_NR_MMAP 222
#define A64_NR_MPROTECT 226
#define A64_NR_MADVISE 233
#define A64_NR_RT_SIGACTION 134
#define A64_NR_RT_SIGRETURN 139
#define A64_NR_CLONE 220
#define A64_NR_EXECVE 221
#define A64_NR_EXECVEAT 281
#define A64_NR_EXIT 93
#define A64_NR_EXIT_GROUP 94
#define A64_FRAME_PC 568       /* of struct rt_sigframe */
#define A64_FRAME_SP 560
#define A64_FRAME_X(n) (312 + 8 * (n))
#define A64_FRAME_STACK 144    /* the alternate stack: address, flags, bytes */
#define A64_FRAME_MASK 168
#define A64_SIGINFO_CODE 8     /* of struct siginfo */
#define A64_PIECE_BYTES 64ULL  /* of code that is looked through at a time */
#define A64_STRAIGHT_BYTES (1 << 20) /* no straight code is longer */
#define A64_NR_GETDENTS64 61   /* up to pwrite64: calls that only move data */
#define A64_NR_PWRITE64 68
#define A64_MOV_X8_SIGRETURN 0xd2801168u
#define A64_SVC_0 0xd4000001u
#define A64_CLONE_VM 0x100
#define A64_CLONE_VFORK 0x4000
#define A64_DC_ZVA 0xd50b7420u
#define A64_ZVA_BYTES 64
#define A64_LINE_BYTES 64

/* How an instruction ends straight code. */
enum a64_end {
    A64_GOES_ON = 0,
    A64_ENDS,              /* a system call or a trap */
    A64_BRANCHES,          /* directly */
    A64_BRANCHES_ANYWHERE, /* or to what a register says */
};

/* Where straight code goes on, see find_end(). */
struct straight {
    uint64_t end;    /* address of the instruction that ends it, or 0 */
    uint64_t target; /* where that branches, if `branches` is A64_BRANCHES */
    enum a64_end branches;
    bool conditional;
};

struct block {
    uint64_t word; /* its execution word, whole */
    uint64_t pc;
    uint32_t id;
    uint32_t instructions;
    uint32_t bytes;
    uint8_t *sizes; /* of each instruction, then the code */
    uint64_t beyond; /* place_of() its end if a branch back ends it, or 0 */
    uintptr_t branches; /* that may lead to it, as it was translated last */
    bool is_prepared;   /* branches to it were looked for, */
    bool has_branched;  /* and its own branch's places know of it */
    struct block *next_at_pc;
    struct settled_site *sites; /* settling: its instructions, */
    unsigned rounds;       /* circles: which of inline_state.rounds are its; */
    bool is_followed;      /* it was translated before; */
    bool ends_anywhere;    /* an indirect branch ends its code; */
    bool in_midst;         /* it begins within such code, */
    bool ends_circle;      /* or holds the branch that leads back, */
    bool has_circled;      /* of which the block behind it knows */
    bool listed;                /* whether it is in the thread's list, */
    bool notes_sites;           /* and uses inline_state.site */
};

/* How often a block went round so often in a row, of one vCPU. */
struct rounds {
    uint64_t few[FEW_ROUNDS];
    GHashTable *many; /* rounds -> count, or NULL */
    bool listed;      /* in the thread's list of those that changed */
};

/* Settling: accesses by an instruction that were not sent. */
struct settled_site {
    struct block *block;
    uint64_t index;
    uint64_t counts[2]; /* loads and stores */
    uint64_t *count;    /* that of them which is meant, */
    uint64_t load;      /* whether it is the first, */
    uint64_t span;      /* and bytes of an access less 1, if it is one alone;
                           SPAN_UNKNOWN before its first */
};

/* What inline operations touch, one for each vCPU. */
struct inline_state {
    uint64_t budget;  /* windows: instructions beyond the thread's stop */
    uint64_t current; /* struct block entered last, if follows_blocks() */
    uint64_t atomic;  /* that has begun and not ended: see struct place */
    uint64_t beyond;  /* of the block entered last, if follows_branches() */
    uint64_t looping; /* struct block entered last that has one */
    uint64_t rounds[2]; /* circles: that the code with `circling` has gone; of
                           two that follow one another each has its own */
    uint64_t circling; /* struct block that ends the code, entered last */
    uint64_t came;    /* place_of() an indirect branch that has led here, if
                         that may be a circle */
    uint64_t stop;    /* stops: index of the instruction plus 1, see watch() */
    uint64_t entered; /* settling: struct block, plus an enum execution */
    uint64_t site;    /* settling: struct settled_site that accessed last in
                         the execution under way, or 0; of instructions that
                         may make several accesses, or of all if the end of
                         the guest is told by it */
};

/* Settling: what was sent of the execution under way. */
enum execution {
    COUNTED = 0,
    MARKED = 1, /* which execution the accesses behind belong to */
    SENT = 2,
};

/* What else there is to a block's counter, one for each block and vCPU. */
struct share {
    uint64_t base;   /* the counter when it was sent last: entries are above */
    uint64_t marked; /* entries when instructions were shared out last */
    uint64_t passed; /* how often the branch back that ends it was not taken */
    uint64_t sent;   /* entries before `base` */
    struct rounds *rounds; /* circles that begin or end with it, or NULL */
    bool listed;     /* in the thread's list of blocks */
};

/* An instruction of a block at which a trigger stands. */
struct site {
    const struct block *block;
    uint32_t index;
    uint32_t trigger;
};

struct thread {
    uint64_t *next; /* where the next word goes */
    uint64_t *end;  /* of the chunk that `next` is in */
    struct block *current; /* streaming: the block entered last */
    struct cairn_ring *ring; /* NULL: words go to `scrap` */
    uint64_t chunk_head; /* words before the chunk */
    uint64_t *chunk;
    uint64_t stop;   /* windows: instructions at which the budget is used up */
    int64_t unshared; /* counting: see share_out() */
    uint64_t ends;   /* counting: intervals that have ended */
    struct block *end_block; /* counting: in which the last one has */
    GArray *listed;  /* counting: struct block *, entered not long ago */
    uint64_t call_end; /* behind the system call that it has made last */
    unsigned vcpu;
    uint32_t tid;    /* the host's, 0 once the thread has ended */
    uint32_t sequence;
    bool open_due;   /* the next execution must say its position */
    bool call_pending; /* a system call was sent, and its return is to be */
    bool call_noted;   /* so do notes in the thread's ring */
    uint64_t call;     /* its number */
    uint64_t call_args[8];
    bool clone_pending;
    bool map_pending;
    uint64_t map_args[6];
    uint64_t exclusive[2]; /* values: loaded by the last exclusive */
    uint64_t expected[2];  /* by the compare-and-swap under way */
    uint64_t compared[2];  /* what it has found, or an exclusive store has */
    uint32_t operation;    /* the atomic one under way */
    unsigned compared_bits; /* log2 of its bytes */
    bool compare_failed;
    uint64_t position;  /* parts: executed before the next block */
    uint64_t next_part; /* parts: the first instruction of the next one */
    uint64_t unsent_accesses[2]; /* settling: by inline_state.site */
    uint32_t unsettled;          /* settling: sent since put_settled() */
    GArray *circled;  /* circles: struct block *, with rounds not sent yet */
    bool in_part;     /* circles: one is under way whose end is in the block
                         behind the one entered last, */
    bool partial;     /* which was not gone from its beginning */
    uint64_t resumed;     /* where a handler, or an atomic, goes on next, */
    uint64_t resumed_end; /* the indirect branch that ends that code, */
    uint64_t resumed_passages; /* and how often it had come by then */
    struct block *row;    /* code that an indirect branch has led back to, */
    uint64_t row_entries; /* its entries by then, */
    uint64_t row_rounds;  /* and its rounds */
    uint64_t scrap[SCRAP_WORDS];
};

static qemu_plugin_id_t plugin_id;
static struct cairn_header *header;
static size_t header_bytes;
static struct cairn_ring *control;
static struct cairn_window *windows;
static struct cairn_fetch *fetches;
static struct cairn_write *writes;
static struct cairn_trigger *triggers;
static const struct cairn_told *told;
static const uint64_t *firsts; /* lengths of the first intervals */
static GArray *placed;         /* struct cairn_told, where triggers are */
static GHashTable *trigger_at; /* set of their addresses */
static uint64_t *trigger_seen; /* how often the window's thread came there */
static pthread_mutex_t ask_lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t questions;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct thread *threads[MAX_VCPUS];
static GHashTable *numbers; /* tid -> thread's number plus 1, see number_of */
static uint32_t thread_count;
static uint32_t block_count;
static pthread_mutex_t tables_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *blocks_at; /* pc -> struct block, chained */
static GHashTable *handlers;  /* set of signal handlers' addresses */
static GHashTable *branch_places; /* pc -> BRANCH_LEADS and BRANCH_ENDS */
static GHashTable *searched_pages; /* set of addresses: see find_branches() */
static GHashTable *behind_stack; /* set of addresses: see follow_stack() */
static uint64_t call_count;
static struct qemu_plugin_scoreboard *inline_states;
static qemu_plugin_u64 budget;
static qemu_plugin_u64 current;
static qemu_plugin_u64 atomic;
static qemu_plugin_u64 beyond;
static qemu_plugin_u64 looping;
static qemu_plugin_u64 rounds[2];
static qemu_plugin_u64 circling;
static qemu_plugin_u64 came;
static qemu_plugin_u64 stop_index;
static struct qemu_plugin_scoreboard *counter_pages[MAX_PAGES];
static struct qemu_plugin_scoreboard *share_pages[MAX_PAGES];
/* The same of the first vCPU, which moves only when others come. */
static struct share *first_shares[MAX_PAGES];
static struct inline_state *first_state;

static bool aarch64;
static bool program_sent;
static bool restoring; /* the process is being rebuilt: see record.h */
static bool in_child;
static bool ended;
static bool has_threads; /* or will have some in a moment */
static bool has_new_code; /* that was not searched for branches back */
static bool writes_code; /* or may: it has memory that is written and executed */
static bool catches_faults; /* a handler has been set for some fault */
static bool hides_registers; /* when the guest has ended */
static volatile bool streaming; /* what is instrumented now */
static bool will_stream;        /* what is to be, once translations are gone */
static bool triggered;          /* a trigger has opened the window */
static uint32_t exchanges;      /* how often one has closed it */
static uint64_t regions_matched;
static uint64_t depth;          /* of regions that the window's thread is in */
static uint64_t window_depth;   /* of the one that is the window */
static bool window_is_last;     /* no other region is to be one */
static bool window_is_over;     /* nothing opens any more */
static uint32_t window;         /* that is open or comes next */
static bool window_due;         /* `window` is to open or to close */
static bool watching;           /* stops: each instruction may be one */
static bool will_watch;         /* once translations are gone */
static bool watch_due;          /* `watching` is to be changed */
static bool settling;           /* nothing but one thread so far */
static struct cairn_settling fetch_rule;
static struct cairn_settling access_rule;
/* Of each group of lines: the last one fetched; the last one accessed, times 2,
   plus 1 if stores to it settle. */
static struct qemu_plugin_scoreboard *fetched_lines;
static uint64_t *accessed_lines;
static GPtrArray *settling_blocks; /* all of them */
static struct inline_state *settling_state; /* the thread's, or nobody's */
static struct inline_state nobody;
static qemu_plugin_u64 entered;
static qemu_plugin_u64 accessing;
static uint32_t stops_made;
static unsigned vcpu_limit;     /* above all vCPUs seen */
static struct qemu_plugin_register *x_registers[31] = {
    [0 ... 30] = NO_REGISTER
};
static struct qemu_plugin_register *sp_register = NO_REGISTER;
static struct qemu_plugin_register *pc_register = NO_REGISTER;
static struct qemu_plugin_register *v_registers[32] = {
    [0 ... 31] = NO_REGISTER
};
static struct qemu_plugin_register *pstate_register = NO_REGISTER;
static struct qemu_plugin_register *fpsr_register = NO_REGISTER;
static struct qemu_plugin_register *fpcr_register = NO_REGISTER;
static struct qemu_plugin_register *tpidr_register = NO_REGISTER;
static bool has_scalable; /* registers that struct cairn_registers lacks */

/* Access kinds by QEMU's meminfo: bits 58..61 of a word, 0xff unknown. */
static uint8_t access_kind[1 << 18];

static bool follows_branches(void);
static bool follows_circles(void);
static void interrupt_circle(struct thread *t);
static void drop_instrumentation(void);
static void instrument(void);
static void put_stack(struct thread *t);
static void forget_all(void);
static uint64_t read_register(struct qemu_plugin_register *handle);
static bool read_guest(uint64_t address, void *data, size_t bytes);
static struct block *last_block(struct thread *t);
static void reinstrument(EVENT_OF_RESET);

/* ---- ending badly ------------------------------------------------------ */

static G_NORETURN void fail(const char *message)
{
    if (header && !in_child) {
        g_strlcpy(header->message, message, sizeof(header->message));
        __atomic_store_n(&header->state, CAIRN_STATE_FAILED, __ATOMIC_RELEASE);
    }
    fprintf(stderr, "cairn probe: %s\n", message);
    _exit(125);
}

/* ---- rings ------------------------------------------------------------- */

static void wait_for_reader(unsigned tries)
{
    struct timespec pause = { 0, 50000 };

    if (__atomic_load_n(&header->reader_gone, __ATOMIC_ACQUIRE) ||
        (tries % 1024 == 1023 && kill(header->reader_pid, 0) < 0 &&
         errno == ESRCH)) {
        _exit(125);
    }
    if (tries < 64) {
        sched_yield();
    } else {
        nanosleep(&pause, NULL);
    }
}

static void wait_for_room(struct cairn_ring *ring, uint64_t upto, uint64_t size)
{
    unsigned tries = 0;

    while (upto - __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) > size) {
        wait_for_reader(tries++);
    }
}

static void publish(struct thread *t)
{
    if (t->ring && !in_child) {
        __atomic_store_n(&t->ring->head, t->chunk_head + (t->next - t->chunk),
                         __ATOMIC_RELEASE);
    }
}

/* Makes sure that the memory behind a new ring's chunk is there. */
static void claim_chunk(struct thread *t)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t first = (uintptr_t)t->chunk & -4096UL;
    uintptr_t end = (uintptr_t)(t->chunk + header->chunk_words);

    if (t->chunk_head < header->ring_words &&
        madvise((void *)first, end - first, MADV_POPULATE_WRITE) < 0 &&
        errno != EINVAL) {
        fail("no memory is left for a thread's ring; "
             "is the file system that holds it (/dev/shm) full?");
    }
#endif
}

/* Goes on to the next chunk of the ring, waiting until there is room. */
static void __attribute__((noinline)) next_chunk(struct thread *t)
{
    if (!t->ring || in_child) {
        t->next = t->scrap;
        t->end = t->scrap + SCRAP_WORDS;
        return;
    }
    publish(t);
    t->chunk_head += header->chunk_words;
    t->chunk = t->ring->words + (t->chunk_head & (header->ring_words - 1));
    t->next = t->chunk;
    t->end = t->chunk + header->chunk_words;
    wait_for_room(t->ring, t->chunk_head + header->chunk_words,
                  header->ring_words);
    claim_chunk(t);
}

static inline void put(struct thread *t, uint64_t word)
{
    *t->next++ = word;
    if (G_UNLIKELY(t->next == t->end)) {
        next_chunk(t);
    }
}

static void put_record(struct thread *t, enum cairn_record type, uint32_t words)
{
    put(t, CAIRN_KIND_RECORD << CAIRN_KIND_SHIFT |
           (uint64_t)type << CAIRN_RECORD_SHIFT | words);
}

static void put_note(struct thread *t, enum cairn_note note, unsigned detail,
                     uint64_t value)
{
    put(t, CAIRN_KIND_NOTE << CAIRN_KIND_SHIFT |
           (uint64_t)detail << CAIRN_DETAIL_SHIFT |
           (uint64_t)note << CAIRN_NOTE_SHIFT |
           (value & ((1ULL << CAIRN_ADDRESS_BITS) - 1)));
}

/* Appends a record to the control ring. */
static void control_put(enum cairn_control type, const uint64_t *fields,
                        size_t field_count, const void *tail, size_t bytes)
{
    size_t words = field_count + (bytes + 7) / 8;
    uint64_t mask = header->control_words - 1;
    uint64_t head;

    if (in_child) {
        return;
    }
    if (words + 1 > header->control_words / 2) {
        fail("a control record does not fit its ring");
    }
    pthread_mutex_lock(&lock);
    head = control->head;
    wait_for_room(control, head + words + 1, header->control_words);
    control->words[head++ & mask] = type | (uint64_t)words << 32;
    for (size_t i = 0; i < field_count; i++) {
        control->words[head++ & mask] = fields[i];
    }
    for (size_t done = 0; done < bytes; done += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)tail + done, MIN(8, bytes - done));
        control->words[head++ & mask] = word;
    }
    __atomic_store_n(&control->head, head, __ATOMIC_RELEASE);
    pthread_mutex_unlock(&lock);
}

static void control_path(enum cairn_control type, uint64_t *fields,
                         size_t field_count, const char *path)
{
    fields[field_count] = strlen(path);
    control_put(type, fields, field_count + 1, path, strlen(path));
}

/* ---- counting ---------------------------------------------------------- */

/*
 * Each block has a counter of its own and nothing else is counted: a sum over
 * all blocks would make each wait for the one before.  So that no interval's
 * end is passed unseen, the instructions that are left until then are shared
 * out: a block is given a number of entries that it may make silently.  At an
 * entry beyond, its counter fires, and that entry and further silent ones are
 * paid from the instructions that are not shared out.  When those are used up
 * all blocks give back what they have left.  If even that does not pay for the
 * block entered, the interval ends in it.
 */
static uint64_t *counter(const struct block *block, unsigned vcpu)
{
    uint64_t *page = qemu_plugin_scoreboard_find(
        counter_pages[block->id / COUNTERS_IN_PAGE], vcpu);

    return page + block->id % COUNTERS_IN_PAGE;
}

/* The same, as inline operations take it. */
static qemu_plugin_u64 counter_of(const struct block *block)
{
    return (qemu_plugin_u64){
        .score = counter_pages[block->id / COUNTERS_IN_PAGE],
        .offset = block->id % COUNTERS_IN_PAGE * sizeof(uint64_t),
    };
}

static struct share *share(const struct block *block, unsigned vcpu)
{
    struct share *page =
        has_threads ? qemu_plugin_scoreboard_find(
                          share_pages[block->id / COUNTERS_IN_PAGE], vcpu)
                    : first_shares[block->id / COUNTERS_IN_PAGE];

    return page + block->id % COUNTERS_IN_PAGE;
}

/* What inline operations touch of a vCPU. */
static struct inline_state *state_of(unsigned vcpu)
{
    return has_threads ? qemu_plugin_scoreboard_find(inline_states, vcpu)
                       : first_state;
}

static uint64_t entries(uint64_t count, const struct share *s)
{
    return count - s->base;
}

/* Puts a block in the thread's list if it is not there. */
static void enlist(struct thread *t, struct block *block, struct share *s)
{
    if (!s->listed) {
        s->listed = true;
        s->marked = 0;
        g_array_append_val(t->listed, block);
    }
}

static bool is_silent(uint64_t count)
{
    return count > FIRES_UPTO;
}

static struct block *listed(const struct thread *t, guint i)
{
    return g_array_index(t->listed, struct block *, i);
}

/* Lets a block whose counter is not silent make so many entries silently. */
static void silence(struct thread *t, const struct block *block,
                    uint64_t silent)
{
    uint64_t *count = counter(block, t->vcpu);
    uint64_t next = -silent - 1;

    if (silent) {
        share(block, t->vcpu)->base += next - *count;
        *count = next;
        t->unshared -= silent * block->instructions;
    }
}

/* Takes back what the blocks have not used. */
static void collect(struct thread *t)
{
    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);
        uint64_t *count = counter(block, t->vcpu);
        struct share *s = share(block, t->vcpu);

        if (is_silent(*count)) {
            t->unshared += (-*count - 1) * block->instructions;
            s->base -= *count;
            *count = 0;
        }
        s->marked = entries(*count, s);
    }
}

/*
 * Shares out the greater part of what is left, in the ratio of the entries
 * marked, which were made in so many instructions.  Nothing must be shared
 * out yet.
 */
static void share_out(struct thread *t, uint64_t marked_in)
{
    double ratio = 0.75 * t->unshared / MAX(1, marked_in);

    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);
        struct share *s = share(block, t->vcpu);
        uint64_t silent = ratio * s->marked;

        if (t->unshared > LOOK_AT_ALL &&
            silent * block->instructions < (uint64_t)t->unshared) {
            silence(t, block, silent);
        }
        s->marked = entries(*counter(block, t->vcpu), s);
    }
}

static void put_pairs(struct thread *t, enum cairn_record type,
                      const uint64_t *pairs, size_t n)
{
    if (n) {
        put_record(t, type, n);
    }
    for (size_t i = 0; i < n; i++) {
        put(t, pairs[i]);
    }
}

/* Sends how often branches were passed and begins anew. */
static void put_passed(struct thread *t)
{
    uint64_t pairs[PAIRS_IN_RECORD];
    size_t n = 0;

    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);
        struct share *s = share(block, t->vcpu);

        if (s->passed) {
            pairs[n++] = block->id | s->passed << 32;
            s->passed = 0;
        }
        if (n == PAIRS_IN_RECORD) {
            put_pairs(t, CAIRN_RECORD_PASSED, pairs, n);
            n = 0;
        }
    }
    put_pairs(t, CAIRN_RECORD_PASSED, pairs, n);
}

static void put_rounds(struct thread *t, const struct block *block,
                       uint64_t gone, uint64_t times)
{
    put_record(t, CAIRN_RECORD_CIRCLES, 3);
    put(t, block->id);
    put(t, gone);
    put(t, times);
}

/* Sends which circles were gone and begins anew. */
static void put_circles(struct thread *t)
{
    for (guint i = 0; i < t->circled->len; i++) {
        struct block *block = g_array_index(t->circled, struct block *, i);
        struct rounds *r = share(block, t->vcpu)->rounds;
        GHashTableIter iterator;
        gpointer gone;
        gpointer times;

        for (uint64_t n = 0; n < FEW_ROUNDS; n++) {
            if (r->few[n]) {
                put_rounds(t, block, n, r->few[n]);
                r->few[n] = 0;
            }
        }
        r->listed = false;
        if (!r->many) {
            continue;
        }
        g_hash_table_iter_init(&iterator, r->many);
        while (g_hash_table_iter_next(&iterator, &gone, &times)) {
            put_rounds(t, block, (uintptr_t)gone, (uintptr_t)times);
        }
        g_hash_table_remove_all(r->many);
    }
    g_array_set_size(t->circled, 0);
}

/*
 * Sends a thread's counts that are not zero and begins them anew.  They stay
 * marked.  A block that was not entered leaves the list.
 */
static void put_vector(struct thread *t)
{
    uint64_t pairs[PAIRS_IN_RECORD];
    size_t n = 0;
    guint kept = 0;

    if (follows_branches()) {
        put_passed(t);
    }
    if (follows_circles()) {
        put_circles(t);
    }
    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);
        uint64_t count = *counter(block, t->vcpu);
        struct share *s = share(block, t->vcpu);

        s->marked = entries(count, s);
        if (!s->marked && !is_silent(count)) {
            s->listed = false;
            continue;
        }
        g_array_index(t->listed, struct block *, kept++) = block;
        if (s->marked) {
            s->base = count;
            s->sent += s->marked;
            pairs[n++] = block->id | s->marked << 32;
        }
        if (n == PAIRS_IN_RECORD) {
            put_pairs(t, CAIRN_RECORD_VECTOR, pairs, n);
            n = 0;
        }
    }
    g_array_set_size(t->listed, kept);
    put_pairs(t, CAIRN_RECORD_VECTOR, pairs, n);
}

/* The n-th interval of a thread, from 0; the first may differ from the rest. */
static uint64_t interval_length(uint64_t n)
{
    return n < header->first_count ? firsts[n] : header->interval;
}

/* The block about to execute may hold the end of an interval, or of several. */
static void settle(struct thread *t, struct block *block)
{
    collect(t);
    if (t->unshared >= 0) {
        share_out(t, interval_length(t->ends) - t->unshared);
        return;
    }
    while (t->unshared < 0) {
        put_vector(t);
        put_record(t, CAIRN_RECORD_INTERVAL, 2);
        put(t, block->id);
        put(t, block->instructions + t->unshared);
        t->ends++;
        t->unshared += interval_length(t->ends);
    }
    t->end_block = block;
    publish(t);
    share_out(t, interval_length(t->ends - 1));
}

/* A block is entered that was given no entry, or has used all it was given. */
static void counter_fires(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct block *block = udata;
    uint64_t *count = counter(block, vcpu);
    struct share *s = share(block, vcpu);
    uint64_t silent;
    uint64_t most;

    if (in_child) {
        *count = SILENT_FOR_GOOD;
        return;
    }
    enlist(t, block, s);
    t->unshared -= block->instructions;
    if (t->unshared < 0) {
        settle(t, block);
    } else if (t->unshared > LOOK_AT_ALL) {
        silent = entries(*count, s) - s->marked;
        s->marked += silent;
        most = t->unshared / 8 / block->instructions;
        silence(t, block, MIN(silent, most));
    }
}

/*
 * Takes back the interval ends that were sent when a block was entered which
 * was then left before it reached them.
 */
static void retract_ends(struct thread *t)
{
    uint64_t ends = 0;

    collect(t);
    while (t->ends && t->unshared >= (int64_t)interval_length(t->ends)) {
        t->unshared -= interval_length(t->ends);
        t->ends--;
        ends++;
    }
    if (ends) {
        put_record(t, CAIRN_RECORD_RETRACT, 1);
        put(t, ends);
    }
    share_out(t, interval_length(t->ends));
}

/* ---- branches back ----------------------------------------------------- */

/*
 * How often a block was executed does not tell where its branch went.  So a
 * block that ends in a conditional branch back says where it goes on if that is
 * not taken, and a block that lies there looks whether the last one said so.
 * What was not passed was taken.
 *
 * Behind such a branch control comes to one of two places, or the kernel takes
 * it away: blocks at either place say that no branch is pending any more, and
 * all others need not.  Branches are found before they are executed, by
 * looking through the code around each block, as a block that is translated
 * before the branch that leads to it would not say so.
 */
static bool follows_branches(void)
{
    return header->mode == CAIRN_MODE_COUNT &&
           header->contents & CAIRN_PASSED;
}

/* An address as a number that is not 0 and fits the host's compare
 * instruction.  The two places where a branch may go on have different ones. */
static uint64_t place_of(uint64_t pc)
{
    return (pc >> 2 & 0x3fffffff) | 0x40000000;
}

/* How an instruction ends straight code; of a direct branch, how far it goes. */
static enum a64_end a64_end(uint32_t op, int32_t *distance, bool *conditional)
{
    bool by_flags = (op & 0xff000000) == 0x54000000; /* B.cond, BC.cond */
    bool by_zero = (op & 0x7e000000) == 0x34000000;  /* CBZ, CBNZ */
    bool by_bit = (op & 0x7e000000) == 0x36000000;   /* TBZ, TBNZ */

    *conditional = by_flags || by_zero || by_bit;
    if (by_flags || by_zero) {
        *distance = 4 * ((int32_t)(op << 8) >> 13);
    } else if (by_bit) {
        *distance = 4 * ((int32_t)(op << 13) >> 18);
    } else if ((op & 0x7c000000) == 0x14000000) { /* B, BL */
        *distance = 4 * ((int32_t)(op << 6) >> 6);
    } else {
        return (op & 0xfe000000) == 0xd6000000 ? A64_BRANCHES_ANYWHERE
               : (op & 0xff000000) == 0xd4000000 || !(op >> 16)
                   ? A64_ENDS
                   : A64_GOES_ON;
    }
    return A64_BRANCHES;
}

static void set_end(struct straight *s, uint64_t pc, uint32_t op)
{
    int32_t distance = 0;

    s->branches = a64_end(op, &distance, &s->conditional);
    s->end = pc;
    s->target = pc + distance;
}

/* How a block's last instruction does. */
static struct straight last_end(const struct block *block)
{
    struct straight s;
    uint32_t op;

    memcpy(&op, block->sizes + block->instructions + block->bytes - 4, 4);
    set_end(&s, block->pc + block->bytes - 4, op);
    return s;
}

/* Whether it is a conditional branch to itself or backwards. */
static bool branches_back(const struct straight *s)
{
    return s->conditional && s->target <= s->end;
}

/* Says that a branch may lead to a place. */
static void add_branch_place(uint64_t pc, uintptr_t what)
{
    uintptr_t known = (uintptr_t)g_hash_table_lookup(branch_places, &pc);

    if (!known) {
        g_hash_table_insert(branch_places, g_memdup2(&pc, sizeof(pc)),
                            (gpointer)what);
    } else if (!(known & what)) {
        g_hash_table_replace(branch_places, g_memdup2(&pc, sizeof(pc)),
                             (gpointer)(known | what));
    }
}

/* Memory that is to be executed is mapped, or may be executed from now on. */
static void code_comes(bool written)
{
    __atomic_store_n(&has_new_code, true, __ATOMIC_RELEASE);
    writes_code |= written;
}

/* Finds the branches back in a page of code, or of data, which does no harm. */
static void find_branches(uint64_t page)
{
    uint32_t code[CODE_PAGE_BYTES / 4];
    struct straight s;

    if (g_hash_table_contains(searched_pages, &page) ||
        !read_guest(page, code, sizeof(code))) {
        return;
    }
    g_hash_table_add(searched_pages, g_memdup2(&page, sizeof(page)));
    for (uint32_t i = 0; i < G_N_ELEMENTS(code); i++) {
        set_end(&s, page + 4 * i, code[i]);
        if (branches_back(&s)) {
            add_branch_place(s.target, BRANCH_LEADS);
            add_branch_place(s.end + 4, BRANCH_ENDS);
        }
    }
}

/* Whether a block was translated that does not know of a branch to it. */
static bool is_unaware(uint64_t pc, uintptr_t what)
{
    struct block *block = g_hash_table_lookup(blocks_at, &pc);

    while (block && (block->branches & what)) {
        block = block->next_at_pc;
    }
    return block != NULL;
}

/*
 * Finds those that may lead to a block.  What lies further away, or was written
 * later, is found when it is translated itself; a block that was translated
 * without a word of it is then translated anew, with all others.
 */
static void prepare_branches(struct block *block)
{
    uint64_t page = (block->pc - 4) & -CODE_PAGE_BYTES;
    uint64_t end = block->pc + block->bytes;
    uint64_t end_page = end & -CODE_PAGE_BYTES;
    struct straight s = last_end(block);

    if (__atomic_exchange_n(&has_new_code, false, __ATOMIC_ACQ_REL)) {
        g_hash_table_remove_all(searched_pages);
    } else if (writes_code && !block->is_prepared) {
        g_hash_table_remove(searched_pages, &page);
        g_hash_table_remove(searched_pages, &end_page);
    }
    block->is_prepared = true;
    for (int i = 0; i < CODE_PAGES_AHEAD; i++) {
        find_branches(page + i * CODE_PAGE_BYTES);
    }
    if (block->beyond && !block->has_branched) {
        add_branch_place(s.target, BRANCH_LEADS);
        add_branch_place(end, BRANCH_ENDS);
        block->has_branched = true;
        if ((s.target != block->pc && is_unaware(s.target, BRANCH_LEADS)) ||
            is_unaware(end, BRANCH_ENDS)) {
            RESET(reinstrument);
        }
    }
    block->branches =
        (uintptr_t)g_hash_table_lookup(branch_places, &block->pc);
}

static uint64_t find_beyond(const struct block *block)
{
    struct straight s;

    if (!aarch64 || !follows_branches()) {
        return 0;
    }
    s = last_end(block);
    return branches_back(&s) ? place_of(s.end + 4) : 0;
}

/* The branch that ended the block entered last is not taken. */
static void pass(struct thread *t)
{
    struct inline_state *state = state_of(t->vcpu);
    struct block *block = (struct block *)(uintptr_t)state->looping;
    struct share *s = share(block, t->vcpu);

    /* It may have left the list where several intervals ended in it. */
    enlist(t, block, s);
    s->passed++;
    state->beyond = 0;
}

/* A block is entered that lies beyond the branch that ended the last one. */
static void branch_passed(unsigned vcpu, void *udata)
{
    if (!in_child) {
        pass(threads[vcpu]);
    }
}

/* The kernel takes the thread away from pc, which it has not executed. */
static void interrupt_branch(struct thread *t, uint64_t pc)
{
    if (qemu_plugin_u64_get(beyond, t->vcpu) == place_of(pc)) {
        pass(t);
    }
    qemu_plugin_u64_set(beyond, t->vcpu, 0);
}

static void watch_branch(struct qemu_plugin_tb *tb, struct block *block)
{
    if (!aarch64) {
        return;
    }
    prepare_branches(block);
    if (block->branches & BRANCH_ENDS) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, branch_passed, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_EQ,
            beyond, place_of(block->pc), NULL);
    }
    if (block->branches || block->beyond) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, beyond, block->beyond);
    }
    if (block->beyond) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, looping, (uintptr_t)block);
    }
}

/* ---- circles ----------------------------------------------------------- */

/*
 * How often in a row straight code executes that leads back to itself.
 *
 * By a direct branch: the block that ends it counts its entries, and the one
 * behind it looks whether there were several and takes the count away.  In
 * between nothing else executes, unless the kernel comes.  Blocks that are not
 * all of the code, as a page or QEMU's limit parts it, say more by a callback.
 *
 * By an indirect branch: a block that it ends says so, and those that begin
 * straight code which it ends look whether it has led there.  Where control
 * comes to such code by another way, the block before says that it was not it.
 */
static bool follows_circles(void)
{
    return header->mode == CAIRN_MODE_COUNT &&
           header->contents & CAIRN_CIRCLES;
}

/* Where straight code ends that goes on at pc. */
static struct straight find_end(uint64_t pc)
{
    struct straight s = { 0 };
    uint32_t code[A64_PIECE_BYTES / 4];
    uint64_t from = pc;
    uint64_t end;

    while (from - pc < A64_STRAIGHT_BYTES) {
        end = (from + A64_PIECE_BYTES) & -A64_PIECE_BYTES;
        if (!read_guest(from, code, end - from)) {
            break;
        }
        for (uint32_t i = 0; from < end; i++, from += 4) {
            set_end(&s, from, code[i]);
            if (s.branches != A64_GOES_ON) {
                return s;
            }
        }
    }
    return (struct straight){ 0 };
}

/* The same of a block's code; the block's last instruction may end it. */
static struct straight find_end_of(const struct block *block)
{
    struct straight s = last_end(block);

    return s.branches == A64_GOES_ON ? find_end(s.end + 4) : s;
}

/* Whether nothing between two instructions ends straight code. */
static bool is_straight(uint64_t from, uint64_t to)
{
    uint32_t code[A64_PIECE_BYTES / 4];
    struct straight s;
    uint64_t begin;

    if (to - from > A64_STRAIGHT_BYTES) {
        return false;
    }
    while (to > from) {
        begin = MAX(from, (to - 4) & -A64_PIECE_BYTES);
        if (!read_guest(begin, code, to - begin)) {
            return false;
        }
        for (uint32_t i = (to - begin) / 4; i-- > 0;) {
            set_end(&s, 0, code[i]);
            if (s.branches != A64_GOES_ON) {
                return false;
            }
        }
        to = begin;
    }
    return true;
}

/* Whether straight code goes round in a circle by a direct branch. */
static bool is_circle(const struct straight *s)
{
    return s->branches == A64_BRANCHES && s->target <= s->end &&
           is_straight(s->target, s->end);
}

/* Whether what is at pc lies behind a circle that may be left, and which. */
static bool is_behind_circle(uint64_t pc, struct straight *s)
{
    uint32_t op;

    if (!read_guest(pc - 4, &op, 4)) {
        return false;
    }
    set_end(s, pc - 4, op);
    return s->conditional && is_circle(s);
}

/* In which of inline_state.rounds a circle's are: not where those are which end
 * where it begins. */
static unsigned rounds_of(const struct straight *s)
{
    struct straight before;

    return is_behind_circle(s->target, &before) ? !rounds_of(&before) : 0;
}

/* Whether what is at an address is straight up to an indirect branch. */
static bool leads_anywhere(uint64_t pc)
{
    return find_end(pc).branches == A64_BRANCHES_ANYWHERE;
}

/* Counts that a block's code went round so often in a row. */
static void count_rounds(struct thread *t, struct block *block, uint64_t gone)
{
    struct share *s = share(block, t->vcpu);
    struct rounds *r = s->rounds;
    gpointer times;

    if (!r) {
        r = s->rounds = g_new0(struct rounds, 1);
    }
    if (!r->listed) {
        r->listed = true;
        g_array_append_val(t->circled, block);
    }
    if (gone < FEW_ROUNDS) {
        r->few[gone]++;
        return;
    }
    if (!r->many) {
        r->many = g_hash_table_new(NULL, NULL);
    }
    times = g_hash_table_lookup(r->many, (gpointer)(uintptr_t)gone);
    g_hash_table_insert(r->many, (gpointer)(uintptr_t)gone,
                        (gpointer)((uintptr_t)times + 1));
}

/* The code that is going round by a direct branch is left. */
static void end_circle(struct thread *t)
{
    struct inline_state *state = state_of(t->vcpu);
    uint64_t gone = state->rounds[0] + state->rounds[1];
    bool is_partial = gone >= ROUNDS_OF_PARTIAL;

    gone = is_partial ? gone - ROUNDS_OF_PARTIAL : gone;
    if (gone || is_partial) {
        gone += t->in_part;
    }
    if (gone > !is_partial) {
        count_rounds(t, (struct block *)(uintptr_t)state->circling, gone);
    }
    state->rounds[0] = 0;
    state->rounds[1] = 0;
    t->in_part = false;
    t->partial = false;
}

static void circle_ends(unsigned vcpu, void *udata)
{
    if (!in_child) {
        end_circle(threads[vcpu]);
    }
}

/* A block is entered that is a part of code which may go round. */
static void part_of_circle_enters(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct inline_state *state;
    struct block *block = udata;
    uint64_t *gone;

    if (in_child) {
        return;
    }
    t->partial |= block->in_midst && t->resumed == block->pc;
    t->resumed = 0;
    t->in_part = !block->ends_circle;
    if (block->ends_circle) {
        state = state_of(vcpu);
        gone = &state->rounds[block->rounds];
        *gone = t->partial ? ROUNDS_OF_PARTIAL : *gone + 1;
        state->circling = (uintptr_t)block;
        t->partial = false;
    }
}

static uint64_t all_entries(const struct block *block, unsigned vcpu)
{
    struct share *s = share(block, vcpu);

    return s->sent + entries(*counter(block, vcpu), s);
}

/* How often a thread has come to an instruction that ends straight code. */
static uint64_t passages(struct thread *t, uint64_t end)
{
    uint64_t sum = 0;
    uint64_t pc = end;

    do {
        for (struct block *block = g_hash_table_lookup(blocks_at, &pc); block;
             block = block->next_at_pc) {
            sum += block->pc + block->bytes == end + 4
                       ? all_entries(block, t->vcpu) : 0;
        }
        pc -= 4;
    } while (end - pc < A64_STRAIGHT_BYTES && is_straight(pc, pc + 4));
    return sum;
}

static void end_row(struct thread *t)
{
    if (t->row) {
        count_rounds(t, t->row, t->row_rounds);
        t->row = NULL;
    }
}

/* An indirect branch has led to straight code that it ends. */
static void came_back(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct block *block = udata;
    uint64_t now;
    uint64_t end;

    if (in_child) {
        return;
    }
    now = all_entries(block, vcpu);
    if (t->row == block && now == t->row_entries + 1) {
        t->row_rounds++;
    } else {
        end_row(t);
        end = t->resumed_end;
        t->resumed_end = 0;
        t->row = block;
        t->row_rounds = end && end == find_end_of(block).end &&
                                passages(t, end) == t->resumed_passages + 1
                            ? 1 : 2;
    }
    t->row_entries = now;
}

/* The kernel takes the thread away, or it ends. */
static void interrupt_circle(struct thread *t)
{
    if (!follows_circles()) {
        return;
    }
    end_circle(t);
    end_row(t);
    qemu_plugin_u64_set(came, t->vcpu, 0);
    t->resumed = 0;
}

/* Control goes on where it had been taken away. */
static void resume_circle(struct thread *t, uint64_t pc)
{
    struct straight s;

    if (!follows_circles()) {
        return;
    }
    interrupt_circle(t);
    s = find_end(pc);
    t->resumed = pc;
    t->resumed_end = s.branches == A64_BRANCHES_ANYWHERE ? s.end : 0;
    t->resumed_passages = t->resumed_end ? passages(t, s.end) : 0;
}

/* The same at the return of a handler. */
static void resume_by_sigreturn(struct thread *t)
{
    uint64_t pc;

    if (follows_circles() &&
        read_guest(read_register(sp_register) + A64_FRAME_PC, &pc, 8)) {
        resume_circle(t, pc);
    }
}

static void follow_direct_circle(struct qemu_plugin_tb *tb,
                                 struct block *block, const struct straight *s)
{
    block->rounds = rounds_of(s);
    block->in_midst = block->pc > s->target;
    block->ends_circle = s->end + 4 == block->pc + block->bytes;
    if (block->ends_circle && !block->in_midst) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_ADD_U64, rounds[block->rounds], 1);
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, circling, (uintptr_t)block);
    } else if (block->pc + block->bytes > s->target) {
        qemu_plugin_register_vcpu_tb_exec_cb(tb, part_of_circle_enters,
                                             QEMU_PLUGIN_CB_NO_REGS, block);
    }
    if (block->ends_circle && s->conditional && !block->has_circled) {
        block->has_circled = true;
        if (is_unaware(s->end + 4, BEHIND_CIRCLE)) {
            RESET(reinstrument);
        }
    }
}

/* Whether another kind of branch ended the code that was at a block's address. */
static bool ends_otherwise(const struct block *block)
{
    const struct block *before = block->next_at_pc;

    return before && before->ends_anywhere != block->ends_anywhere;
}

static void follow_circle(struct qemu_plugin_tb *tb, struct block *block)
{
    struct straight s;
    struct straight before;
    uint64_t behind = block->pc + block->bytes;
    unsigned left;
    bool own;
    bool clears;

    if (!aarch64) {
        return;
    }
    s = find_end_of(block);
    own = s.end + 4 == behind;
    block->ends_anywhere = s.branches == A64_BRANCHES_ANYWHERE;
    if (!block->is_followed && ends_otherwise(block)) {
        RESET(reinstrument); /* What leads here knows it as it was. */
    }
    block->is_followed = true;
    block->branches = is_behind_circle(block->pc, &before) ? BEHIND_CIRCLE : 0;
    if (block->branches) {
        left = rounds_of(&before);
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, circle_ends, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_GT,
            rounds[left], 1, NULL);
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, rounds[left], 0);
    }
    if (is_circle(&s)) {
        follow_direct_circle(tb, block, &s);
    }
    if (block->ends_anywhere) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, came_back, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_EQ, came,
            place_of(s.end), block);
    }
    clears = own ? (s.branches == A64_BRANCHES && leads_anywhere(s.target)) ||
                       ((s.conditional || s.branches == A64_ENDS) &&
                        leads_anywhere(behind))
                 : block->ends_anywhere;
    if (own && block->ends_anywhere) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, came, place_of(s.end));
    } else if (clears) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, came, 0);
    }
}

/* ---- windows ----------------------------------------------------------- */

static uint64_t executed(struct thread *t)
{
    return t->stop + qemu_plugin_u64_get(budget, t->vcpu);
}

/* What a thread has executed before its first instruction here. */
static uint64_t executed_before(uint32_t thread)
{
    return thread == 0 ? header->executed : 0;
}

/* Moves the stop, keeping the count; the stop may be far away. */
static void stop_at(struct thread *t, uint64_t instructions)
{
    uint64_t now = executed(t);

    t->stop = MIN(instructions, now + SILENT_FOR_GOOD);
    qemu_plugin_u64_set(budget, t->vcpu, now - t->stop);
}

/* The instructions at which the window that comes next is prepared for. */
static uint64_t next_opening(void)
{
    return window < header->window_count &&
           windows[window].from != CAIRN_NEVER ? windows[window].from - LEAD
                                               : UINT64_MAX;
}

/* All translations are gone: what is translated from here on is new. */
static void reinstrument(EVENT_OF_RESET)
{
    if (window_due) {
        window_due = false;
        for (unsigned i = 0; i < vcpu_limit; i++) {
            struct thread *t = threads[i];

            if (t) {
                t->current = last_block(t);
                qemu_plugin_u64_set(current, i, (uintptr_t)t->current);
            }
        }
        streaming = will_stream;
    }
    if (watch_due) {
        watch_due = false;
        watching = will_watch;
    }
    instrument();
}

/* Has everything translated anew, to be streamed or not. */
static void exchange(bool stream)
{
    will_stream = stream;
    window_due = true;
    RESET(reinstrument);
}

/*
 * The thread has come to a window or to its end.  This is known at the entry
 * of the block behind, as only then is it known how much of the block before
 * has executed; what is still streamed of the block entered stands behind
 * CLOSE and does not count.
 */
static void window_turns(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];

    if (in_child || t->sequence != header->window_thread) {
        qemu_plugin_u64_set(budget, vcpu, SILENT_FOR_GOOD);
        return;
    }
    if (streaming) {
        triggered = false;
        put_record(t, CAIRN_RECORD_CLOSE, 1);
        put(t, window++);
        publish(t);
        stop_at(t, next_opening());
    } else {
        t->open_due = true;
        stop_at(t, windows[window].until);
    }
    exchange(!streaming);
}

/* ---- stops ------------------------------------------------------------- */

/*
 * A thread stops before an instruction and waits while the reader looks at its
 * process.  Far from the next stop blocks only add up instructions; from LEAD
 * before it each block looks whether the stop lies in it, and if so says at
 * which instruction, and each instruction compares.
 */
static bool stops(void)
{
    return header->mode == CAIRN_MODE_STOP;
}

static uint64_t next_stop(void)
{
    return window < header->window_count ? windows[window].from : UINT64_MAX;
}

static void watch(bool on)
{
    will_watch = on;
    watch_due = true;
    RESET(reinstrument);
}

/* The thread comes near to its next stop. */
static void stop_nears(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];

    if (in_child || t->sequence != 0) {
        qemu_plugin_u64_set(budget, vcpu, SILENT_FOR_GOOD);
        return;
    }
    stop_at(t, UINT64_MAX);
    watch(true);
}

/* Says where the next stop lies in a block that begins at a count, if it does. */
static void aim(struct thread *t, const struct block *block, uint64_t begins)
{
    uint64_t index = next_stop() - begins;

    qemu_plugin_u64_set(stop_index, t->vcpu,
                        index < block->instructions ? index + 1 : 0);
}

static void watched_block_enters(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];

    if (!in_child && t->sequence == 0) {
        aim(t, udata, executed(t));
    }
}

static void read_vector(struct qemu_plugin_register *handle, uint64_t *halves)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    if (handle == NO_REGISTER || !qemu_plugin_read_register(handle, bytes) ||
        bytes->len < 16) {
        fail("a vector register cannot be read");
    }
    memcpy(halves, bytes->data, 16);
}

/* A register of 32 or 64 bits, which must be there. */
static uint64_t read_any(struct qemu_plugin_register *handle)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint64_t value = 0;

    if (handle == NO_REGISTER || !qemu_plugin_read_register(handle, bytes) ||
        bytes->len > sizeof(value)) {
        fail("QEMU does not show all registers that a checkpoint takes");
    }
    memcpy(&value, bytes->data, bytes->len);
    return value;
}

static void read_registers(struct cairn_registers *r)
{
    for (int i = 0; i < 31; i++) {
        r->x[i] = read_any(x_registers[i]);
    }
    r->sp = read_any(sp_register);
    r->pstate = read_any(pstate_register);
    r->fpsr = read_any(fpsr_register);
    r->fpcr = read_any(fpcr_register);
    r->tpidr = read_any(tpidr_register);
    for (int i = 0; i < 32; i++) {
        read_vector(v_registers[i], r->v[i]);
    }
    r->has_scalable = has_scalable;
}

/*
 * Shows the thread's state before the instruction at a site and waits.  The
 * register pc is stale inside of a block: the site tells it.
 */
static void stop_before(struct thread *t, const struct site *site)
{
    const struct block *block = site->block;
    uint64_t pc = block->pc;
    struct cairn_registers registers;
    unsigned tries = 0;

    for (uint32_t i = 0; i < site->index; i++) {
        pc += block->sizes[i];
    }
    read_registers(&registers);
    control_put(CAIRN_CONTROL_STOP,
                (uint64_t[]){ t->sequence,
                              executed(t) - (block->instructions - site->index),
                              pc, site->trigger }, 4, &registers,
                sizeof(registers));
    stops_made++;
    while (__atomic_load_n(&header->resumed, __ATOMIC_ACQUIRE) != stops_made) {
        wait_for_reader(tries++);
    }
}

static void stop_reached(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    const struct site *site = udata;

    if (in_child || t->sequence != 0) {
        return;
    }
    stop_before(t, site);
    window++;
    aim(t, site->block, executed(t) - site->block->instructions);
    if (next_stop() > executed(t) + FAR_STOP) {
        stop_at(t, next_stop() - LEAD);
        watch(false);
    }
}

/* Has a thread stop in a block when it comes to a count. */
static void instrument_stops(struct qemu_plugin_tb *tb,
                             const struct block *block)
{
    if (!watching) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, stop_nears, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_LE,
            budget, FIRES_UPTO, NULL);
        return;
    }
    qemu_plugin_register_vcpu_tb_exec_cb(tb, watched_block_enters,
                                         QEMU_PLUGIN_CB_NO_REGS,
                                         (void *)block);
    for (uint32_t i = 0; i < block->instructions; i++) {
        struct site *site = g_new0(struct site, 1);

        site->block = block;
        site->index = i;
        site->trigger = NO_TRIGGER;
        qemu_plugin_register_vcpu_insn_exec_cond_cb(
            qemu_plugin_tb_get_insn(tb, i), stop_reached,
            QEMU_PLUGIN_CB_R_REGS, QEMU_PLUGIN_COND_EQ, stop_index, i + 1,
            site);
    }
}

/* ---- triggers ---------------------------------------------------------- */

/*
 * A window can begin and end at an instruction instead of a count.  The blocks
 * that hold one are streamed in any case, and thrown away by the reader unless
 * the window is open; so the window has the rest of the block in which it
 * opens, and no block is entered before all others are streamed as well.
 */
static void open_window(struct thread *t, const struct site *site)
{
    const struct block *block = site->block;

    triggered = true;
    forget_all();
    put_record(t, CAIRN_RECORD_OPEN, 1);
    put(t, executed(t) - (block->instructions - site->index));
    if (header->contents & CAIRN_STACK_POINTER) {
        put_stack(t);
    }
    put(t, block->word | (uint64_t)site->index << CAIRN_FIRST_SHIFT);
    stop_at(t, windows[0].until);
    if (!streaming) {
        exchange(true);
    }
}

static void close_window(struct thread *t, const struct site *site,
                         bool for_good)
{
    triggered = false;
    window_is_over = for_good;
    put_record(t, CAIRN_RECORD_CUT, 3);
    put(t, for_good);
    put(t, site->block->id);
    put(t, site->index);
    if (for_good) {
        publish(t);
    }
    stop_at(t, CAIRN_NEVER);
    if (exchanges++ < EXCHANGES_AT_MOST) {
        exchange(false);
    }
}

static void trigger_reached(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    const struct site *site = udata;
    const struct cairn_trigger *trigger = &triggers[site->trigger];
    bool counted;

    if (in_child || window_is_over || t->sequence != header->window_thread) {
        return;
    }
    counted = ++trigger_seen[site->trigger] == trigger->count;
    switch ((enum cairn_action)trigger->action) {
    case CAIRN_ACTION_OPEN:
        if (counted && !triggered) {
            open_window(t, site);
        }
        break;
    case CAIRN_ACTION_CLOSE:
        if (counted) {
            close_window(t, site, true);
        }
        break;
    case CAIRN_ACTION_BEGIN:
        depth++;
        regions_matched++;
        if (!triggered &&
            (!trigger->count || regions_matched == trigger->count)) {
            window_depth = depth;
            window_is_last = trigger->count != 0;
            open_window(t, site);
        }
        break;
    case CAIRN_ACTION_INNER:
        depth++;
        break;
    case CAIRN_ACTION_END:
        if (triggered && depth == window_depth) {
            close_window(t, site, window_is_last);
        }
        depth -= depth > 0;
        break;
    case CAIRN_ACTION_STOP:
        if (counted || !trigger->count) {
            stop_before(t, site);
        }
        break;
    }
}

/* The place with an index in `placed`. */
static struct cairn_told *place_of_trigger(guint i)
{
    return &g_array_index(placed, struct cairn_told, i);
}

/* Adds a place, or moves a trigger that can have but one. */
static void set_trigger(uint32_t trigger, uint64_t pc)
{
    const struct cairn_told place = { pc, trigger };

    for (guint i = 0; i < placed->len; i++) {
        if (triggers[trigger].base != CAIRN_BASE_TOLD &&
            place_of_trigger(i)->trigger == trigger) {
            *place_of_trigger(i) = place;
            return;
        }
    }
    g_array_append_val(placed, place);
}

/* To be called when `placed` has been changed. */
static void index_triggers(void)
{
    g_hash_table_remove_all(trigger_at);
    for (guint i = 0; i < placed->len; i++) {
        g_hash_table_add(trigger_at, &place_of_trigger(i)->pc);
    }
}

/* Places the triggers that lie a distance from a base. */
static void place_triggers(enum cairn_base base, uint64_t address)
{
    pthread_mutex_lock(&tables_lock);
    for (uint32_t i = 0; i < header->trigger_count; i++) {
        if (triggers[i].base == base) {
            set_trigger(i, address + triggers[i].value);
        }
    }
    index_triggers();
    pthread_mutex_unlock(&tables_lock);
}

/* Places those that lie in a part of a file, which has been mapped. */
static void place_triggers_of_file(const char *path, uint64_t address,
                                   uint64_t bytes, uint64_t offset)
{
    pthread_mutex_lock(&tables_lock);
    for (uint32_t i = 0; i < header->trigger_count; i++) {
        uint64_t distance = triggers[i].value - offset;

        if (triggers[i].base == CAIRN_BASE_FILE && distance < bytes &&
            !strcmp(triggers[i].path, path)) {
            set_trigger(i, address + distance);
        }
    }
    index_triggers();
    pthread_mutex_unlock(&tables_lock);
}

/* Takes away what the reader has told of memory that is something else now. */
static void forget_told(uint64_t address, uint64_t bytes)
{
    if (!told) {
        return;
    }
    pthread_mutex_lock(&tables_lock);
    for (guint i = placed->len; i-- > 0;) {
        const struct cairn_told *place = place_of_trigger(i);

        if (place->pc - address < bytes &&
            triggers[place->trigger].base == CAIRN_BASE_TOLD) {
            g_array_remove_index(placed, i);
        }
    }
    index_triggers();
    pthread_mutex_unlock(&tables_lock);
}

/* Waits for the reader, which knows files, to tell the triggers in one. */
static void ask_for_triggers(const char *path, uint64_t address,
                             uint64_t bytes, uint64_t offset)
{
    unsigned tries = 0;

    pthread_mutex_lock(&ask_lock);
    control_path(CAIRN_CONTROL_ASK, (uint64_t[4]){ address, bytes, offset }, 3,
                 path);
    questions++;
    while (__atomic_load_n(&header->told, __ATOMIC_ACQUIRE) != questions) {
        wait_for_reader(tries++);
    }
    pthread_mutex_lock(&tables_lock);
    for (uint32_t i = 0; i < header->told_count; i++) {
        set_trigger(told[i].trigger, told[i].pc);
    }
    index_triggers();
    pthread_mutex_unlock(&tables_lock);
    pthread_mutex_unlock(&ask_lock);
}

static void watch_site(struct qemu_plugin_tb *tb, const struct block *block,
                       uint32_t index, uint32_t trigger)
{
    struct site *site = g_new(struct site, 1);

    site->block = block;
    site->index = index;
    site->trigger = trigger;
    qemu_plugin_register_vcpu_insn_exec_cb(qemu_plugin_tb_get_insn(tb, index),
                                           trigger_reached,
                                           QEMU_PLUGIN_CB_R_REGS, site);
}

/* Watches the triggers in a block.  Returns whether there are any. */
static bool watch_triggers(struct qemu_plugin_tb *tb, const struct block *block)
{
    uint64_t pc = block->pc;
    bool any = false;

    if (!header->trigger_count) {
        return false;
    }
    pthread_mutex_lock(&tables_lock);
    for (uint32_t i = 0; i < block->instructions; i++) {
        bool some = g_hash_table_contains(trigger_at, &pc);

        for (guint k = 0; some && k < placed->len; k++) {
            if (place_of_trigger(k)->pc == pc) {
                watch_site(tb, block, i, place_of_trigger(k)->trigger);
                any = true;
            }
        }
        pc += block->sizes[i];
    }
    pthread_mutex_unlock(&tables_lock);
    return any;
}

/* ---- values ------------------------------------------------------------ */

/*
 * With values whoever reads can follow what the guest's memory holds: a page is
 * sent when it is touched first, and what system calls have written when they
 * return.  Where that is not known, pages are taken as untouched from then on,
 * and sent anew.  Reading needs no list of mappings, and what is never touched
 * costs nothing.
 */
#define PAGE_BYTES 4096
#define REGION_SHIFT 30 /* a region's pages have a bit each */
#define REGION_BYTES (1U << (REGION_SHIFT - 12 - 3))
#define REGIONS (1U << (CAIRN_ADDRESS_BITS - REGION_SHIFT))

static uint8_t *touched[REGIONS];
static uint32_t touched_regions[REGIONS]; /* those that are there */
static uint32_t touched_count;
static uint64_t program_break;

static uint8_t *touched_bits(uint64_t address)
{
    return __atomic_load_n(&touched[address >> REGION_SHIFT],
                           __ATOMIC_ACQUIRE);
}

static bool is_touched(uint64_t address)
{
    const uint8_t *bits = touched_bits(address);

    return bits && bits[address >> 15 & (REGION_BYTES - 1)] >>
                   (address >> 12 & 7) & 1;
}

/* Takes a page as touched.  Returns whether it was not before. */
static bool touch(uint64_t address)
{
    uint32_t region = address >> REGION_SHIFT;
    uint8_t bit = 1 << (address >> 12 & 7);

    if (!touched_bits(address)) {
        pthread_mutex_lock(&tables_lock);
        if (!touched[region]) {
            touched_regions[touched_count++] = region;
            __atomic_store_n(&touched[region], g_malloc0(REGION_BYTES),
                             __ATOMIC_RELEASE);
        }
        pthread_mutex_unlock(&tables_lock);
    }
    return !(__atomic_fetch_or(&touched_bits(address)[address >> 15 &
                                                      (REGION_BYTES - 1)],
                               bit, __ATOMIC_RELAXED) & bit);
}

/* Takes all pages as untouched. */
static void forget_all(void)
{
    if (!(header->contents & CAIRN_VALUES)) {
        return;
    }
    pthread_mutex_lock(&tables_lock);
    for (uint32_t i = 0; i < touched_count; i++) {
        memset(touched[touched_regions[i]], 0, REGION_BYTES);
    }
    pthread_mutex_unlock(&tables_lock);
}

static uint64_t address_of(uint64_t pointer)
{
    return pointer & ((1ULL << CAIRN_ADDRESS_BITS) - 1);
}

static void put_memory(struct thread *t, enum cairn_memory kind,
                       uint64_t address, uint64_t bytes, const GByteArray *data)
{
    uint64_t length = data ? data->len : 0;

    put_record(t, CAIRN_RECORD_MEMORY, 3 + (length + 7) / 8);
    put(t, kind | length << 32);
    put(t, address);
    put(t, bytes);
    for (uint64_t i = 0; i < length; i += 8) {
        uint64_t word = 0;

        memcpy(&word, data->data + i, MIN(8, length - i));
        put(t, word);
    }
}

/*
 * An access touches a page that none has touched before, if it has.  An atomic
 * one has also stored there by now what it is not to load: where it is given,
 * the page is sent with what was loaded.
 */
static void __attribute__((noinline))
put_page(struct thread *t, uint64_t address, uint64_t bytes,
         const uint64_t *loaded)
{
    uint64_t page = address & -(uint64_t)PAGE_BYTES;
    g_autoptr(GByteArray) data = g_byte_array_new();

    if (t->ring && !in_child && touch(page) &&
        qemu_plugin_read_memory_vaddr(page, data, PAGE_BYTES)) {
        if (loaded) {
            memcpy(data->data + (address - page), loaded,
                   MIN(bytes, page + PAGE_BYTES - address));
        }
        put_memory(t, CAIRN_MEMORY_PAGE, page, PAGE_BYTES, data);
    }
}

static inline void touch_pages(struct thread *t, uint64_t address,
                               uint64_t bytes)
{
    uint64_t last = address_of(address + bytes - 1);

    if (G_UNLIKELY(!is_touched(address))) {
        put_page(t, address, 0, NULL);
    }
    if (G_UNLIKELY((address ^ last) >= PAGE_BYTES && !is_touched(last))) {
        put_page(t, last, 0, NULL);
    }
}

/* The same of the load of an atomic, which does not cross pages. */
static inline void touch_page_by_atomic(struct thread *t, uint64_t address,
                                        uint64_t bytes, const uint64_t *loaded)
{
    if (G_UNLIKELY(!is_touched(address))) {
        put_page(t, address, bytes, loaded);
    }
}

/* What memory holds from an address on is not known any more. */
static void put_unknown(struct thread *t, uint64_t address, uint64_t bytes)
{
    uint64_t page = address_of(address) & -(uint64_t)PAGE_BYTES;
    uint64_t end = address_of(address) + bytes;

    if (bytes == 0) {
        return;
    }
    put_memory(t, CAIRN_MEMORY_UNKNOWN, page, end - page, NULL);
    while (page < end && page >> CAIRN_ADDRESS_BITS == 0) {
        uint8_t *bits = touched_bits(page);

        if (!bits) { /* none of the region */
            page = ((page >> REGION_SHIFT) + 1) << REGION_SHIFT;
            continue;
        }
        __atomic_fetch_and(&bits[page >> 15 & (REGION_BYTES - 1)],
                           ~(1 << (page >> 12 & 7)), __ATOMIC_RELAXED);
        page += PAGE_BYTES;
    }
}

static void put_all_unknown(struct thread *t)
{
    put_memory(t, CAIRN_MEMORY_UNKNOWN, 0, 1ULL << CAIRN_ADDRESS_BITS, NULL);
    forget_all();
}

/* A system call has written so many bytes. */
static void put_written(struct thread *t, uint64_t address, uint64_t bytes)
{
    g_autoptr(GByteArray) data = g_byte_array_new();
    uint64_t at = address_of(address);
    uint64_t end = at + bytes;

    while (at < end) {
        uint64_t upto = MIN(end, (at & -(uint64_t)PAGE_BYTES) + PAGE_BYTES);

        if (!qemu_plugin_read_memory_vaddr(at, data, upto - at)) {
            return;
        }
        put_memory(t, CAIRN_MEMORY_WRITTEN, at, upto - at, data);
        at = upto;
    }
}

static void put_vector_written(struct thread *t, uint64_t vector,
                               uint64_t count, uint64_t left)
{
    uint64_t part[2];

    for (uint64_t i = 0; i < count && left; i++) {
        if (!read_guest(vector + 16 * i, part, 16)) {
            break;
        }
        part[1] = MIN(part[1], left);
        put_written(t, part[0], part[1]);
        left -= part[1];
    }
}

/* What the plan says that a system call has written. */
static void put_planned_writes(struct thread *t, int64_t number, int64_t result)
{
    bool known = false;

    for (uint32_t i = 0; i < header->write_count; i++) {
        const struct cairn_write *w = &writes[i];
        uint64_t address = t->call_args[w->argument & 7];
        uint64_t other = t->call_args[w->other & 7];

        if (w->number != number) {
            continue;
        }
        known = true;
        if (w->kind == CAIRN_WRITE_ANYTHING) {
            put_all_unknown(t);
        }
        if (!address || result < 0) {
            continue;
        }
        switch ((enum cairn_write_kind)w->kind) {
        case CAIRN_WRITE_BYTES:
            put_written(t, address, w->unit);
            break;
        case CAIRN_WRITE_BY_ARGUMENT:
            put_written(t, address, w->unit * MIN(other, 1U << 20));
            break;
        case CAIRN_WRITE_BY_RESULT:
            put_written(t, address, w->unit * (uint64_t)result);
            break;
        case CAIRN_WRITE_VECTOR:
            put_vector_written(t, address, other, result);
            break;
        case CAIRN_WRITE_NOTHING:
        case CAIRN_WRITE_ANYTHING:
            break;
        }
    }
    if (!known) {
        put_all_unknown(t);
    }
}

/* Tells how a system call that has returned has changed memory. */
static void put_changes(struct thread *t, int64_t number, int64_t result)
{
    const uint64_t *args = t->call_args;
    bool failed = result < 0 && result > -4096;
    uint64_t before = program_break;

    switch (number) {
    case A64_NR_BRK:
        program_break = result;
        if (before) {
            put_unknown(t, MIN(before, program_break),
                        MAX(before, program_break) -
                        MIN(before, program_break));
        }
        break;
    case A64_NR_MMAP:
        if (!failed) {
            put_unknown(t, result, args[1]);
        }
        break;
    case A64_NR_MREMAP:
        if (!failed) {
            put_unknown(t, args[0], args[1]);
            put_unknown(t, result, args[2]);
        }
        break;
    case A64_NR_MUNMAP:
    case A64_NR_MADVISE:
        put_unknown(t, args[0], args[1]);
        break;
    default:
        put_planned_writes(t, number, result);
        break;
    }
}

/* The kernel has written a signal's frame. */
static void put_frame(struct thread *t, uint64_t sp)
{
    uint64_t before = 0;

    if (read_guest(sp + A64_FRAME_SP, &before, sizeof(before)) &&
        before > sp && before - sp < 1 << 20) {
        put_unknown(t, sp, before - sp);
    } else {
        put_unknown(t, sp, 16 * PAGE_BYTES); /* an alternate stack */
    }
}

/* ---- streaming --------------------------------------------------------- */

static void stream_block(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct block *block = udata;

    t->current = block;
    put(t, block->word);
}

/*
 * With values, of parts that begin each so many instructions: what memory holds
 * is told anew from the block on in which a part begins.
 */
static bool streams_parts(void)
{
    return header->contents & CAIRN_VALUES && header->interval;
}

static void set_position(struct thread *t, uint64_t instructions)
{
    uint64_t into = instructions % header->interval;

    t->position = instructions;
    t->next_part = into ? instructions + header->interval - into : instructions;
}

static void follow_parts(struct thread *t, const struct block *block)
{
    uint64_t behind = t->position + block->instructions;

    if (G_UNLIKELY(behind > t->next_part)) {
        put_all_unknown(t);
        set_position(t, behind);
    }
    t->position = behind;
}

static void stream_block_in_part(unsigned vcpu, void *udata)
{
    follow_parts(threads[vcpu], udata);
    stream_block(vcpu, udata);
}

static void stream_block_in_window(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];

    if (G_UNLIKELY(t->open_due) && streaming) {
        t->open_due = false;
        forget_all();
        put_record(t, CAIRN_RECORD_OPEN, 1);
        put(t, executed(t));
        if (header->contents & CAIRN_STACK_POINTER) {
            put_stack(t);
        }
        if (streams_parts()) {
            set_position(t, executed(t));
        }
    }
    if (streams_parts()) {
        follow_parts(t, udata);
    }
    stream_block(vcpu, udata);
}

static uint8_t learn_access_kind(qemu_plugin_meminfo_t info)
{
    uint8_t kind = qemu_plugin_mem_size_shift(info) |
                   qemu_plugin_mem_is_store(info) << 3;

    if (info < G_N_ELEMENTS(access_kind)) {
        access_kind[info] = kind;
    }
    return kind;
}

static inline uint8_t access_kind_of(qemu_plugin_meminfo_t info)
{
    uint8_t kind = info < G_N_ELEMENTS(access_kind) ? access_kind[info] : 0xff;

    return G_UNLIKELY(kind == 0xff) ? learn_access_kind(info) : kind;
}

static void stream_access(unsigned vcpu, qemu_plugin_meminfo_t info,
                          uint64_t vaddr, void *udata)
{
    struct thread *t = threads[vcpu];
    uint8_t kind = access_kind_of(info);

    put(t, (uint64_t)kind << CAIRN_SIZE_SHIFT | (uintptr_t)udata |
           (vaddr & ((1ULL << CAIRN_ADDRESS_BITS) - 1)));
}

/* How an instruction may end its thread. */
enum a64_fault {
    A64_FAULTS_NEVER,
    A64_FAULTS_UNSEEN, /* or it is not known here */
    A64_FAULTS_AT_ITS_ACCESS, /* which is one, and streamed when it is done */
    A64_FAULTS_ALWAYS,
};

static enum a64_fault a64_fault(uint32_t opcode)
{
    uint32_t group = opcode >> 25 & 15;
    bool one_register = (opcode & 0x3b000000) == 0x39000000 ||
                        (opcode & 0x3b200000) == 0x38000000 ||
                        (opcode & 0x3b200c00) == 0x38200800;
    bool literal = (opcode & 0x3b000000) == 0x18000000;
    bool pair = (opcode & 0x3e000000) == 0x28000000 && /* but of vectors */
                (opcode & 0xc0400000) != 0x40000000;   /* and STGP */

    if (!(opcode >> 16) || (opcode & 0xffe0001f) == 0xd4200000) {
        return A64_FAULTS_ALWAYS; /* UDF, BRK */
    }
    if ((one_register && (opcode & 0xc4c00000) == 0xc0800000) ||
        (literal && opcode >> 24 == 0xd8)) {
        return A64_FAULTS_NEVER; /* PRFM */
    }
    if (one_register || literal || pair) {
        return A64_FAULTS_AT_ITS_ACCESS;
    }
    /* other loads and stores, scalable vectors, system instructions */
    return (group & 5) == 4 || group < 4 || opcode >> 24 == 0xd5
           ? A64_FAULTS_UNSEEN : A64_FAULTS_NEVER;
}

/* Whether an instruction computes only: it accesses no memory, ever. */
static bool a64_only_computes(uint32_t opcode)
{
    uint32_t group = opcode >> 25 & 15;

    return group == 8 || group == 9 || (group & 5) == 5;
}

/* ---- settling ---------------------------------------------------------- */

/*
 * Caches need not be asked about most executions and accesses: what is nearest
 * to the processor has the line, and it is the one used last of its set, so
 * that nothing changes.  These are counted and not sent.  A block is counted
 * inline, and called only when one of its lines is not the last one fetched.
 */
static bool settles(void)
{
    return header->contents & CAIRN_UNSETTLED;
}

static void prepare_settling(void)
{
    size_t bytes;

    fetch_rule = header->fetched;
    access_rule = header->accessed;
    fetched_lines = qemu_plugin_scoreboard_new(
        (fetch_rule.group_mask + 1ULL) * sizeof(uint64_t));
    bytes = (access_rule.group_mask + 1ULL) * sizeof(uint64_t);
    accessed_lines = g_malloc(bytes);
    memset(accessed_lines, 0xff, bytes);
    settling_blocks = g_ptr_array_new();
    entered = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, entered);
    accessing = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, site);
    settling_state = &nobody;
    settling = aarch64;
}

static uint64_t line_of(const struct cairn_settling *rule, uint64_t address)
{
    return address >> rule->line_shift;
}

static uint64_t group_of(const struct cairn_settling *rule, uint64_t line)
{
    return line >> rule->group_shift & rule->group_mask;
}

/* Where the line is kept that was fetched last of a line's group. */
static qemu_plugin_u64 last_fetched(uint64_t line)
{
    return (qemu_plugin_u64){
        .score = fetched_lines,
        .offset = group_of(&fetch_rule, line) * sizeof(uint64_t),
    };
}

static uint64_t *last_accessed(uint64_t line)
{
    return accessed_lines + group_of(&access_rule, line);
}

/* Forgets what was used last: no block and no access settles next. */
static void forget_lines(struct thread *t)
{
    memset(qemu_plugin_scoreboard_find(fetched_lines, t->vcpu), 0,
           (fetch_rule.group_mask + 1ULL) * sizeof(uint64_t));
    memset(accessed_lines, 0xff,
           (access_rule.group_mask + 1ULL) * sizeof(uint64_t));
}

static void put_settled_count(struct thread *t, const struct block *block,
                              enum cairn_settled what, uint64_t number,
                              uint64_t *count)
{
    if (*count) {
        put_record(t, CAIRN_RECORD_SETTLED, 2);
        put(t, block->id | number << CAIRN_SETTLED_NUMBER_SHIFT |
               (uint64_t)what << CAIRN_SETTLED_SHIFT);
        put(t, *count);
        *count = 0;
    }
}

/* Sends what was counted. */
static void put_settled(struct thread *t)
{
    if (!settling) {
        return;
    }
    for (guint i = 0; i < settling_blocks->len; i++) {
        const struct block *block = g_ptr_array_index(settling_blocks, i);

        put_settled_count(t, block, CAIRN_SETTLED_EXECUTIONS,
                          block->instructions, counter(block, t->vcpu));
    }
    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);

        for (uint32_t k = 0; k < block->instructions; k++) {
            put_settled_count(t, block, CAIRN_SETTLED_LOADS, k,
                              &block->sites[k].counts[0]);
            put_settled_count(t, block, CAIRN_SETTLED_STORES, k,
                              &block->sites[k].counts[1]);
        }
        block->listed = false;
    }
    g_array_set_size(t->listed, 0);
    t->unsettled = 0;
    publish(t);
}

static void put_unsettled(struct thread *t, uint64_t word)
{
    put(t, word);
    if (++t->unsettled == UNSETTLED_AT_ONCE) {
        put_settled(t);
    }
}

/* From here on everything is sent. */
static void stop_settling(struct thread *t)
{
    put_settled(t);
    settling = false;
    settling_state = &nobody;
    forget_lines(t);
}

/* A block has executed often since what was counted was sent. */
static void much_settled(unsigned vcpu, void *udata)
{
    put_settled(threads[vcpu]);
}

/* A block is entered that has a line which is not the last one fetched. */
static void stream_unsettled_block(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct block *block = udata;
    uint64_t last = line_of(&fetch_rule, block->pc + block->bytes - 1);

    if (qemu_plugin_u64_get(entered, vcpu) & SENT) {
        return; /* because of another line */
    }
    qemu_plugin_u64_set(entered, vcpu, (uintptr_t)block | SENT);
    --*counter(block, vcpu);
    put_unsettled(t, block->word);
    if (settling) {
        for (uint64_t line = line_of(&fetch_rule, block->pc); line <= last;
             line++) {
            qemu_plugin_u64_set(last_fetched(line), vcpu, line);
        }
    }
}

static uint32_t opcode_at(const struct block *block, uint32_t index)
{
    const uint8_t *code = block->sizes + block->instructions;
    uint32_t opcode;

    memcpy(&opcode, code + 4 * index, 4);
    return opcode;
}

/* Whether an instruction is none of those that branch, trap or concern the
 * system. */
static bool a64_falls_through(uint32_t opcode)
{
    return (opcode >> 25 & 14) != 10;
}

/*
 * Whether what executes behind a block lies behind it.  Who executes much must
 * go back, so such a block need not look how often it has executed.
 */
static bool goes_forward(const struct block *block)
{
    struct straight s;

    if (!settling) {
        return false;
    }
    s = last_end(block);
    return s.branches == A64_BRANCHES
               ? s.target > s.end
               : a64_falls_through(opcode_at(block, block->instructions - 1));
}

static void instrument_unsettled(struct qemu_plugin_tb *tb, struct block *block)
{
    uint64_t last = line_of(&fetch_rule, block->pc + block->bytes - 1);
    qemu_plugin_u64 count = counter_of(block);

    qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
        tb, QEMU_PLUGIN_INLINE_STORE_U64, entered, (uintptr_t)block);
    if (block->notes_sites) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, accessing, 0);
    }
    qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
        tb, QEMU_PLUGIN_INLINE_ADD_U64, count, 1);
    for (uint64_t line = line_of(&fetch_rule, block->pc); line <= last;
         line++) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, stream_unsettled_block, QEMU_PLUGIN_CB_NO_REGS,
            QEMU_PLUGIN_COND_NE, last_fetched(line), line, block);
    }
    if (!goes_forward(block)) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, much_settled, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_GE,
            count, SETTLED_AT_ONCE, NULL);
    }
}

/* Gives a block what it takes to count. */
static void prepare_block(struct block *block)
{
    block->sites = g_new0(struct settled_site, block->instructions);
    block->notes_sites = hides_registers;
    for (uint32_t i = 0; aarch64 && i < block->instructions; i++) {
        block->notes_sites |= a64_fault(opcode_at(block, i)) ==
                              A64_FAULTS_UNSEEN;
    }
    for (uint32_t i = 0; i < block->instructions; i++) {
        block->sites[i].block = block;
        block->sites[i].index = i;
        block->sites[i].span = SPAN_UNKNOWN;
    }
    g_ptr_array_add(settling_blocks, block);
}

/* Says which execution the access belongs to that comes next. */
static void mark(struct thread *t)
{
    uint64_t execution = settling_state->entered;
    struct block *block = (struct block *)(uintptr_t)execution;

    if (!(execution & (MARKED | SENT))) {
        settling_state->entered |= MARKED;
        put(t, block->word |
               (uint64_t)block->instructions << CAIRN_FIRST_SHIFT);
    }
}

/* Takes data as accessed that did not settle. */
static void access_lines(uint64_t first, uint64_t last, bool store)
{
    uint64_t line = line_of(&access_rule, first);
    uint64_t end = line_of(&access_rule, last);

    if (line != end) {
        for (; line <= end; line++) {
            *last_accessed(line) = NO_LINE;
        }
    } else if (!store) {
        *last_accessed(line) =
            line << 1 | !!(access_rule.flags & CAIRN_LOADS_SETTLE);
    } else if (access_rule.flags & CAIRN_STORES_ALLOCATE) {
        *last_accessed(line) =
            line << 1 | !!(access_rule.flags & CAIRN_STORES_SETTLE);
    } else {
        *last_accessed(line) = NO_LINE;
    }
}

/* Without a branch for each of the two questions, as this is asked of every
 * access. */
static inline bool is_settled(uint64_t address, uint64_t span, uint64_t load)
{
    uint64_t line = line_of(&access_rule, address);
    uint64_t wanted = line << 1 | 1;

    return !(((*last_accessed(line) | load) ^ wanted) |
             (line_of(&access_rule, address + span) ^ line));
}

static void list_settled(struct thread *t, struct block *block)
{
    if (!block->listed) {
        block->listed = true;
        g_array_append_val(t->listed, block);
    }
}

static void put_unsettled_access(struct thread *t,
                                 const struct settled_site *site,
                                 uint64_t kind, uint64_t address)
{
    if (settling) {
        access_lines(address, address + (1ULL << (kind & 7)) - 1, kind >> 3);
        mark(t);
    }
    put_unsettled(t, kind << CAIRN_SIZE_SHIFT |
                     site->index << CAIRN_INSTRUCTION_SHIFT | address);
}

static void note_site(struct thread *t, const struct settled_site *site)
{
    if (settling_state->site != (uintptr_t)site) {
        settling_state->site = (uintptr_t)site;
        t->unsent_accesses[0] = 0;
        t->unsent_accesses[1] = 0;
    }
}

/* An access by an instruction that may make several, and not make the rest. */
static void stream_unsettled_access(unsigned vcpu, qemu_plugin_meminfo_t info,
                                    uint64_t vaddr, void *udata)
{
    struct thread *t = threads[vcpu];
    struct settled_site *site = udata;
    uint64_t kind = access_kind_of(info);
    uint64_t address = vaddr & ((1ULL << CAIRN_ADDRESS_BITS) - 1);
    bool store = kind >> 3;

    if (settling) {
        note_site(t, site);
        if (is_settled(address, (1ULL << (kind & 7)) - 1, !store)) {
            t->unsent_accesses[store]++;
            if (!site->counts[store]++) {
                list_settled(t, site->block);
            }
            return;
        }
    }
    put_unsettled_access(t, site, kind, address);
}

static void __attribute__((noinline))
put_only_access(struct thread *t, qemu_plugin_meminfo_t info,
                struct settled_site *site, uint64_t vaddr)
{
    uint64_t address = vaddr & ((1ULL << CAIRN_ADDRESS_BITS) - 1);
    uint64_t kind = access_kind_of(info);

    if (!site->count) {
        site->load = !(kind >> 3);
        site->span = (1ULL << (kind & 7)) - 1;
        site->count = &site->counts[kind >> 3];
    }
    put_unsettled_access(t, site, kind, address);
}

/* The only access by an instruction, which has done it. */
static void stream_only_access(unsigned vcpu, qemu_plugin_meminfo_t info,
                               uint64_t vaddr, void *udata)
{
    struct settled_site *site = udata;

    if (G_UNLIKELY(!is_settled(vaddr, site->span, site->load))) {
        put_only_access(threads[vcpu], info, site, vaddr);
    } else if (G_UNLIKELY(!(*site->count)++)) {
        list_settled(threads[vcpu], site->block);
    }
}

/* The same where the guest's end is told by what was accessed last. */
static void stream_last_access(unsigned vcpu, qemu_plugin_meminfo_t info,
                               uint64_t vaddr, void *udata)
{
    settling_state->site = (uintptr_t)udata;
    stream_only_access(vcpu, info, vaddr, udata);
}

/*
 * A block was left behind so many instructions: what was counted of it has to
 * be sent after all, and nothing is known of what the rest of it touched.
 */
static void leave_settled(struct thread *t, struct block *block, uint32_t done)
{
    struct settled_site *site =
        (struct settled_site *)(uintptr_t)settling_state->site;

    if (!settling || (settling_state->entered & ~3ULL) != (uintptr_t)block) {
        return;
    }
    if (!(settling_state->entered & SENT)) {
        --*counter(block, t->vcpu);
        mark(t);
        settling_state->entered |= SENT;
    }
    if (site && site->block == block && site->index >= done && !site->count) {
        site->counts[0] -= t->unsent_accesses[0];
        site->counts[1] -= t->unsent_accesses[1];
        list_settled(t, block);
    }
    settling_state->site = 0;
    forget_lines(t);
}

static uint64_t read_register(struct qemu_plugin_register *handle)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint64_t value = 0;

    if (handle != NO_REGISTER && qemu_plugin_read_register(handle, bytes) &&
        bytes->len >= sizeof(value)) {
        memcpy(&value, bytes->data, sizeof(value));
    }
    return value;
}

static void put_value(struct thread *t, qemu_plugin_mem_value value)
{
    switch (value.type) {
    case QEMU_PLUGIN_MEM_VALUE_U8:
        put(t, value.data.u8);
        break;
    case QEMU_PLUGIN_MEM_VALUE_U16:
        put(t, value.data.u16);
        break;
    case QEMU_PLUGIN_MEM_VALUE_U32:
        put(t, value.data.u32);
        break;
    case QEMU_PLUGIN_MEM_VALUE_U64:
        put(t, value.data.u64);
        break;
    case QEMU_PLUGIN_MEM_VALUE_U128:
        put(t, value.data.u128.low);
        put(t, value.data.u128.high);
        break;
    }
}

static void stream_access_with_value(unsigned vcpu, qemu_plugin_meminfo_t info,
                                     uint64_t vaddr, void *udata)
{
    struct thread *t = threads[vcpu];
    uint8_t kind = access_kind_of(info);

    vaddr = address_of(vaddr);
    touch_pages(t, vaddr, 1ULL << (kind & 7));
    put(t, (uint64_t)kind << CAIRN_SIZE_SHIFT | (uintptr_t)udata | vaddr);
    put_value(t, qemu_plugin_mem_get_value(info));
}

/* The value of an access as two words; only of instructions of `enum
 * a64_exclusive`, whose accesses are of all sizes. */
static void split_value(qemu_plugin_mem_value value, uint64_t *halves)
{
    halves[0] = 0;
    halves[1] = 0;
    switch (value.type) {
    case QEMU_PLUGIN_MEM_VALUE_U8:
        halves[0] = value.data.u8;
        break;
    case QEMU_PLUGIN_MEM_VALUE_U16:
        halves[0] = value.data.u16;
        break;
    case QEMU_PLUGIN_MEM_VALUE_U32:
        halves[0] = value.data.u32;
        break;
    case QEMU_PLUGIN_MEM_VALUE_U64:
        halves[0] = value.data.u64;
        break;
    case QEMU_PLUGIN_MEM_VALUE_U128:
        halves[0] = value.data.u128.low;
        halves[1] = value.data.u128.high;
        break;
    }
}

static void stream_load_exclusive(unsigned vcpu, qemu_plugin_meminfo_t info,
                                  uint64_t vaddr, void *udata)
{
    split_value(qemu_plugin_mem_get_value(info), threads[vcpu]->exclusive);
    stream_access_with_value(vcpu, info, vaddr, udata);
}

/*
 * Where there are threads, QEMU tells of the store of a comparison that failed
 * the value that was not stored.  Memory holds what it has held then.
 */
static void stream_compared(unsigned vcpu, qemu_plugin_meminfo_t info,
                            uint64_t vaddr, void *udata,
                            const uint64_t *expected)
{
    struct thread *t = threads[vcpu];
    uint64_t value[2];

    if (!qemu_plugin_mem_is_store(info)) {
        split_value(qemu_plugin_mem_get_value(info), value);
        t->compared_bits = qemu_plugin_mem_size_shift(info);
        touch_page_by_atomic(t, address_of(vaddr), 1ULL << t->compared_bits,
                             value);
        memcpy(t->compared, value, sizeof(value));
        t->compare_failed = t->compared_bits < 3
            ? (value[0] ^ expected[0]) << (64 - (8 << t->compared_bits)) != 0
            : value[0] != expected[0] ||
              (t->compared_bits == 4 && value[1] != expected[1]);
        stream_access_with_value(vcpu, info, vaddr, udata);
    } else if (!t->compare_failed) {
        stream_access_with_value(vcpu, info, vaddr, udata);
    } else {
        vaddr = address_of(vaddr);
        touch_pages(t, vaddr, 1ULL << t->compared_bits);
        put(t, (uint64_t)(t->compared_bits | 8) << CAIRN_SIZE_SHIFT |
               (uintptr_t)udata | vaddr);
        put(t, t->compared[0]);
        if (t->compared_bits == 4) {
            put(t, t->compared[1]);
        }
    }
}

static void stream_store_exclusive(unsigned vcpu, qemu_plugin_meminfo_t info,
                                   uint64_t vaddr, void *udata)
{
    stream_compared(vcpu, info, vaddr, udata, threads[vcpu]->exclusive);
}

static void stream_compare_and_swap(unsigned vcpu, qemu_plugin_meminfo_t info,
                                    uint64_t vaddr, void *udata)
{
    stream_compared(vcpu, info, vaddr, udata, threads[vcpu]->expected);
}

/* What an atomic operation of LSE leaves in memory, of so many bytes. */
static uint64_t a64_operate(uint32_t opcode, uint64_t old, uint64_t operand)
{
    unsigned unused = 64 - (8 << (opcode >> 30));
    int64_t a = (int64_t)(old << unused) >> unused;
    int64_t b = (int64_t)(operand << unused) >> unused;
    uint64_t mask = ~0ULL >> unused;

    if (opcode >> 15 & 1) {
        return operand & mask; /* SWP */
    }
    switch (opcode >> 12 & 7) {
    case 0:
        return (old + operand) & mask;
    case 1:
        return old & ~operand & mask;
    case 2:
        return (old ^ operand) & mask;
    case 3:
        return (old | operand) & mask;
    case 4:
        return MAX(a, b) & mask;
    case 5:
        return MIN(a, b) & mask;
    case 6:
        return MAX(old & mask, operand & mask);
    default:
        return MIN(old & mask, operand & mask);
    }
}

/*
 * Where there is shared memory or threads, QEMU tells of the store of an atomic
 * operation its operand, elsewhere what is stored: neither is taken.
 */
static void stream_operation(unsigned vcpu, qemu_plugin_meminfo_t info,
                             uint64_t vaddr, void *udata)
{
    struct thread *t = threads[vcpu];

    if (!qemu_plugin_mem_is_store(info)) {
        split_value(qemu_plugin_mem_get_value(info), t->compared);
        touch_page_by_atomic(t, address_of(vaddr), 1ULL << (t->operation >> 30),
                             t->compared);
        stream_access_with_value(vcpu, info, vaddr, udata);
        return;
    }
    vaddr = address_of(vaddr);
    touch_pages(t, vaddr, 1ULL << (t->operation >> 30));
    put(t, (uint64_t)(t->operation >> 30 | 8) << CAIRN_SIZE_SHIFT |
           (uintptr_t)udata | vaddr);
    put(t, a64_operate(t->operation, t->compared[0], t->expected[0]));
}

/* An atomic operation of LSE is about to execute: its operand. */
static void note_operand(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    uint32_t opcode = (uintptr_t)udata;
    uint32_t rs = opcode >> 16 & 31;

    t->operation = opcode;
    t->expected[0] = rs < 31 ? read_register(x_registers[rs]) : 0;
}

/* A compare-and-swap is about to execute: what it compares with. */
static void note_expected(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    uint32_t opcode = (uintptr_t)udata;
    uint32_t rs = opcode >> 16 & 31;
    bool pair = !(opcode >> 23 & 1);
    uint64_t low = rs < 31 ? read_register(x_registers[rs]) : 0;
    uint64_t high = pair && rs + 1 < 31 ? read_register(x_registers[rs + 1])
                                        : 0;

    if (pair && !(opcode >> 30 & 1)) { /* of 32 bits each */
        low = (uint32_t)low | high << 32;
        high = 0;
    }
    t->expected[0] = low;
    t->expected[1] = high;
}

/* The instructions that store only if memory holds what it is expected to. */
enum a64_exclusive {
    A64_NOT_EXCLUSIVE,
    A64_LOAD_EXCLUSIVE,
    A64_STORE_EXCLUSIVE,
    A64_COMPARE_AND_SWAP,
    A64_OPERATION, /* LDADD, SWP and so on, which always store */
};

static enum a64_exclusive a64_exclusive(uint32_t opcode)
{
    if ((opcode & 0x3f200c00) == 0x38200000) {
        return A64_OPERATION;
    }
    if ((opcode & 0x3f000000) != 0x08000000) {
        return A64_NOT_EXCLUSIVE;
    }
    if ((opcode & 0x00a07c00) == 0x00a07c00 ||    /* CAS */
        (opcode & 0x80a07c00) == 0x00207c00) {    /* CASP */
        return A64_COMPARE_AND_SWAP;
    }
    if (opcode & 0x00800000) { /* LDAR, STLR and so on */
        return A64_NOT_EXCLUSIVE;
    }
    return opcode & 0x00400000 ? A64_LOAD_EXCLUSIVE : A64_STORE_EXCLUSIVE;
}

static qemu_plugin_vcpu_mem_cb_t access_callback(uint32_t opcode)
{
    if (!(header->contents & CAIRN_VALUES)) {
        return !settles() ? stream_access
               : a64_fault(opcode) != A64_FAULTS_AT_ITS_ACCESS
                   ? stream_unsettled_access
               : hides_registers ? stream_last_access : stream_only_access;
    }
    switch (aarch64 ? a64_exclusive(opcode) : A64_NOT_EXCLUSIVE) {
    case A64_LOAD_EXCLUSIVE:
        return stream_load_exclusive;
    case A64_STORE_EXCLUSIVE:
        return stream_store_exclusive;
    case A64_COMPARE_AND_SWAP:
        return stream_compare_and_swap;
    case A64_OPERATION:
        return stream_operation;
    case A64_NOT_EXCLUSIVE:
        break;
    }
    return stream_access_with_value;
}

/* DC ZVA zeroes a line in a helper that no access callback sees. */
static void stream_zero_line(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    uint64_t packed = (uintptr_t)udata;
    uint64_t address = read_register(x_registers[packed & 31]);
    const struct block *block;

    if (header->contents & CAIRN_VALUES) {
        touch_pages(t, address_of(address), 1);
    }
    address &= (1ULL << CAIRN_ADDRESS_BITS) - A64_ZVA_BYTES;
    if (settling) {
        block = (struct block *)(uintptr_t)(settling_state->entered & ~3ULL);
        note_site(t, block->sites + (packed >> 5));
        access_lines(address, address + A64_ZVA_BYTES - 1, true);
        mark(t);
    }
    put(t, 1ULL << CAIRN_STORE_SHIFT | 6ULL << CAIRN_SIZE_SHIFT |
           (packed >> 5) << CAIRN_INSTRUCTION_SHIFT | address);
}

static uint64_t a64_register(uint32_t number)
{
    return number == 31 ? 0 : read_register(x_registers[number]);
}

/* Whether an instruction prefetches by a base register; and by which offset. */
static bool a64_prefetches(uint32_t op)
{
    bool of_range = (op & 0x18) == 0x18; /* RPRFM, where Rm is a register */

    return (op & 0xffc00000) == 0xf9800000 || /* unsigned offset */
           (op & 0xffe00c00) == 0xf8800000 || /* signed offset */
           ((op & 0xffe00c00) == 0xf8a00800 && !of_range);
}

static uint64_t a64_prefetch_offset(uint32_t op)
{
    uint64_t index;

    if ((op & 0xffc00000) == 0xf9800000) {
        return (op >> 10 & 0xfff) * 8;
    }
    if ((op & 0xffe00c00) == 0xf8800000) {
        return (int64_t)((uint64_t)op << 43) >> 55;
    }
    index = a64_register(op >> 16 & 31);
    switch (op >> 13 & 7) {
    case 2:
        index = (uint32_t)index;
        break;
    case 6:
        index = (int32_t)index;
        break;
    default:
        break;
    }
    return index << (op & 1 << 12 ? 3 : 0);
}

/*
 * Whether an instruction cleans or invalidates the line at an address: DC and
 * IC by virtual address, those that EL0 has.
 */
static bool a64_maintains(uint32_t op)
{
    uint32_t crm = op >> 8 & 15;

    return (op & 0xfffff000) == 0xd50b7000 && (op & 0xe0) == 0x20 &&
           (crm == 5 || (crm >= 10 && crm <= 14));
}

/* No value follows it, as it is larger than any that is loaded. */
static void put_hint(struct thread *t, uint64_t index, uint64_t address)
{
    put(t, 6ULL << CAIRN_SIZE_SHIFT | index << CAIRN_INSTRUCTION_SHIFT |
           (address & ((1ULL << CAIRN_ADDRESS_BITS) - A64_LINE_BYTES)));
}

/* No access callback sees prefetches and the maintenance of caches. */
static void stream_hint(unsigned vcpu, void *udata)
{
    uint64_t packed = (uintptr_t)udata;
    uint32_t op = packed;
    uint32_t base = op >> 5 & 31;
    uint64_t address;

    if (a64_maintains(op)) {
        address = a64_register(op & 31);
    } else {
        address = (base == 31 ? read_register(sp_register)
                              : a64_register(base)) + a64_prefetch_offset(op);
    }
    put_hint(threads[vcpu], packed >> 32, address);
}

static void stream_literal_hint(unsigned vcpu, void *udata)
{
    uint64_t packed = (uintptr_t)udata;

    put_hint(threads[vcpu], packed >> CAIRN_ADDRESS_BITS, packed);
}

static void follow_hint(struct qemu_plugin_insn *insn, uint64_t index,
                        uint64_t pc, uint32_t op)
{
    uint64_t mask = (1ULL << CAIRN_ADDRESS_BITS) - 1;

    if (a64_maintains(op) || a64_prefetches(op)) {
        qemu_plugin_register_vcpu_insn_exec_cb(
            insn, stream_hint, QEMU_PLUGIN_CB_R_REGS,
            (void *)(uintptr_t)(index << 32 | op));
    } else if (op >> 24 == 0xd8) {
        pc += (int64_t)((uint64_t)(op >> 5) << 45) >> 43;
        qemu_plugin_register_vcpu_insn_exec_cb(
            insn, stream_literal_hint, QEMU_PLUGIN_CB_NO_REGS,
            (void *)(uintptr_t)(index << CAIRN_ADDRESS_BITS | (pc & mask)));
    }
}

/* Whether what is streamed of the window's thread belongs to a window. */
static bool in_window(void)
{
    return !header->window_count || windows[0].from != CAIRN_NEVER || triggered;
}

/* Whether a kind of contents is streamed at present. */
static bool streams(enum cairn_content content)
{
    return streaming && (header->contents & content);
}

/* ---- the stack pointer ------------------------------------------------- */

/*
 * Whether an instruction sets the stack pointer, or may, to a value that does
 * not follow from the one before and the instruction alone.
 */
static bool a64_sets_stack(uint32_t op)
{
    bool to_stack = (op & 31) == 31;
    bool from_stack = (op >> 5 & 31) == 31;

    return (to_stack &&
            (((op & 0x3f800000) == 0x11000000 && !from_stack) || /* ADD, SUB */
             (op & 0x3f800000) == 0x11800000 || /* ADDG, SUBG */
             (op & 0x3fe00000) == 0x0b200000 || /* ADD, SUB (extended) */
             ((op & 0x1f800000) == 0x12000000 && /* AND, ORR, EOR */
              (op & 0x60000000) != 0x60000000) ||
             (op & 0xff20e000) == 0x04204000)) || /* ADDVL, ADDPL */
           (from_stack &&
            ((op & 0xbe800000) == 0x0c800000 || /* LD1 and so on, post-index */
             (op & 0xff200c00) == 0xf8200c00 || /* LDRAA, pre-index */
             (op & 0xff200400) == 0xd9200400 || /* STG and so on */
             (op & 0xfec00000) == 0x68800000 || /* STGP */
             (op & 0xbf200c00) == 0x99000800)); /* STILP, LDIAPP, STLR */
}

static void put_stack(struct thread *t)
{
    put_record(t, CAIRN_RECORD_STACK, 1);
    put(t, read_register(sp_register));
}

static void stack_moved(unsigned vcpu, void *udata)
{
    if (!in_child) {
        put_stack(threads[vcpu]);
    }
}

/*
 * Sends the stack pointer where the code does not tell it: at the last
 * instruction of a block that has set it; if it is the last that sets it, at
 * the entry of what stands behind.
 */
static void follow_stack(struct qemu_plugin_tb *tb, struct block *block)
{
    const uint8_t *code = block->sizes + block->instructions;
    uint32_t last = block->instructions - 1;
    uint64_t behind = block->pc + block->bytes;
    uint32_t op;
    bool known;

    pthread_mutex_lock(&tables_lock);
    known = g_hash_table_contains(behind_stack, &block->pc);
    pthread_mutex_unlock(&tables_lock);
    if (known) {
        qemu_plugin_register_vcpu_tb_exec_cb(tb, stack_moved,
                                             QEMU_PLUGIN_CB_R_REGS, NULL);
    }
    for (uint32_t i = 0; i < last; i++) {
        memcpy(&op, code + 4 * i, 4);
        if (a64_sets_stack(op)) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                qemu_plugin_tb_get_insn(tb, last), stack_moved,
                QEMU_PLUGIN_CB_R_REGS, NULL);
            break;
        }
    }
    memcpy(&op, code + 4 * last, 4);
    if (a64_sets_stack(op)) {
        pthread_mutex_lock(&tables_lock);
        if (!g_hash_table_contains(behind_stack, &behind)) {
            g_hash_table_add(behind_stack, g_memdup2(&behind, 8));
            known = g_hash_table_contains(blocks_at, &behind);
        } else {
            known = false;
        }
        pthread_mutex_unlock(&tables_lock);
        if (known) {
            /* It was translated without a word of the stack pointer. */
            RESET(reinstrument);
        }
    }
}

/* ---- blocks left half-way ---------------------------------------------- */

/*
 * Whether each block says that it was entered.  When nothing is streamed, only
 * a handler of faults makes use of it, and an end without registers.
 */
static bool follows_blocks(void)
{
    return catches_faults || hides_registers;
}

static struct block *last_block(struct thread *t)
{
    if (settles()) {
        return (struct block *)(uintptr_t)(
            qemu_plugin_u64_get(entered, t->vcpu) & ~3ULL);
    }
    if (streaming) {
        return t->current;
    }
    return (struct block *)(uintptr_t)qemu_plugin_u64_get(current, t->vcpu);
}

/* Notes that the block entered last has come to its end, a system call. */
static void leave_by_call(struct thread *t)
{
    struct block *block = last_block(t);

    if (block) {
        t->call_end = block->pc + block->bytes;
        t->current = NULL;
        qemu_plugin_u64_set(current, t->vcpu, 0);
        if (settles()) {
            qemu_plugin_u64_set(entered, t->vcpu, 0);
        }
    }
}

/* The index of the instruction at pc, or -1. */
static int index_of(const struct block *block, uint64_t pc)
{
    uint64_t at = block->pc;

    for (uint32_t i = 0; i < block->instructions; i++) {
        if (at == pc) {
            return i;
        }
        at += block->sizes[i];
    }
    return -1;
}

/* Says that a block was left; the reason is the signal, 0 at the thread's end, or
 * LEFT_AND_GOES_ON. */
static void put_left(struct thread *t, struct block *block, uint32_t done,
                     uint32_t reason)
{
    uint32_t not_done = block->instructions - done;

    if (header->mode == CAIRN_MODE_COUNT) {
        qemu_plugin_u64_set(beyond, t->vcpu, 0);
        t->unshared += not_done;
        if (block == t->end_block) {
            retract_ends(t);
        }
    } else if (header->window_count) {
        qemu_plugin_u64_add(budget, t->vcpu, -(uint64_t)not_done);
    }
    if (streams_parts()) {
        set_position(t, t->position - not_done);
    }
    if (settles()) {
        leave_settled(t, block, done);
    }
    interrupt_circle(t);
    put_record(t, CAIRN_RECORD_LEFT, 2);
    put(t, block->id);
    put(t, done | (uint64_t)reason << LEFT_REASON_SHIFT);
}

/*
 * Where there are threads, QEMU may leave a block at an atomic to do that
 * alone, in a block of its own; or, if another thread wants to be alone at
 * that moment, in a usual block that begins with it and is left again.
 */
static bool is_atomic(const struct block *block, uint32_t index)
{
    const uint8_t *code = block->sizes + block->instructions;
    uint32_t opcode;

    if (!aarch64) {
        return false;
    }
    memcpy(&opcode, code + 4 * index, 4);
    return (opcode & 0x3f000000) == 0x08000000 || /* exclusive, ordered, CAS */
           (opcode & 0x3b200c00) == 0x38200000 || /* LDADD, SWP and so on */
           (opcode & 0x3f000c00) == 0x19000000;   /* LDAPUR, STLUR, 128 bits */
}

/* One instruction of one block, as a number that is not 0. */
static uint64_t place(const struct block *block, uint32_t index)
{
    return (uint64_t)(uintptr_t)block << 10 | index;
}

/* Takes a block as left if it was at an atomic, and that at pc. */
static bool left_at_atomic(struct thread *t, uint64_t pc, uint32_t reason)
{
    uint64_t at = qemu_plugin_u64_get(atomic, t->vcpu);
    struct block *block = (struct block *)(uintptr_t)(at >> 10);

    if (!at || index_of(block, pc) != (int)(at & 1023)) {
        return false;
    }
    qemu_plugin_u64_set(atomic, t->vcpu, 0);
    put_left(t, block, at & 1023, reason);
    return true;
}

/* A block is entered that begins with an atomic. */
static void atomic_entered(unsigned vcpu, void *udata)
{
    struct block *block = udata;

    if (!in_child &&
        left_at_atomic(threads[vcpu], block->pc, LEFT_AND_GOES_ON)) {
        resume_circle(threads[vcpu], block->pc);
    }
}

/* Tells where each atomic of a block begins, and that it has ended. */
static void follow_atomics(struct qemu_plugin_tb *tb, struct block *block)
{
    if (is_atomic(block, 0)) {
        qemu_plugin_register_vcpu_tb_exec_cb(tb, atomic_entered,
                                             QEMU_PLUGIN_CB_NO_REGS, block);
    }
    for (uint32_t i = 0; i < block->instructions; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

        if (i > 0 && is_atomic(block, i - 1)) {
            qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
                insn, QEMU_PLUGIN_INLINE_STORE_U64, atomic, 0);
        }
        if (is_atomic(block, i)) {
            qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
                insn, QEMU_PLUGIN_INLINE_STORE_U64, atomic, place(block, i));
            if (i == block->instructions - 1) {
                qemu_plugin_register_vcpu_mem_inline_per_vcpu(
                    insn, QEMU_PLUGIN_MEM_RW, QEMU_PLUGIN_INLINE_STORE_U64,
                    atomic, 0);
            }
        }
    }
}

static bool read_guest(uint64_t address, void *data, size_t bytes)
{
    g_autoptr(GByteArray) array = g_byte_array_new();

    if (!qemu_plugin_read_memory_vaddr(address, array, bytes) ||
        array->len < bytes) {
        return false;
    }
    memcpy(data, array->data, bytes);
    return true;
}

static bool is_fault(int number)
{
    return number == SIGILL || number == SIGTRAP || number == SIGBUS ||
           number == SIGFPE || number == SIGSEGV;
}

static bool is_synchronous(int number, int code)
{
    return is_fault(number) && code > 0 && code != 0x80; /* SI_KERNEL */
}

static bool is_handler(uint64_t pc)
{
    bool known;

    pthread_mutex_lock(&tables_lock);
    known = g_hash_table_contains(handlers, &pc);
    pthread_mutex_unlock(&tables_lock);
    return known;
}

/*
 * With what the kernel enters a signal's handler: the registers, and a frame on
 * the stack that says where the thread was taken away.
 */
struct delivery {
    uint64_t number; /* X0 */
    uint64_t info;   /* X1, the frame if it has a siginfo */
    uint64_t link;   /* X30, the code that calls rt_sigreturn */
    uint64_t sp;     /* the frame */
    uint64_t pc;     /* of the frame */
};

/* Reads where the thread was taken away, if the kernel entered the handler. */
static bool read_frame(struct delivery *d)
{
    uint32_t code[2];

    return read_guest(d->link, code, sizeof(code)) &&
           code[0] == A64_MOV_X8_SIGRETURN && code[1] == A64_SVC_0 &&
           read_guest(d->sp + A64_FRAME_PC, &d->pc, sizeof(d->pc));
}

/*
 * Where several signals come at once, the kernel lets each take the thread away
 * from the handler of the one before, which has not executed anything yet.
 * Goes on to that one; false if this is the first of them.
 */
static bool delivered_before(struct delivery *d, const struct block *last)
{
    struct delivery before;

    if (!is_handler(d->pc) || (last && index_of(last, d->pc) >= 0) ||
        !read_guest(d->sp + A64_FRAME_X(0), &before.number, 8) ||
        !read_guest(d->sp + A64_FRAME_X(1), &before.info, 8) ||
        !read_guest(d->sp + A64_FRAME_X(30), &before.link, 8) ||
        !read_guest(d->sp + A64_FRAME_SP, &before.sp, 8) ||
        !read_frame(&before)) {
        return false;
    }
    *d = before;
    return true;
}

static bool is_fault_of_code(const struct delivery *d)
{
    int32_t code = 1;

    if (d->info == d->sp) {
        read_guest(d->sp + A64_SIGINFO_CODE, &code, sizeof(code));
    }
    return is_synchronous(d->number, code);
}

/* The kernel has written the frame of a delivery, and of more before it. */
static void put_frames(struct thread *t, struct delivery d,
                       const struct block *last, int more)
{
    put_frame(t, d.sp);
    while (more-- > 0 && delivered_before(&d, last)) {
        put_frame(t, d.sp);
    }
}

/*
 * The first instruction of a signal handler is about to execute: if the
 * kernel came here, the frame says where the thread was taken away.
 */
static void handler_entered(unsigned vcpu, void *udata)
{
    struct thread *t = threads[vcpu];
    struct block *block = last_block(t);
    struct delivery d = {
        .number = read_register(x_registers[0]),
        .info = read_register(x_registers[1]),
        .link = read_register(x_registers[30]),
        .sp = read_register(sp_register),
    };
    struct delivery first;
    int more = 0;
    int index;

    if (in_child || !read_frame(&d)) {
        return;
    }
    first = d;
    while (more < MOST_AT_ONCE && delivered_before(&first, block)) {
        more++;
    }
    index = block ? index_of(block, first.pc) : -1;
    /* A system call that is to be restarted has executed: only faults left. */
    if (!left_at_atomic(t, first.pc, d.number) && index >= 0 &&
        is_fault_of_code(&first)) {
        put_left(t, block, index, d.number);
    }
    if (streaming) {
        put_note(t, CAIRN_NOTE_INTERRUPT, d.number, first.pc);
    }
    if (streams(CAIRN_VALUES)) {
        put_frames(t, d, block, more);
    }
    interrupt_branch(t, first.pc);
    interrupt_circle(t);
    if (streams(CAIRN_STACK_POINTER)) {
        put_stack(t);
    }
    control_put(CAIRN_CONTROL_SIGNAL,
                (uint64_t[]){ t->sequence, d.number, first.pc }, 3, NULL, 0);
}

/* ---- translation ------------------------------------------------------- */

static struct block *define_block(struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);
    uint64_t pc = qemu_plugin_tb_vaddr(tb);
    uint8_t bytes[CAIRN_MAX_INSTRUCTIONS * 17];
    uint8_t *code = bytes + n;
    size_t length = 0;
    struct block *first;
    struct block *block;

    if (n > CAIRN_MAX_INSTRUCTIONS) {
        fail("a translation block has more than 512 instructions");
    }
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        size_t size = qemu_plugin_insn_size(insn);

        if (size > 16) {
            fail("an instruction has more than 16 bytes");
        }
        bytes[i] = size;
        qemu_plugin_insn_data(insn, code + length, size);
        length += size;
    }
    first = g_hash_table_lookup(blocks_at, &pc);
    for (block = first; block; block = block->next_at_pc) {
        if (block->instructions == n && block->bytes == length &&
            !memcmp(block->sizes, bytes, n + length)) {
            return block;
        }
    }
    if (block_count == MAX_BLOCKS) {
        fail("the guest has more than 8388608 translation blocks");
    }
    block = g_new0(struct block, 1);
    block->id = block_count;
    block->pc = pc;
    block->instructions = n;
    block->bytes = length;
    block->sizes = g_memdup2(bytes, n + length);
    block->word = CAIRN_KIND_EXECUTION << CAIRN_KIND_SHIFT |
                  (uint64_t)n << CAIRN_END_SHIFT | block->id;
    block->beyond = find_beyond(block);
    if (settles()) {
        prepare_block(block);
    }
    block->next_at_pc = first;
    pthread_mutex_lock(&tables_lock);
    g_hash_table_replace(blocks_at, &block->pc, block);
    pthread_mutex_unlock(&tables_lock);
    if ((header->mode == CAIRN_MODE_COUNT || settles()) &&
        block->id % COUNTERS_IN_PAGE == 0) {
        counter_pages[block->id / COUNTERS_IN_PAGE] =
            qemu_plugin_scoreboard_new(COUNTERS_IN_PAGE * sizeof(uint64_t));
        share_pages[block->id / COUNTERS_IN_PAGE] =
            qemu_plugin_scoreboard_new(COUNTERS_IN_PAGE * sizeof(struct share));
        first_shares[block->id / COUNTERS_IN_PAGE] =
            qemu_plugin_scoreboard_find(
                share_pages[block->id / COUNTERS_IN_PAGE], 0);
    }
    __atomic_store_n(&block_count, block_count + 1, __ATOMIC_RELEASE);
    control_put(CAIRN_CONTROL_BLOCK,
                (uint64_t[]){ block->id, pc, n, length }, 4,
                block->sizes, n + length);
    return block;
}

/* Where program and interpreter lie, as the kernel tells the program itself. */
static void send_program(void)
{
    uint64_t at = read_register(sp_register);
    uint64_t entry = 0;
    uint64_t base = 0;
    uint64_t word[2];

    program_sent = true;
    if (header->restorer_bytes) {
        /* The reader knows where all is. */
        place_triggers(CAIRN_BASE_ABSOLUTE, 0);
        return;
    }
    if (!aarch64 || !read_guest(at, word, 8)) {
        return;
    }
    at += 8 * (word[0] + 2);
    while (read_guest(at, word, 8) && word[0]) {
        at += 8;
    }
    at += 8;
    while (read_guest(at, word, 16) && word[0] != AT_NULL) {
        if (word[0] == AT_ENTRY) {
            entry = word[1];
        } else if (word[0] == AT_BASE) {
            base = word[1];
        }
        at += 16;
    }
    control_put(CAIRN_CONTROL_PROGRAM, (uint64_t[]){ entry, base }, 2, NULL, 0);
    place_triggers(CAIRN_BASE_ABSOLUTE, 0);
    place_triggers(CAIRN_BASE_PROGRAM, entry);
    if (base) {
        place_triggers(CAIRN_BASE_INTERPRETER, base);
    }
}

static void instrument_streaming(struct qemu_plugin_tb *tb, struct block *block)
{
    const uint8_t *code = block->sizes + block->instructions;

    if (header->window_count) {
        qemu_plugin_register_vcpu_tb_exec_cb(
            tb, stream_block_in_window,
            header->contents & CAIRN_STACK_POINTER ? QEMU_PLUGIN_CB_R_REGS
                                                   : QEMU_PLUGIN_CB_NO_REGS,
            block);
    } else if (settles()) {
        instrument_unsettled(tb, block);
    } else {
        qemu_plugin_register_vcpu_tb_exec_cb(
            tb, streams_parts() ? stream_block_in_part : stream_block,
            QEMU_PLUGIN_CB_NO_REGS, block);
    }
    if (!(header->contents & CAIRN_ACCESSES)) {
        return;
    }
    for (uint32_t i = 0; i < block->instructions; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint32_t opcode = 0;

        memcpy(&opcode, code, MIN(4, block->sizes[i]));
        code += block->sizes[i];
        if (aarch64 && a64_only_computes(opcode)) {
            continue; /* QEMU would prepare for accesses of its helpers */
        }
        qemu_plugin_register_vcpu_mem_cb(
            insn, access_callback(opcode), QEMU_PLUGIN_CB_NO_REGS,
            QEMU_PLUGIN_MEM_RW,
            settles() ? (void *)(block->sites + i)
                      : (void *)((uintptr_t)i << CAIRN_INSTRUCTION_SHIFT));
        if (aarch64 && header->contents & CAIRN_VALUES &&
            a64_exclusive(opcode) == A64_COMPARE_AND_SWAP) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, note_expected, QEMU_PLUGIN_CB_R_REGS,
                (void *)(uintptr_t)opcode);
        }
        if (aarch64 && header->contents & CAIRN_VALUES &&
            a64_exclusive(opcode) == A64_OPERATION) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, note_operand, QEMU_PLUGIN_CB_R_REGS,
                (void *)(uintptr_t)opcode);
        }
        if (aarch64 && (opcode & ~31u) == A64_DC_ZVA && (opcode & 31) != 31) {
            qemu_plugin_register_vcpu_insn_exec_cb(
                insn, stream_zero_line, QEMU_PLUGIN_CB_R_REGS,
                (void *)((uintptr_t)i << 5 | (opcode & 31)));
        }
        if (aarch64 && header->contents & CAIRN_HINTS) {
            follow_hint(insn, i, block->pc + 4ULL * i, opcode);
        }
    }
}

static void count_entries(struct qemu_plugin_tb *tb, struct block *block)
{
    qemu_plugin_u64 count = counter_of(block);

    qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
        tb, QEMU_PLUGIN_INLINE_ADD_U64, count, 1);
    qemu_plugin_register_vcpu_tb_exec_cond_cb(
        tb, counter_fires, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_LE, count,
        FIRES_UPTO, block);
}

/* What is registered first executes first: how the block before was left. */
static void translated(EVENT(struct qemu_plugin_tb *tb))
{
    struct block *block;

    if (in_child || (restoring && qemu_plugin_tb_vaddr(tb) - header->restorer <
                                      header->restorer_bytes)) {
        return;
    }
    if (!program_sent) {
        send_program();
    }
    block = define_block(tb);
    if (is_handler(block->pc)) {
        qemu_plugin_register_vcpu_tb_exec_cb(tb, handler_entered,
                                             QEMU_PLUGIN_CB_R_REGS, block);
    }
    if (has_threads) {
        follow_atomics(tb, block);
    }
    if (stops()) {
        instrument_stops(tb, block);
    } else if (header->window_count) {
        qemu_plugin_register_vcpu_tb_exec_cond_cb(
            tb, window_turns, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_COND_LE,
            budget, FIRES_UPTO, block);
    }
    if (streams(CAIRN_STACK_POINTER) && aarch64) {
        follow_stack(tb, block);
    }
    if ((watch_triggers(tb, block) && !stops()) || streaming) {
        instrument_streaming(tb, block);
    }
    if (!streaming && (follows_blocks() || stops())) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_STORE_U64, current, (uintptr_t)block);
    }
    if (follows_branches()) {
        watch_branch(tb, block);
    }
    if (follows_circles()) {
        follow_circle(tb, block);
    }
    if (header->mode == CAIRN_MODE_COUNT) {
        count_entries(tb, block);
    } else if (header->window_count) {
        qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(
            tb, QEMU_PLUGIN_INLINE_ADD_U64, budget, block->instructions);
    }
}

/* ---- threads ----------------------------------------------------------- */

static struct cairn_ring *slot(uint32_t i)
{
    return (void *)((char *)header + header->slots_offset +
                    i * header->slot_bytes);
}

static void take_slot(struct thread *t)
{
    for (uint32_t i = 0; i < header->slots; i++) {
        struct cairn_ring *ring = slot(i);

        if (__atomic_load_n(&ring->state, __ATOMIC_ACQUIRE) ==
            CAIRN_SLOT_FREE) {
            ring->thread = t->sequence;
            ring->tid = t->tid;
            ring->head = 0;
            ring->tail = 0;
            t->ring = ring;
            t->chunk = ring->words;
            t->next = t->chunk;
            t->end = t->chunk + header->chunk_words;
            claim_chunk(t);
            __atomic_store_n(&ring->state, CAIRN_SLOT_LIVE, __ATOMIC_RELEASE);
            return;
        }
    }
    fail("the guest has more threads at a time than there are rings");
}

static void find_registers(void)
{
    g_autoptr(GArray) list = qemu_plugin_get_registers();

    for (guint i = 0; i < list->len; i++) {
        qemu_plugin_reg_descriptor *d =
            &g_array_index(list, qemu_plugin_reg_descriptor, i);
        char *end;
        unsigned long n;

        if (!strcmp(d->name, "sp")) {
            sp_register = d->handle;
        } else if (!strcmp(d->name, "pc")) {
            pc_register = d->handle;
        } else if (!strcmp(d->name, "cpsr")) {
            pstate_register = d->handle;
        } else if (!strcmp(d->name, "fpsr")) {
            fpsr_register = d->handle;
        } else if (!strcmp(d->name, "fpcr")) {
            fpcr_register = d->handle;
        } else if (!strcmp(d->name, "TPIDR_EL0")) {
            tpidr_register = d->handle;
        } else if (!strcmp(d->name, "vg") || !strcmp(d->name, "z0")) {
            has_scalable = true;
        } else if (d->name[0] == 'v' && g_ascii_isdigit(d->name[1])) {
            n = strtoul(d->name + 1, &end, 10);
            if (!*end && n < G_N_ELEMENTS(v_registers)) {
                v_registers[n] = d->handle;
            }
        } else if (d->name[0] == 'x' && g_ascii_isdigit(d->name[1])) {
            n = strtoul(d->name + 1, &end, 10);
            if (!*end && n < G_N_ELEMENTS(x_registers)) {
                x_registers[n] = d->handle;
            }
        }
    }
}

/*
 * Threads are numbered as they were created.  Two may start in any order, but
 * their creator has come back from one clone() before it calls the next: who
 * is first of the new thread at its start and the creator at its return takes
 * the number, and leaves it to the other.  To be called with the lock held.
 */
static uint32_t number_of(uint32_t tid)
{
    gpointer key = GUINT_TO_POINTER(tid);
    gpointer value = aarch64 ? g_hash_table_lookup(numbers, key) : NULL;

    if (value) {
        g_hash_table_remove(numbers, key);
        return GPOINTER_TO_UINT(value) - 1;
    }
    thread_count++;
    if (aarch64 && thread_count > 1) {
        g_hash_table_insert(numbers, key, GUINT_TO_POINTER(thread_count));
    }
    return thread_count - 1;
}

/* A thread of a forked child, whose words nobody reads. */
static void thread_of_child_starts(unsigned vcpu)
{
    struct thread *t = g_new0(struct thread, 1);

    t->vcpu = vcpu;
    t->next = t->scrap;
    t->end = t->scrap + SCRAP_WORDS;
    threads[vcpu] = t;
}

/* Leaves a thread's counters as the next one with its number needs them. */
static void reset_counters(struct thread *t)
{
    collect(t);
    for (guint i = 0; i < t->listed->len; i++) {
        share(listed(t, i), t->vcpu)->listed = false;
    }
    g_array_set_size(t->listed, 0);
}

static void thread_starts(EVENT(unsigned vcpu))
{
    struct thread *t;

    if (vcpu >= MAX_VCPUS) {
        fail("the guest has more than 65536 threads");
    }
    if (in_child) {
        thread_of_child_starts(vcpu);
        return;
    }
    if (pc_register == NO_REGISTER) {
        find_registers();
    }
    pthread_mutex_lock(&lock);
    t = threads[vcpu];
    if (!t) {
        t = g_new0(struct thread, 1);
    }
    t->vcpu = vcpu;
    t->tid = syscall(SYS_gettid);
    t->sequence = number_of(t->tid);
    vcpu_limit = MAX(vcpu_limit, vcpu + 1);
    first_state = qemu_plugin_scoreboard_find(inline_states, 0);
    t->current = NULL;
    t->next = t->scrap;
    t->end = t->scrap + SCRAP_WORDS;
    t->ring = NULL;
    t->chunk_head = 0;
    t->unshared = interval_length(0);
    t->ends = 0;
    t->end_block = NULL;
    if (!t->listed) {
        t->listed = g_array_new(FALSE, FALSE, sizeof(struct block *));
    }
    if (!stops() &&
        (!header->window_count || t->sequence == header->window_thread)) {
        take_slot(t);
    }
    threads[vcpu] = t;
    pthread_mutex_unlock(&lock);
    control_put(CAIRN_CONTROL_THREAD, (uint64_t[]){ t->sequence }, 1, NULL, 0);

    if (t->ring && streams(CAIRN_STACK_POINTER) && !restoring) {
        put_stack(t);
    }
    if (settles()) {
        qemu_plugin_u64_set(entered, vcpu, 0);
        qemu_plugin_u64_set(accessing, vcpu, 0);
    }
    if (settling) {
        settling_state = qemu_plugin_scoreboard_find(inline_states, vcpu);
    }
    qemu_plugin_u64_set(current, vcpu, 0);
    qemu_plugin_u64_set(atomic, vcpu, 0);
    qemu_plugin_u64_set(beyond, vcpu, 0);
    if (!t->circled) {
        t->circled = g_array_new(FALSE, FALSE, sizeof(struct block *));
    }
    t->in_part = false;
    t->partial = false;
    t->resumed = 0;
    t->resumed_end = 0;
    t->row = NULL;
    qemu_plugin_u64_set(rounds[0], vcpu, 0);
    qemu_plugin_u64_set(rounds[1], vcpu, 0);
    qemu_plugin_u64_set(came, vcpu, 0);
    qemu_plugin_u64_set(stop_index, vcpu, 0);
    if (streams_parts()) {
        set_position(t, executed_before(t->sequence));
    }
    t->stop = SILENT_FOR_GOOD;
    qemu_plugin_u64_set(budget, vcpu,
                        SILENT_FOR_GOOD + executed_before(t->sequence));
    if (header->window_count && t->ring) {
        if (streaming) {
            t->open_due = true;
            stop_at(t, windows[window].until);
        } else {
            stop_at(t, next_opening());
        }
    }
}

static void finish_thread(struct thread *t)
{
    if (!t->ring) {
        return;
    }
    if (header->mode == CAIRN_MODE_COUNT) {
        if (qemu_plugin_u64_get(beyond, t->vcpu)) {
            pass(t); /* or was it taken?  It led nowhere. */
        }
        interrupt_circle(t);
        put_vector(t);
        reset_counters(t);
    }
    put_settled(t);
    put_record(t, CAIRN_RECORD_END, 0);
    publish(t);
    __atomic_store_n(&t->ring->state, CAIRN_SLOT_ENDED, __ATOMIC_RELEASE);
    t->ring = NULL;
    next_chunk(t);
}

static void thread_ends(EVENT(unsigned vcpu))
{
    if (!in_child && threads[vcpu]) {
        finish_thread(threads[vcpu]);
        threads[vcpu]->tid = 0;
    }
}

/* ---- system calls ------------------------------------------------------ */

static char *read_string(uint64_t address)
{
    GString *s = g_string_new(NULL);
    char c;

    while (s->len < 4096 && read_guest(address + s->len, &c, 1) && c) {
        g_string_append_c(s, c);
    }
    return g_string_free(s, FALSE);
}

static void learn_handler(int number, uint64_t action)
{
    uint64_t address;
    bool translated_otherwise;
    bool known;
    bool first = !catches_faults && is_fault(number);

    if (!action || !read_guest(action, &address, sizeof(address)) ||
        address <= 1) {
        return;
    }
    pthread_mutex_lock(&tables_lock);
    known = g_hash_table_contains(handlers, &address);
    translated_otherwise = !known &&
                           g_hash_table_contains(blocks_at, &address);
    if (!known) {
        g_hash_table_add(handlers, g_memdup2(&address, sizeof(address)));
    }
    catches_faults |= first;
    pthread_mutex_unlock(&tables_lock);
    if (first || translated_otherwise) {
        /* Translated for another purpose: translate all again. */
        RESET(reinstrument);
    }
}

/* Reads guest memory up to a limit and, if it is a string, to its end. */
static GByteArray *fetch_bytes(uint64_t address, uint64_t limit, bool string)
{
    GByteArray *bytes = g_byte_array_new();

    while (bytes->len < limit) {
        uint8_t piece[64];
        uint64_t at = address + bytes->len;
        size_t n = MIN(limit - bytes->len, 64 - at % 64);
        uint8_t *end;

        if (!read_guest(at, piece, n)) {
            if (bytes->len == 0) {
                g_byte_array_unref(bytes);
                return NULL;
            }
            break;
        }
        end = string ? memchr(piece, 0, n) : NULL;
        g_byte_array_append(bytes, piece, end ? (size_t)(end - piece) : n);
        if (end) {
            break;
        }
    }
    return bytes;
}

static void append_word(GByteArray *memory, uint64_t word)
{
    g_byte_array_append(memory, (uint8_t *)&word, sizeof(word));
}

/* Appends a piece of memory as a record holds it; takes its bytes over. */
static void append_piece(GByteArray *memory, unsigned argument,
                         GByteArray *bytes)
{
    static const uint8_t zeros[8];

    append_word(memory, argument);
    append_word(memory, bytes ? bytes->len : CAIRN_UNREADABLE);
    if (bytes) {
        g_byte_array_append(memory, bytes->data, bytes->len);
        g_byte_array_append(memory, zeros, -bytes->len & 7);
        g_byte_array_unref(bytes);
    }
}

static void fetch_strings(GByteArray *memory, const struct cairn_fetch *f,
                          uint64_t address)
{
    uint64_t pointer;

    for (int i = 0; i < CAIRN_FETCH_STRINGS_AT_MOST; i++) {
        if (!read_guest(address + 8 * i, &pointer, 8) || !pointer) {
            break;
        }
        append_piece(memory, f->argument, fetch_bytes(pointer, f->limit, true));
    }
}

static void fetch_vector(GByteArray *memory, const struct cairn_fetch *f,
                         uint64_t address, uint64_t count)
{
    uint64_t left = f->limit;
    uint64_t part[2];

    for (uint64_t i = 0; i < count && left; i++) {
        if (!read_guest(address + 16 * i, part, 16)) {
            break;
        }
        part[1] = MIN(part[1], left);
        append_piece(memory, f->argument,
                     fetch_bytes(part[0], part[1], false));
        left -= part[1];
    }
}

/* What the plan asks for of a call, or of its return. */
static GByteArray *fetch(int64_t number, bool at_return, const uint64_t *args,
                         int64_t result)
{
    GByteArray *memory = g_byte_array_new();

    for (uint32_t i = 0; i < header->fetch_count; i++) {
        const struct cairn_fetch *f = &fetches[i];
        uint64_t address = args[f->argument & 7];
        uint64_t other = args[f->other & 7];

        if (f->number != number || f->at_return != at_return || !address) {
            continue;
        }
        switch ((enum cairn_fetch_kind)f->kind) {
        case CAIRN_FETCH_STRING:
            append_piece(memory, f->argument,
                         fetch_bytes(address, f->limit, true));
            break;
        case CAIRN_FETCH_BYTES:
            append_piece(memory, f->argument,
                         fetch_bytes(address, f->limit, false));
            break;
        case CAIRN_FETCH_BY_ARGUMENT:
            append_piece(memory, f->argument,
                         fetch_bytes(address, MIN(f->limit, other), false));
            break;
        case CAIRN_FETCH_BY_RESULT:
            if (result > 0) {
                append_piece(memory, f->argument,
                             fetch_bytes(address,
                                         MIN(f->limit, (uint64_t)result),
                                         false));
            }
            break;
        case CAIRN_FETCH_STRINGS:
            fetch_strings(memory, f, address);
            break;
        case CAIRN_FETCH_VECTOR:
            fetch_vector(memory, f, address, other);
            break;
        }
    }
    return memory;
}

static void send_call(struct thread *t, int64_t number, const uint64_t *args,
                      bool noted)
{
    uint64_t fields[11];
    g_autoptr(GByteArray) memory = fetch(number, false, args, 0);

    t->call = __atomic_fetch_add(&call_count, 1, __ATOMIC_RELAXED);
    t->call_pending = number != A64_NR_RT_SIGRETURN;
    t->call_noted = noted;
    memcpy(t->call_args, args, sizeof(t->call_args));
    fields[0] = t->sequence;
    fields[1] = t->call;
    fields[2] = number;
    memcpy(fields + 3, args, sizeof(t->call_args));
    control_put(CAIRN_CONTROL_CALL, fields, 11, memory->data, memory->len);
    if (noted) {
        put_note(t, CAIRN_NOTE_CALL, 0, t->call);
    }
}

static void send_return(struct thread *t, int64_t number, int64_t result)
{
    g_autoptr(GByteArray) memory = fetch(number, true, t->call_args, result);

    t->call_pending = false;
    control_put(CAIRN_CONTROL_RETURN,
                (uint64_t[]){ t->sequence, t->call, result }, 3,
                memory->data, memory->len);
    if (t->call_noted) {
        put_note(t, CAIRN_NOTE_RETURN, 0, t->call);
    }
}

/* What is brought back by a signal's frame, which a thread is about to leave. */
static void send_sigreturn(struct thread *t)
{
    uint64_t sp = read_register(sp_register);
    uint64_t fields[5] = { t->sequence };

    if (read_guest(sp + A64_FRAME_MASK, &fields[1], 8) &&
        read_guest(sp + A64_FRAME_STACK, &fields[2], 24)) {
        control_put(CAIRN_CONTROL_SIGRETURN, fields, 5, NULL, 0);
    }
}

/*
 * A system call of the code that rebuilds a process.  Only handlers matter; the
 * last one is rt_sigreturn, which begins the program.
 */
static void restorer_calls(int64_t number, uint64_t a1, uint64_t a2)
{
    if (number == A64_NR_RT_SIGACTION) {
        learn_handler(a1, a2);
    }
}

static void restorer_call_returned(struct thread *t, int64_t number)
{
    if (number == A64_NR_RT_SIGRETURN) {
        restoring = false;
        if (t->ring && streams(CAIRN_STACK_POINTER)) {
            put_stack(t);
        }
    }
}

/* Whether a system call puts memory somewhere. */
static bool maps_memory(int64_t number)
{
    return number == A64_NR_BRK || number == A64_NR_MMAP ||
           number == A64_NR_MREMAP;
}

static void syscall_enters(EVENT(unsigned vcpu, int64_t number, uint64_t a1,
                                 uint64_t a2, uint64_t a3, uint64_t a4,
                                 uint64_t a5, uint64_t a6, uint64_t a7,
                                 uint64_t a8))
{
    struct thread *t = threads[vcpu];
    bool noted;

    if (in_child && has_threads && number == A64_NR_EXIT_GROUP) {
        /* On its own way out QEMU would take the locks of those threads. */
        syscall(SYS_exit_group, (int)a1);
    }
    if (in_child || !aarch64 || !t) {
        return;
    }
    if (restoring) {
        restorer_calls(number, a1, a2);
        return;
    }
    noted = stops() ? number < A64_NR_GETDENTS64 || number > A64_NR_PWRITE64
                    : streams(CAIRN_SYSTEM_CALLS) && in_window() && t->ring;
    t->call_pending = false;
    if (noted || (header->contents & CAIRN_MAPPINGS && maps_memory(number))) {
        send_call(t, number, (uint64_t[]){ a1, a2, a3, a4, a5, a6, a7, a8 },
                  noted);
    }
    if (hides_registers) {
        leave_by_call(t);
    }
    switch (number) {
    case A64_NR_RT_SIGACTION:
        learn_handler(a1, a2);
        break;
    case A64_NR_RT_SIGRETURN:
        if (stops()) {
            send_sigreturn(t);
        }
        resume_by_sigreturn(t);
        break;
    case A64_NR_KILL:
    case A64_NR_TKILL:
    case A64_NR_TGKILL:
        /* The signal may take QEMU along, without another word. */
        if (header->mode == CAIRN_MODE_COUNT && t->ring) {
            put_vector(t);
        }
        put_settled(t);
        publish(t);
        break;
    case A64_NR_MPROTECT:
        if (a3 & PROT_EXEC) {
            code_comes(true);
        }
        break;
    case A64_NR_MMAP:
        if (a3 & PROT_EXEC) {
            code_comes(a4 & MAP_ANONYMOUS);
        }
        t->map_pending = (int32_t)a5 >= 0;
        t->map_args[1] = a2;
        t->map_args[2] = a3;
        t->map_args[4] = a5;
        t->map_args[5] = a6;
        break;
    case A64_NR_CLONE:
        t->clone_pending = (a1 & (A64_CLONE_VM | A64_CLONE_VFORK)) ==
                           A64_CLONE_VM;
        has_threads |= t->clone_pending;
        if (has_threads && settling) {
            stop_settling(t);
        }
        break;
    case A64_NR_MUNMAP:
        control_put(CAIRN_CONTROL_UNMAP, (uint64_t[]){ a1, a2 }, 2, NULL, 0);
        forget_told(a1, a2);
        break;
    case A64_NR_EXECVE:
    case A64_NR_EXECVEAT: {
        g_autofree char *path =
            read_string(number == A64_NR_EXECVE ? a1 : a2);

        control_path(CAIRN_CONTROL_EXECVE,
                     (uint64_t[3]){ t->sequence, 1 }, 2, path);
        put_settled(t);
        publish(t);
        break;
    }
    case A64_NR_EXIT:
    case A64_NR_EXIT_GROUP:
        control_put(CAIRN_CONTROL_EXIT,
                    (uint64_t[]){ t->sequence, a1 & 0xff }, 2, NULL, 0);
        break;
    default:
        break;
    }
}

static void syscall_returns(EVENT(unsigned vcpu, int64_t number,
                                  int64_t result))
{
    struct thread *t = threads[vcpu];
    char link[64];
    char path[4096];
    ssize_t length;

    if (!aarch64 || !t) {
        return;
    }
    if (in_child) {
        drop_instrumentation();
        return;
    }
    if (restoring) {
        restorer_call_returned(t, number);
        return;
    }
    if (t->call_pending) {
        if (t->call_noted && streams(CAIRN_VALUES)) {
            put_changes(t, number, result);
        }
        send_return(t, number, result);
    }
    if (number == A64_NR_RT_SIGRETURN && streams(CAIRN_STACK_POINTER)) {
        put_stack(t);
    }
    if (number == A64_NR_MMAP && t->map_pending) {
        t->map_pending = false;
        snprintf(link, sizeof(link), "/proc/self/fd/%d",
                 (int)t->map_args[4]);
        length = readlink(link, path, sizeof(path) - 1);
        if (result < 0 && result > -4096) {
            return;
        }
        if (length > 0) {
            path[length] = 0;
            control_path(CAIRN_CONTROL_MAP,
                         (uint64_t[4]){ result, t->map_args[1],
                                        t->map_args[5] }, 3, path);
            place_triggers_of_file(path, result, t->map_args[1],
                                   t->map_args[5]);
            forget_told(result, t->map_args[1]);
            if (told && t->map_args[2] & PROT_EXEC) {
                ask_for_triggers(path, result, t->map_args[1],
                                 t->map_args[5]);
            }
        }
    } else if (number == A64_NR_CLONE && t->clone_pending) {
        t->clone_pending = false;
        if (result > 0) {
            pthread_mutex_lock(&lock);
            number_of(result);
            pthread_mutex_unlock(&lock);
        }
    } else if (number == A64_NR_EXECVE || number == A64_NR_EXECVEAT) {
        control_path(CAIRN_CONTROL_EXECVE,
                     (uint64_t[3]){ t->sequence, 0 }, 2, "");
    }
}

/* ---- beginning and end ------------------------------------------------- */

/* Whether the instruction before pc is a system call. */
static bool comes_from_call(uint64_t pc)
{
    uint32_t before;

    return read_guest(pc - 4, &before, sizeof(before)) && before == A64_SVC_0;
}

/*
 * The block that a thread was in which is at pc.  If blocks do not say when
 * they are entered, it is one of those that hold pc and have been entered.
 * They overlap and end alike, so that all say the same of what was executed.
 */
static struct block *block_at_end(struct thread *t, uint64_t pc)
{
    if (streaming || follows_blocks() || header->mode != CAIRN_MODE_COUNT) {
        return last_block(t);
    }
    if (comes_from_call(pc)) {
        return NULL;
    }
    for (guint i = 0; i < t->listed->len; i++) {
        struct block *block = listed(t, i);

        if (index_of(block, pc) >= 0 &&
            entries(*counter(block, t->vcpu), share(block, t->vcpu))) {
            return block;
        }
    }
    /* Several ends inside a block take it off the list. */
    if (t->end_block && index_of(t->end_block, pc) >= 0) {
        return t->end_block;
    }
    return NULL;
}

/* Sends where the thread stands that ends the process, by its registers. */
static void put_end_at_pc(struct thread *t)
{
    uint64_t pc = read_register(pc_register);
    struct block *block;
    int index;

    control_put(CAIRN_CONTROL_LAST_PC,
                (uint64_t[]){ t->sequence, pc, CAIRN_STANDS_AT_PC }, 3, NULL,
                0);
    if ((t->ring || stops()) && !left_at_atomic(t, pc, 0)) {
        block = block_at_end(t, pc);
        index = block ? index_of(block, pc) : -1;
        if (index >= 0) {
            put_left(t, block, index, 0);
        }
    }
}

/*
 * How many instructions of the block entered last the thread that ends the
 * process has executed; -1 if what it has streamed does not tell.
 */
static int executed_at_end(const struct thread *t, const struct block *block)
{
    const uint8_t *code = block->sizes + block->instructions;
    bool accessed = false; /* the instruction at i has */
    const struct settled_site *site;
    uint64_t words;
    uint64_t last;
    uint32_t i = 0;
    uint32_t opcode;

    if (!aarch64 || !t->ring) {
        return -1;
    }
    words = t->chunk_head + (t->next - t->chunk);
    last = t->ring->words[(words - 1) & (header->ring_words - 1)];
    if (settling) {
        site = (struct settled_site *)(uintptr_t)settling_state->site;
        i = site ? site->index : 0;
        accessed = site != NULL;
    } else if (streaming && last >> CAIRN_KIND_SHIFT == CAIRN_KIND_ACCESS) {
        i = last >> CAIRN_INSTRUCTION_SHIFT & (CAIRN_MAX_INSTRUCTIONS - 1);
        accessed = true;
    }
    for (; i < block->instructions; i++, accessed = false) {
        memcpy(&opcode, code + 4 * i, 4);
        switch (a64_fault(opcode)) {
        case A64_FAULTS_NEVER:
            break;
        case A64_FAULTS_ALWAYS:
            return i;
        case A64_FAULTS_AT_ITS_ACCESS:
            if (!accessed) {
                return streaming ? (int)i : -1;
            }
            break;
        case A64_FAULTS_UNSEEN:
            return -1;
        }
    }
    return i;
}

/*
 * Sends where the thread stands that ends the process, without its registers:
 * behind a system call, or where a fault left the block entered last.
 */
static void put_end_in_block(struct thread *t)
{
    struct block *block = last_block(t);
    enum cairn_stands stands = CAIRN_STANDS_AT_PC;
    uint64_t pc = t->call_end;
    int done;

    if (block) {
        done = executed_at_end(t, block);
        pc = block->pc;
        if (done < 0) {
            stands = CAIRN_STANDS_IN_BLOCK;
        } else if (done == (int)block->instructions) {
            stands = CAIRN_STANDS_BEHIND_BLOCK;
        } else {
            pc += 4 * done;
            put_left(t, block, done, 0);
        }
    }
    control_put(CAIRN_CONTROL_LAST_PC,
                (uint64_t[]){ t->sequence, pc, stands }, 3, NULL, 0);
}

static void guest_ends(EVENT_OF_EXIT)
{
    if (in_child || ended) {
        return;
    }
    ended = true;
    for (unsigned i = 0; i < vcpu_limit; i++) {
        if (threads[i] && threads[i]->tid == (uint32_t)syscall(SYS_gettid)) {
            if (hides_registers) {
                put_end_in_block(threads[i]);
            } else {
                put_end_at_pc(threads[i]);
            }
        }
    }
    for (unsigned i = 0; i < vcpu_limit; i++) {
        if (threads[i] && stops()) {
            control_put(CAIRN_CONTROL_TOTAL,
                        (uint64_t[]){ threads[i]->sequence,
                                      executed(threads[i]) }, 2, NULL, 0);
        }
        if (threads[i]) {
            finish_thread(threads[i]);
        }
    }
    __atomic_store_n(&header->state, CAIRN_STATE_ENDED, __ATOMIC_RELEASE);
}

/*
 * A forked child runs on without instrumentation.  Where its parent has
 * threads, one of them may have held a lock that QEMU takes to drop it; then
 * what had been translated goes on to count and to write, for nobody.
 */
static void drop_instrumentation(void)
{
    if (!has_threads) {
        RESET(NULL);
    }
}

/* A forked child runs on without writing anything that the reader sees. */
static void forked(void)
{
    in_child = true;
    settling = false;
    mmap(header, header_bytes, PROT_READ | PROT_WRITE,
         MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    prctl(PR_SET_PDEATHSIG, 0);
}

static void instrument(void)
{
    REGISTER(vcpu_init, thread_starts);
    REGISTER(vcpu_exit, thread_ends);
    REGISTER(vcpu_tb_trans, translated);
    REGISTER(vcpu_syscall, syscall_enters);
    REGISTER(vcpu_syscall_ret, syscall_returns);
    qemu_plugin_register_atexit_cb(plugin_id, guest_ends, NULL);
}

static int attach(const char *path)
{
    struct stat status;
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &status) < 0) {
        fprintf(stderr, "cairn probe: %s: %s\n", path, strerror(errno));
        return -1;
    }
    header_bytes = status.st_size;
    if (header_bytes < CAIRN_HEADER_BYTES) {
        fprintf(stderr, "cairn probe: %s: too short for a ring\n", path);
        return -1;
    }
    header = mmap(NULL, header_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                  0);
    close(fd);
    if (header == MAP_FAILED) {
        fprintf(stderr, "cairn probe: %s: %s\n", path, strerror(errno));
        header = NULL;
        return -1;
    }
    if (header->magic != CAIRN_MAGIC || header->version != CAIRN_VERSION) {
        fprintf(stderr, "cairn probe: %s: not a ring of version %d\n", path,
                CAIRN_VERSION);
        return -1;
    }
    control = (void *)((char *)header + header->control_offset);
    windows = (void *)((char *)header + header->windows_offset);
    fetches = (void *)((char *)header + header->fetches_offset);
    writes = (void *)((char *)header + header->writes_offset);
    triggers = (void *)((char *)header + header->triggers_offset);
    firsts = (void *)((char *)header + header->firsts_offset);
    trigger_at = g_hash_table_new(g_int64_hash, g_int64_equal);
    trigger_seen = g_new0(uint64_t, header->trigger_count + 1);
    placed = g_array_new(FALSE, FALSE, sizeof(struct cairn_told));
    told = header->told_offset
               ? (void *)((char *)header + header->told_offset) : NULL;
    return 0;
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info, int argc,
                                           char **argv)
{
    const char *ring = NULL;

    for (int i = 0; i < argc; i++) {
        if (g_str_has_prefix(argv[i], "ring=")) {
            ring = argv[i] + strlen("ring=");
        } else if (!strcmp(argv[i], "check=on")) {
            return 0;
        } else {
            fprintf(stderr, "cairn probe: unknown option: %s\n", argv[i]);
            return -1;
        }
    }
    if (!ring) {
        fprintf(stderr, "cairn probe: ring=FILE is missing\n");
        return -1;
    }
    if (attach(ring) < 0) {
        return -1;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != (pid_t)header->reader_pid) {
        return -1;
    }
    plugin_id = id;
    aarch64 = !strcmp(info->target_name, "aarch64");
    hides_registers = info->version.cur >= API_HIDING_REGISTERS_AT_EXIT;
    memset(access_kind, 0xff, sizeof(access_kind));
    blocks_at = g_hash_table_new(g_int64_hash, g_int64_equal);
    handlers = g_hash_table_new(g_int64_hash, g_int64_equal);
    behind_stack = g_hash_table_new(g_int64_hash, g_int64_equal);
    branch_places = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                          NULL);
    searched_pages = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                           NULL);
    numbers = g_hash_table_new(NULL, NULL);
    inline_states = qemu_plugin_scoreboard_new(sizeof(struct inline_state));
    budget = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, budget);
    current = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, current);
    atomic = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, atomic);
    beyond = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, beyond);
    looping = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, looping);
    for (unsigned i = 0; i < G_N_ELEMENTS(rounds); i++) {
        rounds[i] = qemu_plugin_scoreboard_u64_in_struct(
            inline_states, struct inline_state, rounds[i]);
    }
    circling = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, circling);
    came = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, came);
    stop_index = qemu_plugin_scoreboard_u64_in_struct(
        inline_states, struct inline_state, stop);
    streaming = header->mode == CAIRN_MODE_STREAM &&
                (!header->window_count ||
                 windows[0].from <=
                     executed_before(header->window_thread) + LEAD);
    restoring = header->restorer_bytes != 0;
    watching = stops();
    if (settles()) {
        prepare_settling();
    }
    pthread_atfork(NULL, NULL, forked);
    instrument();
    header->probe_pid = getpid();
    __atomic_store_n(&header->state, CAIRN_STATE_ATTACHED, __ATOMIC_RELEASE);
    return 0;
}
