/*
 * Cairn's ring file: what the probe writes and the capture reads.
 *
 * One shared-memory file holds a header page, the windows to observe, the
 * control ring and one ring for each guest thread that lives at a time.  All
 * words are 64 bits, little-endian.  docs/formats/ring.md has the prose.
 *
 * Copyright (c) The Cairn authors
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CAIRN_RECORD_H
#define CAIRN_RECORD_H

#include <stdint.h>

#define CAIRN_MAGIC 0x31474e524e524943ULL /* "CIRNRNG1" */
#define CAIRN_VERSION 9

/* What the probe is asked for. */
enum cairn_mode {
    CAIRN_MODE_COUNT = 1,  /* block counts at each interval's end */
    CAIRN_MODE_STREAM = 2, /* every execution and access, or those in windows */
    CAIRN_MODE_STOP = 3,   /* nothing; thread 0 stops where windows begin and
                              at triggers, and waits for the reader */
};

/* What is streamed or counted besides: bits of cairn_header.contents. */
enum cairn_content {
    CAIRN_ACCESSES = 1,      /* memory accesses */
    CAIRN_SYSTEM_CALLS = 2,  /* system calls, with the memory of the plan */
    CAIRN_STACK_POINTER = 4, /* where the code does not tell it */
    CAIRN_PASSED = 8,        /* counting: see CAIRN_RECORD_PASSED */
    CAIRN_VALUES = 16,       /* of accesses, and what memory holds besides */
    CAIRN_HINTS = 32,        /* with accesses: lines that are prefetched, cleaned
                                or invalidated, as loads of 64 bytes */
    CAIRN_UNSETTLED = 64,    /* with accesses and nothing else: what settles is
                                counted and not sent, see cairn_settling */
    CAIRN_CIRCLES = 256,     /* counting: see CAIRN_RECORD_CIRCLES */
    CAIRN_MAPPINGS = 128,    /* brk, mmap and mremap of every thread, outside of
                                windows too, where no note tells of them */
};

/*
 * What settles: an execution whose lines were each the last one fetched of
 * their groups, and an access within the line that was accessed last of its
 * group; a store only if that line has been stored to.  As soon as there is a
 * second thread nothing does.
 */
struct cairn_settling {
    uint32_t line_shift;  /* from an address to its line */
    uint32_t group_shift; /* from a line to its group */
    uint32_t group_mask;
    uint32_t flags;       /* enum cairn_settling_flag; of data */
};

enum cairn_settling_flag {
    CAIRN_STORES_SETTLE = 1,   /* behind a store to it, so do stores */
    CAIRN_STORES_ALLOCATE = 2, /* a store makes its line the last accessed */
    CAIRN_LOADS_SETTLE = 4,    /* behind a load of it, so do stores */
};

/* How far the probe has come. */
enum cairn_state {
    CAIRN_STATE_NEW = 0,      /* the reader has made the file */
    CAIRN_STATE_ATTACHED = 1, /* the probe has mapped it */
    CAIRN_STATE_ENDED = 2,    /* the guest has ended and all is published */
    CAIRN_STATE_FAILED = 3,   /* see cairn_header.message */
};

/* How a thread's ring stands. */
enum cairn_slot_state {
    CAIRN_SLOT_FREE = 0,
    CAIRN_SLOT_LIVE = 1,
    CAIRN_SLOT_ENDED = 2, /* the reader frees it once it is drained */
};

/* One window of one thread, in instructions of that thread. */
struct cairn_window {
    uint64_t from;
    uint64_t until;
};

/* Where a trigger's address comes from. */
enum cairn_base {
    CAIRN_BASE_ABSOLUTE = 0,
    CAIRN_BASE_PROGRAM = 1,     /* the program's entry point */
    CAIRN_BASE_INTERPRETER = 2, /* where the interpreter is loaded */
    CAIRN_BASE_FILE = 3,        /* wherever that byte of a file is mapped */
    CAIRN_BASE_TOLD = 4,        /* the reader says, see cairn_told */
};

/* What happens when the window's thread comes to a trigger. */
enum cairn_action {
    CAIRN_ACTION_OPEN = 0,  /* the window opens, the count-th time */
    CAIRN_ACTION_CLOSE = 1, /* it closes for good, the count-th time */
    /* a region begins that is the window, the count-th time or, if that is 0,
       each time */
    CAIRN_ACTION_BEGIN = 2,
    CAIRN_ACTION_INNER = 3, /* another region begins */
    CAIRN_ACTION_END = 4,   /* the innermost region ends */
    CAIRN_ACTION_STOP = 5,  /* only CAIRN_MODE_STOP: it stops, the count-th
                               time or, if that is 0, each time */
};

