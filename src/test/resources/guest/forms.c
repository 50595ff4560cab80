/*
 * Makes an access of each form that there is, and says which bytes of memory it
 * touches and what is in them: those loaded as they were before, those stored as
 * they are behind.  With an argument the forms of scalable vectors.
 *
 * A form is code that gets x0, a place in memory, x1 = 24, x2 = -3, and registers
 * with noise.  What it touches are loads (L) and stores (S) at a distance from x0,
 * or (I) loads at a distance from its first instruction.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORM_BYTES 128

static uint8_t area[8 * 4096] __attribute__((aligned(4096)));
static uint8_t before[sizeof(area)];
static uint64_t noise[64] __attribute__((aligned(64)));

extern char forms[], forms_end[], vectors[], vectors_end[];

/* clang-format off */
#define SINGLE(F) \
    F("ldrb w9, [x0]", "", "L0,1") \
    F("ldrsb w9, [x0, #1]", "", "L1,1") \
    F("ldrsb x9, [x0, #4095]", "", "L4095,1") \
    F("ldrh w9, [x0, #2]", "", "L2,2") \
    F("ldrsh w9, [x0]", "", "L0,2") \
    F("ldrsh x9, [x0]", "", "L0,2") \
    F("ldr w9, [x0, #4]", "", "L4,4") \
    F("ldrsw x9, [x0]", "", "L0,4") \
    F("ldr x9, [x0, #8]", "", "L8,8") \
    F("ldr b0, [x0]", "", "L0,1") \
    F("ldr h0, [x0]", "", "L0,2") \
    F("ldr s0, [x0]", "", "L0,4") \
    F("ldr d0, [x0]", "", "L0,8") \
    F("ldr q0, [x0]", "", "L0,16") \
    F("ldur x9, [x0, #-255]", "", "L-255,8") \
    F("ldur q0, [x0, #3]", "", "L3,16") \
    F("ldr x9, [x0, #16]!", "", "L16,8") \
    F("ldr x9, [x0], #-16", "", "L0,8") \
    F("ldr q0, [x0, #-32]!", "", "L-32,16") \
    F("ldrb w9, [x0], #1", "", "L0,1") \
    F("ldr x9, [x0, x1]", "", "L24,8") \
    F("ldr x9, [x0, w1, uxtw #3]", "", "L192,8") \
    F("ldr x9, [x0, w2, sxtw #3]", "", "L-24,8") \
    F("ldr q0, [x0, x2, sxtx #4]", "", "L-48,16") \
    F("ldr w9, 1f; b 2f; 1: .word 0x12345678; 2:", "", "I8,4") \
    F("ldrsw x9, 1f; b 2f; 1: .word 0x92345678; 2:", "", "I8,4") \
    F("ldr x9, 1f; b 2f; 1: .quad 0x123456789abcdef0; 2:", "", "I8,8") \
    F("ldr q0, 1f; b 2f; 1: .quad 1, 2; 2:", "", "I8,16") \
    F("ldtr x9, [x0, #8]", "", "L8,8") \
    F("ldtrsb w9, [x0, #-1]", "", "L-1,1") \
    F("strb w9, [x0]", "", "S0,1") \
    F("strh w9, [x0, #2]", "", "S2,2") \
    F("str w9, [x0, #4]", "", "S4,4") \
    F("str x9, [x0, #8]", "", "S8,8") \
    F("str wzr, [x0]", "", "S0,4") \
    F("str b0, [x0]", "", "S0,1") \
    F("str h0, [x0]", "", "S0,2") \
    F("str s0, [x0]", "", "S0,4") \
    F("str d0, [x0]", "", "S0,8") \
    F("str q0, [x0]", "", "S0,16") \
    F("stur x9, [x0, #-255]", "", "S-255,8") \
    F("stur q0, [x0, #3]", "", "S3,16") \
    F("str x9, [x0, #16]!", "", "S16,8") \
    F("str x9, [x0], #-16", "", "S0,8") \
    F("str q0, [x0, #-32]!", "", "S-32,16") \
    F("str w9, [x0, w2, sxtw #2]", "", "S-12,4") \
    F("sttrh w9, [x0, #1]", "", "S1,2") \
    /* unaligned, over lines and over pages: x0 is 64 behind the page's begin */ \
    F("ldur x9, [x0, #-3]", "", "L-3,8") \
    F("stur x9, [x0, #-5]", "", "S-5,8") \
    F("ldur w9, [x0, #-66]", "", "L-66,4") \
    F("stur w9, [x0, #-67]", "", "S-67,4") \
    F("ldurh w9, [x0, #-65]", "", "L-65,2") \
    F("sturh w9, [x0, #-65]", "", "S-65,2") \
    F("ldur x9, [x0, #-68]", "", "L-68,8") \
    F("stur x9, [x0, #-71]", "", "S-71,8") \
    F("ldur q0, [x0, #-79]", "", "L-79,16") \
    F("stur q0, [x0, #-65]", "", "S-65,16") \
    F("ldp x9, x10, [x0, #-72]", "", "L-72,16") \
    F("stp q0, q1, [x0, #-80]", "", "S-80,16 S-64,16")

