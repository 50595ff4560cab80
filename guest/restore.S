/*
 * Rebuilds a process: the code of a self-restoring executable.
 *
 * It makes the system calls of a table that `cairn checkpoint export` has
 * written behind it, one after the other, and then has the kernel load all
 * registers from a signal frame. It needs no stack: the table maps the
 * process's memory over everything that was there but this page and the table.
 *
 * The code must not be longer than a page, and the table begins at the next.
 * src/main/resources/dev/cairn/checkpoint/elf/restore.hex is this file
 * assembled, so that no user needs an assembler; a test compares the two.
 *
 * A step of the table has ten words:
 *
 *      0  number of the call; with bit 63 set this is the last step
 *      8  six arguments
 *     56  bits: 0 the result must not be an error, 1 it must be the operand,
 *         2 it is stored at the operand, 8 the first argument and 9 the fifth
 *         are addresses of what is meant
 *     64  operand
 *     72  address of what to say if the result is not as it must be: its
 *         length in a word, then the text
 *
 * Copyright (c) The Cairn authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define STEP_BYTES      80
#define NR_WRITE        64
#define NR_EXIT_GROUP   94
#define NR_RT_SIGRETURN 139
#define FAILED          125
#define ERRORS          4095

        .text
        .global _start
_start:
        adr     x19, table
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
        svc     #0
        tbz     x20, #0, 3f
        cmn     x0, #ERRORS             /* carry: from -4095 to -1 */
        b.hs    failed
3:      tbz     x20, #1, 4f
        cmp     x0, x21
        b.ne    failed
4:      tbz     x20, #2, 5f
        str     x0, [x21]
5:      add     x19, x19, #STEP_BYTES
        b       step

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

        .balign 4096
table:
