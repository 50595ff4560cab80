/*
 * Rebuilds a process: the code of a self-restoring executable.
 *
 * It makes the system calls of a table that `cairn checkpoint export` has
 * written behind it, one after the other, and then has the kernel load all
 * registers from a signal frame. It needs no stack: the table maps the
 * process's memory over everything that was there but this page and the table.
 *
 * If the process is to exit at a place, a BRK stands there in its code, and
 * `trapped` is the handler of the signal that this raises.  It counts, and has
 * the instruction that the BRK displaced done elsewhere: by code written for
 * just that instruction, which ends in BRKs of its own.
 *
 * Before all that it looks at what the table needs: steps that make no call but
 * compare what the kernel says of the machine, or a register of the machine, with
 * what the process was told.
 *
 * The code must not be longer than WATCH, where what `trapped` must know lies,
 * and the table begins at TABLE, on another page whatever their size is.
 * src/main/resources/dev/cairn/checkpoint/elf/restore.hex is this file
 * assembled, so that no user needs an assembler; a test compares the two.
 *
 * A step of the table has ten words:
 *
 *      0  number of the call; with bit 63 set this is the last step, with bit 62
 *         a need
 *      8  six arguments
 *     56  bits: 0 the result must not be an error, 1 it must be the operand,
 *         2 it is stored at the operand, 8 the first argument and 9 the fifth
 *         are addresses of what is meant
 *     64  operand
 *     72  address of what to say if the result is not as it must be: its
 *         length in a word, then the text
 *
 * A need has a kind of the auxiliary vector, a mask, the bits wanted behind the
 * mask, and the address of a vector of PAIRS pairs; what is not said there is
 * as wanted.  The kind DCZID stands for the register DCZID_EL0.  Every need takes
 * as many instructions, so that it is known when the process goes on.
 *
 * At WATCH there are words:
 *
 *      0  address of the BRK
 *      8  address of how often it is still to be passed, plus 1
 *     16  address of what does the displaced instruction, or of what comes
 *         behind it if it only jumps
 *     24  pairs: address of a BRK behind the displaced instruction, and where
 *         the program goes on from there; 0 behind the last pair
 *
 * Copyright (c) The Cairn authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define STEP_BYTES      80
#define PAIRS           32
#define DCZID           -1
#define NR_WRITE        64
#define NR_EXIT_GROUP   94
#define NR_RT_SIGRETURN 139
#define FAILED          125
#define ERRORS          4095
#define NR_RT_SIGACTION 134
#define SIGTRAP         5
#define WATCH           3584    /* from start */
#define TABLE           65536   /* from start */
#define ZEROS           3968    /* from start: a struct sigaction of zeros */
#define UC_PC           440     /* in struct ucontext: the program counter */

        .text
        .global _start
_start:
start:
        adr     x19, start + TABLE
step:
        ldr     x8, [x19]
        ldp     x0, x1, [x19, #8]
        ldp     x2, x3, [x19, #24]
        ldp     x4, x5, [x19, #40]
        ldp     x20, x21, [x19, #56]
        tbz     x20, #8, 1f
        ldr     x0, [x0]
1:      tbz     x20, #9, 2f
        ldr     x4, [x4]
2:      tbnz    x8, #63, last
        tbnz    x8, #62, need
        svc     #0
        tbz     x20, #0, 3f
        cmn     x0, #ERRORS             /* carry: from -4095 to -1 */
        b.hs    failed
3:      tbz     x20, #1, 4f
        cmp     x0, x21
        b.ne    failed
4:      tbz     x20, #2, 5f
        str     x0, [x21]
5:
next:   add     x19, x19, #STEP_BYTES
        b       step

need:
        mrs     x5, dczid_el0
        cmp     x0, #DCZID
        and     x5, x5, x1
        csel    x5, x5, x2, eq
        mov     x4, #PAIRS
7:      ldp     x6, x7, [x3], #16
        cmp     x6, x0
        and     x7, x7, x1
        csel    x5, x7, x5, eq
        subs    x4, x4, #1
        b.ne    7b
        cmp     x5, x2
        b.ne    failed
        b       next

/* The last step has the address of the frame and the value of TPIDR_EL0. */
last:
        msr     tpidr_el0, x1
        mov     sp, x0
        mov     x8, #NR_RT_SIGRETURN
        svc     #0

failed:
        ldr     x1, [x19, #72]
        ldr     x2, [x1], #8
        mov     x0, #2
        mov     x8, #NR_WRITE
        svc     #0
        mov     x0, #FAILED
        mov     x8, #NR_EXIT_GROUP
        svc     #0

/* A BRK was executed: x2 is the context of the program, which is on its stack. */
trapped:
        ldr     x3, [x2, #UC_PC]
        adr     x4, start + WATCH
        ldp     x5, x6, [x4]
        cmp     x3, x5
        b.ne    behind
        ldr     x7, [x6]
        subs    x7, x7, #1
        b.eq    leave
        str     x7, [x6]
        ldr     x5, [x4, #16]
        b       go
behind:
        add     x4, x4, #24
6:      ldp     x6, x5, [x4], #16
        cbz     x6, other
        cmp     x3, x6
        b.ne    6b
go:
        str     x5, [x2, #UC_PC]
return:
        mov     x8, #NR_RT_SIGRETURN    /* the frame begins at the stack pointer */
        svc     #0
leave:
        mov     x0, #0
        mov     x8, #NR_EXIT_GROUP
        svc     #0
other:                                  /* the program's own: let it kill it */
        mov     x0, #SIGTRAP
        adr     x1, start + ZEROS
        mov     x2, #0
        mov     x3, #8
        mov     x8, #NR_RT_SIGACTION
        svc     #0
        b       return

        .balign 4096