#define PAIRS(F) \
    F("ldp w9, w10, [x0]", "", "L0,8") \
    F("ldp x9, x10, [x0, #16]", "", "L16,16") \
    F("ldpsw x9, x10, [x0]", "", "L0,8") \
    F("ldp s0, s1, [x0]", "", "L0,8") \
    F("ldp d0, d1, [x0]", "", "L0,16") \
    F("ldp q0, q1, [x0]", "", "L0,16 L16,16") \
    F("ldp x9, x10, [x0, #-16]!", "", "L-16,16") \
    F("ldp x9, x10, [x0], #32", "", "L0,16") \
    F("ldnp x9, x10, [x0, #8]", "", "L8,16") \
    F("ldnp q0, q1, [x0]", "", "L0,16 L16,16") \
    F("stp w9, w10, [x0]", "", "S0,8") \
    F("stp x9, x10, [x0, #16]", "", "S16,16") \
    F("stp xzr, xzr, [x0]", "", "S0,16") \
    F("stp s0, s1, [x0]", "", "S0,8") \
    F("stp d0, d1, [x0]", "", "S0,16") \
    F("stp q0, q1, [x0]", "", "S0,16 S16,16") \
    F("stp x9, x10, [x0, #-16]!", "", "S-16,16") \
    F("stp x9, x10, [x0], #32", "", "S0,16") \
    F("stnp x9, x10, [x0, #8]", "", "S8,16") \
    F("stnp q0, q1, [x0]", "", "S0,16 S16,16")

#define ORDERED(F) \
    F("ldarb w9, [x0]", "", "L0,1") \
    F("ldarh w9, [x0]", "", "L0,2") \
    F("ldar w9, [x0]", "", "L0,4") \
    F("ldar x9, [x0]", "", "L0,8") \
    F("ldlar x9, [x0]", "", "L0,8") \
    F("ldaprb w9, [x0]", "", "L0,1") \
    F("ldaprh w9, [x0]", "", "L0,2") \
    F("ldapr w9, [x0]", "", "L0,4") \
    F("ldapr x9, [x0]", "", "L0,8") \
    F("stlrb w9, [x0]", "", "S0,1") \
    F("stlrh w9, [x0]", "", "S0,2") \
    F("stlr w9, [x0]", "", "S0,4") \
    F("stlr x9, [x0]", "", "S0,8") \
    F("stllr x9, [x0]", "", "S0,8")

