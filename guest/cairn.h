/*
 * Names regions of interest in a program for Cairn.
 *
 *     #include "cairn.h"
 *
 *     CAIRN_BEGIN("solve");
 *     solve(&system);
 *     CAIRN_END;
 *
 * Each mark is one instruction that does nothing, and a note in the file that
 * says where it stands and what it is called; see docs/markers.md.  On
 * hardware and outside of Cairn nothing happens.  Regions may lie inside each
 * other; CAIRN_END ends the one that the thread has begun last.  A region that
 * is inlined or unrolled has several marks with its name.
 *
 * For GCC and Clang, C and C++; the name is a string literal.  Where the
 * compiler is another one, or the object format is not ELF, or CAIRN_DISABLE is
 * defined, the macros are empty.
 *
 * Copyright (c) The Cairn authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CAIRN_H
#define CAIRN_H

#if defined(__GNUC__) && defined(__ELF__) && !defined(CAIRN_DISABLE)

/*
 * The note: owner "Cairn", type 1 begins and 2 ends a region; in it, how far
 * the instruction lies from the note's contents, and the name.  Its section is
 * loaded, so that strip leaves it, and belongs to the code that it is about, so
 * that it goes and stays with it.
 */
#define CAIRN_MARK(type, name) \
    do { \
        __asm__ volatile("" ::: "memory"); \
        __asm__ volatile("7710: nop\n" \
                         ".pushsection .note.cairn, \"a?\", %note\n" \
                         ".balign 4\n" \
                         ".4byte 7712f - 7711f, 7714f - 7713f, " #type "\n" \
                         "7711: .asciz \"Cairn\"\n" \
                         "7712: .balign 4\n" \
                         "7713: .4byte 7710b - 7713b\n" \
                         ".asciz \"" name "\"\n" \
                         "7714: .balign 4\n" \
                         ".popsection"); \
        __asm__ volatile("" ::: "memory"); \
    } while (0)

#define CAIRN_BEGIN(name) CAIRN_MARK(1, name)
#define CAIRN_END CAIRN_MARK(2, "")

#else

#define CAIRN_BEGIN(name) ((void)0)
#define CAIRN_END ((void)0)

#endif

#endif