#define CAIRN_PATH_BYTES 232

/* An instruction before which a window opens or closes. */
struct cairn_trigger {
    uint64_t value; /* added to the base */
    uint64_t count;
    uint32_t base;   /* enum cairn_base */
    uint32_t action; /* enum cairn_action */
    char path[CAIRN_PATH_BYTES]; /* of CAIRN_BASE_FILE */
};

/* One of the places of a trigger in the file that the guest has mapped last. */
struct cairn_told {
    uint64_t pc;
    uint64_t trigger;
};

#define CAIRN_TOLD_AT_MOST 65536

#define CAIRN_NEVER (~0ULL) /* in a window: a trigger says when */

struct cairn_header {
    uint64_t magic;
    uint32_t version;
    uint32_t mode;           /* enum cairn_mode */
    uint64_t interval;       /* instructions; CAIRN_MODE_COUNT. With CAIRN_VALUES
                                of how many one is the first from whose block
                                on what memory holds is told anew; 0: none */
    uint64_t ring_words;     /* of one thread's ring, a power of two */
    uint64_t control_words;  /* of the control ring, a power of two */
    uint32_t chunk_words;    /* a ring is published in such steps */
    uint32_t slots;          /* threads that can live at a time */
    uint32_t window_count;   /* 0: everything is one window */
    uint32_t window_thread;  /* whose windows */
    uint64_t windows_offset; /* of struct cairn_window[], bytes */
    uint64_t control_offset; /* of the control ring, bytes */
    uint64_t slots_offset;   /* of the first thread's ring, bytes */
    uint64_t slot_bytes;     /* from one thread's ring to the next */
    uint32_t reader_pid;
    uint32_t state;          /* enum cairn_state, written by the probe */
    uint32_t reader_gone;    /* set by the reader when it stops reading */
    uint32_t probe_pid;
    char message[256];       /* why the probe failed */
    uint32_t contents;       /* enum cairn_content */
    uint32_t fetch_count;    /* of struct cairn_fetch[] */
    uint64_t fetches_offset; /* of struct cairn_fetch[], bytes */
    uint64_t triggers_offset; /* of struct cairn_trigger[], bytes */
    uint32_t trigger_count;  /* if any, there is one window, or a stop at 0 */
    uint32_t first_count;    /* of intervals with a length of their own */
    uint64_t firsts_offset;  /* of uint64_t[], their lengths, bytes */
    uint32_t resumed;        /* stops that the reader has let go on from */
    uint32_t write_count;    /* of struct cairn_write[] */
    uint64_t writes_offset;  /* of struct cairn_write[], bytes */
    /* If the guest is restored from a checkpoint: the code that does it, which
       is as if it did not exist, up to its rt_sigreturn; else 0. */
    uint64_t restorer;
    uint64_t restorer_bytes;
    uint64_t executed; /* by thread 0 before the checkpoint */
    struct cairn_settling fetched;  /* only CAIRN_UNSETTLED: of instructions */
    struct cairn_settling accessed; /* and of data */
    uint32_t told;        /* questions (CAIRN_CONTROL_ASK) that are answered */
    uint32_t told_count;  /* of struct cairn_told[], the last answer */
    uint64_t told_offset; /* of struct cairn_told[], bytes; 0 if there is no
                             trigger with CAIRN_BASE_TOLD */
};

/* How the memory that a system call names is found: see cairn_fetch. */
enum cairn_fetch_kind {
    CAIRN_FETCH_STRING = 1,      /* up to a zero byte */
    CAIRN_FETCH_BYTES = 2,       /* `limit` bytes */
    CAIRN_FETCH_BY_ARGUMENT = 3, /* as many bytes as `other` says */
    CAIRN_FETCH_BY_RESULT = 4,   /* as many bytes as the result says */
    CAIRN_FETCH_STRINGS = 5,     /* pointers to strings, up to a null */
    CAIRN_FETCH_VECTOR = 6,      /* of struct iovec, `other` says how many */
};

/* Guest memory that goes along with a system call or its return. */
struct cairn_fetch {
    uint16_t number;   /* of the system call; they ascend */
    uint8_t argument;  /* that points to the memory, from 0 */
    uint8_t at_return; /* 0 when the call is made, 1 when it has returned */
    uint8_t kind;      /* enum cairn_fetch_kind */
    uint8_t other;     /* the argument that holds a length */
    uint16_t limit;    /* bytes at most, of all together; strings: of each */
};

#define CAIRN_FETCH_STRINGS_AT_MOST 32

/* How the memory that a system call writes is found: see cairn_write. */
enum cairn_write_kind {
    CAIRN_WRITE_NOTHING = 0,     /* it writes none */
    CAIRN_WRITE_BYTES = 1,       /* `unit` bytes */
    CAIRN_WRITE_BY_ARGUMENT = 2, /* `unit` times what `other` says */
    CAIRN_WRITE_BY_RESULT = 3,   /* `unit` times what the result says */
    CAIRN_WRITE_VECTOR = 4,      /* of struct iovec, `other` says how many; as
                                    many bytes as the result says */
    CAIRN_WRITE_ANYTHING = 5,    /* where is not known */
};

/* Guest memory that a system call writes.  One that has none of these may
   write anything. */
struct cairn_write {
    uint16_t number;   /* of the system call; they ascend */
    uint8_t argument;  /* that points to the memory, from 0 */
    uint8_t kind;      /* enum cairn_write_kind */
    uint8_t other;     /* the argument that holds a number */
    uint8_t padding;
    uint16_t unit;     /* bytes */
};

#define CAIRN_HEADER_BYTES 4096

/* Before the words of each ring; head and tail count words, ever rising. */
struct cairn_ring {
    uint64_t head;      /* published by the probe with release */
    uint64_t padding1[7];
    uint64_t tail;      /* given back by the reader with release */
    uint64_t padding2[7];
    uint32_t state;     /* enum cairn_slot_state; thread rings only */
    uint32_t thread;    /* 0 the first, then in order of creation */
    uint32_t tid;       /* the host's thread id */
    uint32_t padding3[29];
    uint64_t words[];
};

#define CAIRN_RING_BYTES 256

/*
 * The words of a thread's ring.  The kind stands in bits 62..63.
 *
 * ACCESS     0..48 address, 49..57 index of the instruction in its block,
 *            58..60 log2 of the size, 61 store
 * EXECUTION  0..31 block, 32..41 first instruction, 42..51 end; if these are
 *            the same, it has been counted, and only accesses follow
 * NOTE       0..48 a value, 49..52 enum cairn_note, 53..61 a detail
 * RECORD     0..31 payload words that follow, 48..55 enum cairn_record
 */
#define CAIRN_KIND_SHIFT 62
#define CAIRN_KIND_ACCESS 0ULL
#define CAIRN_KIND_EXECUTION 1ULL
#define CAIRN_KIND_NOTE 2ULL
#define CAIRN_KIND_RECORD 3ULL

#define CAIRN_ADDRESS_BITS 49
#define CAIRN_INSTRUCTION_SHIFT 49
#define CAIRN_SIZE_SHIFT 58
#define CAIRN_STORE_SHIFT 61
#define CAIRN_FIRST_SHIFT 32
#define CAIRN_END_SHIFT 42
#define CAIRN_RECORD_SHIFT 48
#define CAIRN_NOTE_SHIFT 49
#define CAIRN_DETAIL_SHIFT 53

/* What stands in a note: something that happened between two executions. */
enum cairn_note {
    /* a signal took the thread away: the address; detail: the signal */
    CAIRN_NOTE_INTERRUPT = 0,
    /* the stack pointer before the next execution; see CAIRN_RECORD_STACK */
    CAIRN_NOTE_STACK = 1,
    /* a system call is made: its number in the control ring */
    CAIRN_NOTE_CALL = 2,
    /* a system call has returned: its number in the control ring */
    CAIRN_NOTE_RETURN = 3,
};

#define CAIRN_MAX_INSTRUCTIONS 512

/* Records in a thread's ring, with their payloads. */
enum cairn_record {
    /* counts of the interval under way: block | entries << 32, repeated */
    CAIRN_RECORD_VECTOR = 1,
    /* the interval ends: block, index of the first instruction behind it */
    CAIRN_RECORD_INTERVAL = 2,
    /* the last block entered was left: block, instructions executed | why
       << 32: the signal, 0 at the thread's end, or ~0 if QEMU goes on there */
    CAIRN_RECORD_LEFT = 3,
    /* a window opens: instructions executed before the next word */
    CAIRN_RECORD_OPEN = 4,
    /* a window closes: its index */
    CAIRN_RECORD_CLOSE = 5,
    /* the thread ends */
    CAIRN_RECORD_END = 6,
    /* a block was left (see next) before the ends last sent: how many */
    CAIRN_RECORD_RETRACT = 7,
    /* the stack pointer that the next block finds: a note, once that begins */
    CAIRN_RECORD_STACK = 8,
    /* a trigger closes the window: 1 if for good, block, instructions that
       belong to the window of its execution under way */
    CAIRN_RECORD_CUT = 9,
    /* how often a conditional branch back that ends a block was not taken in
       the interval under way: block | times << 32, repeated */
    CAIRN_RECORD_PASSED = 10,
    /* what memory holds, or no longer does: enum cairn_memory | bytes of the
       contents << 32, address, bytes from there on, contents, padded to whole
       words */
    CAIRN_RECORD_MEMORY = 11,
    /* what was counted and not sent: block, a number, enum cairn_settled; how
       often since it was last said, which may be below 0 */
    CAIRN_RECORD_SETTLED = 12,
    /* straight code went round in a circle: a block that begins or ends it, how
       often in a row, and how many times it did so since this was last said */
    CAIRN_RECORD_CIRCLES = 13,
};