/* That a store-exclusive looks at memory is how QEMU does it. */
#define EXCLUSIVE(F) \
    F("ldxrb w9, [x0]", "exclusive", "L0,1") \
    F("ldxrh w9, [x0]", "exclusive", "L0,2") \
    F("ldxr w9, [x0]", "exclusive", "L0,4") \
    F("ldxr x9, [x0]", "exclusive", "L0,8") \
    F("ldaxrb w9, [x0]", "exclusive", "L0,1") \
    F("ldaxrh w9, [x0]", "exclusive", "L0,2") \
    F("ldaxr w9, [x0]", "exclusive", "L0,4") \
    F("ldaxr x9, [x0]", "exclusive", "L0,8") \
    F("ldxp w9, w10, [x0]", "exclusive", "L0,8") \
    F("ldxp x9, x10, [x0]", "exclusive", "L0,16") \
    F("ldaxp w9, w10, [x0]", "exclusive", "L0,8") \
    F("ldaxp x9, x10, [x0]", "exclusive", "L0,16") \
    F("ldxrb w9, [x0]; stxrb w10, w11, [x0]", "exclusive", "L0,1 S0,1") \
    F("ldxrh w9, [x0]; stxrh w10, w11, [x0]", "exclusive", "L0,2 S0,2") \
    F("ldxr w9, [x0]; stxr w10, w11, [x0]", "exclusive", "L0,4 S0,4") \
    F("ldxr x9, [x0]; stxr w10, x11, [x0]", "exclusive", "L0,8 S0,8") \
    F("ldaxrb w9, [x0]; stlxrb w10, w11, [x0]", "exclusive", "L0,1 S0,1") \
    F("ldaxrh w9, [x0]; stlxrh w10, w11, [x0]", "exclusive", "L0,2 S0,2") \
    F("ldaxr w9, [x0]; stlxr w10, w11, [x0]", "exclusive", "L0,4 S0,4") \
    F("ldaxr x9, [x0]; stlxr w10, x11, [x0]", "exclusive", "L0,8 S0,8") \
    F("ldxp w9, w10, [x0]; stxp w11, w12, w13, [x0]", "exclusive", "L0,8 S0,8") \
    F("ldxp x9, x10, [x0]; stxp w11, x12, x13, [x0]", "exclusive", "L0,16 S0,16") \
    F("ldaxp x9, x10, [x0]; stlxp w11, x12, x13, [x0]", "exclusive", "L0,16 S0,16") \
    /* these fail and store nothing */ \
    F("clrex; stxr w10, x11, [x0]", "exclusive", "") \
    F("clrex; stlxrb w10, w11, [x0]", "exclusive", "") \
    F("clrex; stxp w11, x12, x13, [x0]", "exclusive", "") \
    F("ldxr x9, [x0]; add x12, x0, #8; stxr w10, x11, [x12]", "exclusive", "L0,8")

#define SIZES(F, op, touches1, touches2, touches4, touches8) \
    F(op "b w9, w10, [x0]", "atomic", touches1) \
    F(op "h w9, w10, [x0]", "atomic", touches2) \
    F(op " w9, w10, [x0]", "atomic", touches4) \
    F(op " x9, x10, [x0]", "atomic", touches8)
#define ORDERS(F, op) \
    SIZES(F, op, "L0,1 S0,1", "L0,2 S0,2", "L0,4 S0,4", "L0,8 S0,8") \
    SIZES(F, op "a", "L0,1 S0,1", "L0,2 S0,2", "L0,4 S0,4", "L0,8 S0,8") \
    SIZES(F, op "l", "L0,1 S0,1", "L0,2 S0,2", "L0,4 S0,4", "L0,8 S0,8") \
    SIZES(F, op "al", "L0,1 S0,1", "L0,2 S0,2", "L0,4 S0,4", "L0,8 S0,8")
/* succeeds */
#define EXCHANGE(F, order) \
    SIZES(F, "ldr x9, [x0]; cas" order, "L0,8 S0,1", "L0,8 S0,2", "L0,8 S0,4", "L0,8 S0,8")
#define ATOMIC(F) \
    ORDERS(F, "ldadd") ORDERS(F, "ldclr") ORDERS(F, "ldeor") ORDERS(F, "ldset") \
    ORDERS(F, "ldsmax") ORDERS(F, "ldsmin") ORDERS(F, "ldumax") ORDERS(F, "ldumin") \
    ORDERS(F, "swp") \
    ORDERS(F, "cas") /* fail: x9 is noise */ \
    EXCHANGE(F, "") EXCHANGE(F, "a") EXCHANGE(F, "l") EXCHANGE(F, "al") \
    F("stadd w9, [x0]", "atomic", "L0,4 S0,4") \
    F("stclrlb w9, [x0]", "atomic", "L0,1 S0,1") \
    F("stumaxh w9, [x0]", "atomic", "L0,2 S0,2") \
    F("casp w10, w11, w12, w13, [x0]", "atomic", "L0,8 S0,8") \
    F("caspa w10, w11, w12, w13, [x0]", "atomic", "L0,8 S0,8") \
    F("caspl x10, x11, x12, x13, [x0]", "atomic", "L0,16 S0,16") \
    F("caspal x10, x11, x12, x13, [x0]", "atomic", "L0,16 S0,16") \
    F("ldp x10, x11, [x0]; casp x10, x11, x12, x13, [x0]", "atomic", "L0,16 S0,16") \
    F("ldp w10, w11, [x0]; caspal w10, w11, w12, w13, [x0]", "atomic", "L0,8 S0,8")

#define STRUCTURES(F) \
    F("ld1 {v0.8b}, [x0]", "", "L0,8") \
    F("ld1 {v0.16b}, [x0]", "", "L0,16") \
    F("ld1 {v0.4h, v1.4h}, [x0]", "", "L0,16") \
    F("ld1 {v0.8h-v2.8h}, [x0]", "", "L0,16 L16,16 L32,16") \
    F("ld1 {v0.2s-v3.2s}, [x0]", "", "L0,16 L16,16") \
    F("ld1 {v0.2d-v3.2d}, [x0], #64", "", "L0,16 L16,16 L32,16 L48,16") \
    F("ld2 {v0.16b, v1.16b}, [x0]", "", "L0,16 L16,16") \
    F("ld2 {v0.4h, v1.4h}, [x0], x1", "", "L0,16") \
    F("ld3 {v0.4s-v2.4s}, [x0]", "", "L0,16 L16,16 L32,16") \
    F("ld4 {v0.2d-v3.2d}, [x0]", "", "L0,16 L16,16 L32,16 L48,16") \
    F("ld4 {v0.8b-v3.8b}, [x0], #32", "", "L0,16 L16,16") \
    F("ld1 {v0.b}[5], [x0]", "", "L0,1") \
    F("ld1 {v0.d}[1], [x0], #8", "", "L0,8") \
    F("ld2 {v0.h, v1.h}[3], [x0]", "", "L0,4") \
    F("ld3 {v0.s-v2.s}[2], [x0]", "", "L0,12") \
    F("ld4 {v0.d-v3.d}[0], [x0]", "", "L0,16 L16,16") \
    F("ld1r {v0.16b}, [x0]", "", "L0,1") \
    F("ld2r {v0.8h, v1.8h}, [x0]", "", "L0,4") \
    F("ld3r {v0.4s-v2.4s}, [x0], #12", "", "L0,12") \
    F("ld4r {v0.2d-v3.2d}, [x0]", "", "L0,16 L16,16") \
    F("st1 {v0.8b}, [x0]", "", "S0,8") \
    F("st1 {v0.16b}, [x0]", "", "S0,16") \
    F("st1 {v0.8h-v2.8h}, [x0]", "", "S0,16 S16,16 S32,16") \
    F("st1 {v0.2d-v3.2d}, [x0], #64", "", "S0,16 S16,16 S32,16 S48,16") \
    F("st2 {v0.16b, v1.16b}, [x0]", "", "S0,16 S16,16") \
    F("st3 {v0.4s-v2.4s}, [x0]", "", "S0,16 S16,16 S32,16") \
    F("st4 {v0.8b-v3.8b}, [x0], x1", "", "S0,16 S16,16") \
    F("st4 {v0.2d-v3.2d}, [x0]", "", "S0,16 S16,16 S32,16 S48,16") \
    F("st1 {v0.b}[5], [x0]", "", "S0,1") \
    F("st2 {v0.h, v1.h}[3], [x0], #4", "", "S0,4") \
    F("st3 {v0.s-v2.s}[2], [x0]", "", "S0,12") \
    F("st4 {v0.d-v3.d}[0], [x0]", "", "S0,16 S16,16") \
    /* over a page's end */ \
    F("sub x0, x0, #77; ld1 {v0.16b, v1.16b}, [x0]", "", "L-77,16 L-61,16") \
    F("sub x0, x0, #67; st4 {v0.h-v3.h}[1], [x0]", "", "S-67,8")