#define CAIRN_SETTLED_NUMBER_SHIFT 32
#define CAIRN_SETTLED_NUMBER_MASK 0x3ff
#define CAIRN_SETTLED_SHIFT 42

/* What CAIRN_RECORD_SETTLED counts, and the number in it. */
enum cairn_settled {
    CAIRN_SETTLED_EXECUTIONS = 0, /* of so many instructions */
    CAIRN_SETTLED_LOADS = 1,      /* by an instruction: its index */
    CAIRN_SETTLED_STORES = 2,
};

/* Why CAIRN_RECORD_MEMORY is sent. */
enum cairn_memory {
    /* the execution under way touches a page first: what that holds, with the
       bytes that the access has stored */
    CAIRN_MEMORY_PAGE = 0,
    /* a system call has written this */
    CAIRN_MEMORY_WRITTEN = 1,
    /* it is not known any more; there are no contents */
    CAIRN_MEMORY_UNKNOWN = 2,
};

/*
 * With CAIRN_VALUES each ACCESS of up to 8 bytes is followed by a word with its
 * value, one of 16 bytes by two, the lower half first; larger ones, which are
 * stores of zeros, by none.
 */

/* Records in the control ring: type | words << 32, then the payload. */
enum cairn_control {
    /* id, pc, instructions, code bytes, sizes (bytes), code (bytes) */
    CAIRN_CONTROL_BLOCK = 1,
    /* entry point, base of the interpreter or 0 */
    CAIRN_CONTROL_PROGRAM = 2,
    /* address, bytes, file offset, length of path, path */
    CAIRN_CONTROL_MAP = 3,
    /* address, bytes */
    CAIRN_CONTROL_UNMAP = 4,
    /* thread, 1 at execve's call and 0 at its failure, length, path */
    CAIRN_CONTROL_EXECVE = 5,
    /* thread, exit status */
    CAIRN_CONTROL_EXIT = 6,
    /* thread, pc, enum cairn_stands: where it stood as it ended the process */
    CAIRN_CONTROL_LAST_PC = 7,
    /* thread, signal, pc: a signal was delivered to a handler */
    CAIRN_CONTROL_SIGNAL = 8,
    /* thread, number of the call, system call, 8 arguments, then memory */
    CAIRN_CONTROL_CALL = 9,
    /* thread, number of the call, result, then memory */
    CAIRN_CONTROL_RETURN = 10,
    /* thread: it starts */
    CAIRN_CONTROL_THREAD = 11,
    /* thread, instructions, pc, trigger or ~0U, then struct cairn_registers: it
       waits there */
    CAIRN_CONTROL_STOP = 12,
    /* thread, then what the frame of a signal brings back: mask, alternate
       stack's address, flags and bytes */
    CAIRN_CONTROL_SIGRETURN = 13,
    /* thread, instructions that it has executed in all; only CAIRN_MODE_STOP */
    CAIRN_CONTROL_TOTAL = 14,
    /* address, bytes, file offset, length of path, path: code is mapped, and
       the guest waits until it is told which triggers lie in it */
    CAIRN_CONTROL_ASK = 15,
};

/* A thread's registers in CAIRN_CONTROL_STOP (AArch64). */
struct cairn_registers {
    uint64_t x[31];
    uint64_t sp;
    uint64_t pstate;
    uint64_t fpsr;
    uint64_t fpcr;
    uint64_t tpidr;
    uint64_t v[32][2];
    uint64_t has_scalable; /* 1 if there are registers besides: SVE */
};

/* How the address of CAIRN_CONTROL_LAST_PC is meant. */
enum cairn_stands {
    CAIRN_STANDS_AT_PC = 0,        /* the instruction that came next */
    CAIRN_STANDS_BEHIND_BLOCK = 1, /* of the block executed last, whole */
    CAIRN_STANDS_IN_BLOCK = 2,     /* of the block entered last; how much of
                                      it was executed is not known */
};

/*
 * Memory in a record of a system call: for each piece its argument, the bytes,
 * which are CAIRN_UNREADABLE where the guest has none there, and the contents,
 * padded to whole words.
 */
#define CAIRN_UNREADABLE (~0ULL)

#endif