#define ZEROING(F) \
    F("dc zva, x0", "maintenance", "S0,16 S16,16 S32,16 S48,16") \
    F("add x9, x0, #71; dc zva, x9", "maintenance", "S64,16 S80,16 S96,16 S112,16")

#define ALL(F) SINGLE(F) PAIRS(F) ORDERED(F) EXCLUSIVE(F) ATOMIC(F) STRUCTURES(F) ZEROING(F)

#define VECTORS(F) \
    F("ldr z0, [x0]", "", "L0,16 L16,16 L32,16 L48,16") \
    F("str z0, [x0, #1, mul vl]", "", "S64,16 S80,16 S96,16 S112,16") \
    F("ldr p4, [x0]", "", "L0,8") \
    F("str p0, [x0]", "", "S0,8") \
    F("st1b {z0.b}, p0, [x0]", "", "S0,16 S16,16 S32,16 S48,16") \
    F("st1b {z0.d}, p0, [x0]", "", "S0,8") \
    F("st1h {z0.s}, p0, [x0, x1, lsl #1]", "", "S48,16 S64,16") \
    F("st1w {z0.s}, p1, [x0]", "", "S0,4 S8,4 S16,4") \
    F("st1d {z0.d}, p2, [x0, #-1, mul vl]", "", "S-64,8 S-48,8 S-32,8 S-16,8") \
    F("stnt1w {z0.s}, p1, [x0]", "", "S0,4 S8,4 S16,4") \
    F("st2b {z0.b, z1.b}, p1, [x0]", "", "S0,2 S16,2 S32,2") \
    F("st3w {z0.s-z2.s}, p1, [x0]", "", "S0,12 S24,12 S48,12") \
    F("st4d {z0.d-z3.d}, p2, [x0]", "", "S0,16 S16,16 S64,16 S80,16 S128,16 S144,16 S192,16 S208,16") \
    F("st1w {z0.s}, p1, [x0, z4.s, uxtw #2]", "", "S0,4 S56,4 S112,4") \
    F("st1d {z0.d}, p2, [x0, z5.d, lsl #3]", "", "S0,8 S112,8 S224,8 S336,8") \
    F("st1d {z0.d}, p1, [z6.d, #8]", "", "S8,8 S16,8 S24,8") \
    F("st1b {z0.b}, p3, [x0]", "", "") \
    F("ld1b {z0.b}, p0/z, [x0]", "", "L0,16 L16,16 L32,16 L48,16") \
    F("ld1b {z0.d}, p0/z, [x0]", "", "L0,8") \
    F("ld1sh {z0.d}, p2/z, [x0, x1, lsl #1]", "", "L48,2 L52,2 L56,2 L60,2") \
    F("ld1w {z0.s}, p1/z, [x0]", "", "L0,4 L8,4 L16,4") \
    F("ld1d {z0.d}, p2/z, [x0, #-1, mul vl]", "", "L-64,8 L-48,8 L-32,8 L-16,8") \
    F("ldnt1w {z0.s}, p1/z, [x0]", "", "L0,4 L8,4 L16,4") \
    F("ldff1w {z0.s}, p1/z, [x0, xzr]", "", "L0,4 L8,4 L16,4") \
    F("ldnf1d {z0.d}, p2/z, [x0]", "", "L0,8 L16,8 L32,8 L48,8") \
    F("ld1rw {z0.s}, p1/z, [x0, #4]", "", "L4,4") \
    F("ld1rqb {z0.b}, p0/z, [x0]", "", "L0,16") \
    F("ld2b {z0.b, z1.b}, p1/z, [x0]", "", "L0,2 L16,2 L32,2") \
    F("ld3w {z0.s-z2.s}, p1/z, [x0]", "", "L0,12 L24,12 L48,12") \
    F("ld4d {z0.d-z3.d}, p2/z, [x0]", "", "L0,16 L16,16 L64,16 L80,16 L128,16 L144,16 L192,16 L208,16") \
    F("ld1w {z0.s}, p1/z, [x0, z4.s, uxtw #2]", "", "L0,4 L56,4 L112,4") \
    F("ld1d {z0.d}, p2/z, [x0, z5.d, lsl #3]", "", "L0,8 L112,8 L224,8 L336,8") \
    F("ldff1d {z0.d}, p1/z, [z6.d, #8]", "", "L8,8 L16,8 L24,8") \
    F("ld1b {z0.b}, p3/z, [x0]", "", "")
/* clang-format on */

#define CODE(text, kind, touches) ".balign 128\n" text "\nret\n"
asm(".pushsection .text\n.globl forms, forms_end, vectors, vectors_end\n"
    ".arch armv8.6-a+sve2\n.balign 128\nforms:\n" ALL(CODE)
    ".balign 128\nforms_end:\nvectors:\n" VECTORS(CODE)
    ".balign 128\nvectors_end:\n.arch armv8-a\n.popsection");

struct form {
    const char *kind;
    const char *touches;
};

#define FORM(text, kind, touches) { kind, touches },
static const struct form every[] = { ALL(FORM) };
static const struct form scalable[] = { VECTORS(FORM) };

static void execute(const char *code, uint8_t *at)
{
    register const char *entry asm("x16") = code;
    register uint8_t *place asm("x17") = at;

    asm volatile("ldp q0, q1, [%2]\n"
                 "ldp q2, q3, [%2, #32]\n"
                 "ldp x9, x10, [%2, #64]\n"
                 "ldp x11, x12, [%2, #80]\n"
                 "ldr x13, [%2, #96]\n"
                 "mov x0, %1\n"
                 "mov x1, #24\n"
                 "mov x2, #-3\n"
                 "blr %0\n"
                 : "+r"(entry), "+r"(place)
                 : "r"(noise)
                 : "x0", "x1", "x2", "x9", "x10", "x11", "x12", "x13", "x30",
                   "v0", "v1", "v2", "v3", "cc", "memory");
}

/* Sets p0: all, p1: 3 bytes, each 8th, p2: each second double word, p3: none. */
static void prepare(uint8_t *at)
{
    asm volatile(".arch armv8.6-a+sve2\n"
                 "ptrue p0.b\n"
                 "ptrue p1.d, vl3\n"
                 "pfalse p3.b\n"
                 "ptrue p2.d\n"
                 "trn1 p2.d, p2.d, p3.d\n"
                 "index z4.s, #0, #7\n"
                 "index z5.d, #0, #7\n"
                 "index z6.d, %0, #8\n"
                 ".arch armv8-a\n"
                 :: "r"(at) : "v4", "v5", "v6", "memory");
}

static void tell(int index, const struct form *form, const char *code,
                 uint8_t *at)
{
    for (const char *touch = form->touches; *touch; ) {
        char *end;
        char what = *touch++;
        long distance = strtol(touch, &end, 10);
        long bytes = strtol(end + 1, &end, 10);
        const uint8_t *from = what == 'I' ? (const uint8_t *)code + distance
                              : at + distance;
        const uint8_t *held = what == 'L' ? before + (from - area) : from;

        touch = *end ? end + 1 : end;
        printf("%d %s %s %" PRIxPTR " ", index, *form->kind ? form->kind : "plain",
               what == 'S' ? "store" : "load", (uintptr_t)from);
        for (int i = 0; i < bytes; i++) {
            printf("%02x", held[i]);
        }
        printf("\n");
    }
}

static void run(const struct form *form, int count, const char *code, int sve)
{
    uint8_t *at = area + 3 * 4096 + 64;

    printf("code %" PRIxPTR " %d\n", (uintptr_t)code, count);
    for (int i = 0; i < count; i++, code += FORM_BYTES) {
        for (unsigned k = 0; k < sizeof(area); k++) {
            area[k] = k * 7 + (k >> 8) + i;
        }
        for (int k = 0; k < 64; k++) {
            noise[k] = (i * 64 + k + 1) * 0x9e3779b97f4a7c15u;
        }
        memcpy(before, area, sizeof(area));
        if (sve) {
            prepare(at);
        }
        execute(code, at);
        tell(i, form + i, code, at);
    }
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        run(scalable, sizeof(scalable) / sizeof(*scalable), vectors, 1);
    } else {
        run(every, sizeof(every) / sizeof(*every), forms, 0);
    }
    return 0;
}
