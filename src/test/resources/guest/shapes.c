/* Loops of known shapes, each a function of its own in assembly, so that no
 * compiler changes it.  What is found of them is in ShapesTest. */
#include <pthread.h>
#include <stdio.h>

/* Labels of a function are named like it, and local to the file. */
#define BEGIN(name) ".text\n\t.balign 4\n\t.type " #name ", %function\n" #name ":\n\t"
#define LINE "\n\t"
#define END(name) ".size " #name ", . - " #name "\n\t"

/* Tested at the top. */
__asm__(BEGIN(while_loop)
        "while_loop_head: cbz x0, 1f" LINE
        "sub x0, x0, #1" LINE
        "b while_loop_head" LINE
        "1: ret" LINE
        END(while_loop));
long while_loop(long n);

/* One block. */
__asm__(BEGIN(do_while)
        "nop" LINE
        "do_while_head: subs x0, x0, #1" LINE
        "b.gt do_while_head" LINE
        "ret" LINE
        END(do_while));
long do_while(long n);

/* A guard in front of a loop tested at the bottom. */
__asm__(BEGIN(guarded)
        "cbz x0, 1f" LINE
        "guarded_head: add x1, x1, #1" LINE
        "sub x0, x0, #1" LINE
        "cbnz x0, guarded_head" LINE
        "1: ret" LINE
        END(guarded));
long guarded(long n);

/* Entered at its test, behind the body. */
__asm__(BEGIN(test_below)
        "b test_below_test" LINE
        "test_below_body: add x1, x1, #1" LINE
        "test_below_test: subs x0, x0, #1" LINE
        "b.ge test_below_body" LINE
        "ret" LINE
        END(test_below));
long test_below(long n);

/* Two levels. */
__asm__(BEGIN(nested)
        "nested_outer: mov x1, #3" LINE
        "nested_inner: subs x1, x1, #1" LINE
        "b.ne nested_inner" LINE
        "subs x0, x0, #1" LINE
        "b.ne nested_outer" LINE
        "ret" LINE
        END(nested));
long nested(long n);

/* Three levels. */
__asm__(BEGIN(nested_thrice)
        "nested_thrice_a: mov x1, #2" LINE
        "nested_thrice_b: mov x2, #3" LINE
        "nested_thrice_c: subs x2, x2, #1" LINE
        "b.ne nested_thrice_c" LINE
        "subs x1, x1, #1" LINE
        "b.ne nested_thrice_b" LINE
        "subs x0, x0, #1" LINE
        "b.ne nested_thrice_a" LINE
        "ret" LINE
        END(nested_thrice));
long nested_thrice(long n);

/* One behind the other. */
__asm__(BEGIN(in_a_row)
        "mov x1, x0" LINE
        "in_a_row_first: subs x1, x1, #1" LINE
        "b.ne in_a_row_first" LINE
        "in_a_row_second: subs x0, x0, #1" LINE
        "b.ne in_a_row_second" LINE
        "ret" LINE
        END(in_a_row));
long in_a_row(long n);

/* Two in one. */
__asm__(BEGIN(siblings)
        "siblings_outer: mov x1, #2" LINE
        "siblings_first: subs x1, x1, #1" LINE
        "b.ne siblings_first" LINE
        "mov x1, #4" LINE
        "siblings_second: subs x1, x1, #1" LINE
        "b.ne siblings_second" LINE
        "subs x0, x0, #1" LINE
        "b.ne siblings_outer" LINE
        "ret" LINE
        END(siblings));
long siblings(long n);

/* Several exits. */
__asm__(BEGIN(breaks)
        "breaks_head: cmp x0, #100" LINE
        "b.eq 1f" LINE
        "cmp x0, #2" LINE
        "b.eq 2f" LINE
        "subs x0, x0, #1" LINE
        "b.ne breaks_head" LINE
        "ret" LINE
        "1: mov x1, #1" LINE
        "ret" LINE
        "2: mov x1, #2" LINE
        "ret" LINE
        END(breaks));
long breaks(long n);

/* Two branches back to one header. */
__asm__(BEGIN(continues)
        "continues_head: subs x0, x0, #1" LINE
        "b.eq 1f" LINE
        "tbnz x0, #0, continues_head" LINE
        "add x1, x1, #1" LINE
        "b continues_head" LINE
        "1: ret" LINE
        END(continues));
long continues(long n);

/* An inner and an outer loop with one header are one loop. */
__asm__(BEGIN(shared_header)
        "mov x1, #3" LINE
        "shared_header_head: subs x1, x1, #1" LINE
        "b.ne shared_header_head" LINE
        "mov x1, #2" LINE
        "subs x0, x0, #1" LINE
        "b.ne shared_header_head" LINE
        "ret" LINE
        END(shared_header));
long shared_header(long n);

/* Left by a return. */
__asm__(BEGIN(returns_inside)
        "returns_inside_head: cmp x0, #3" LINE
        "b.eq 1f" LINE
        "sub x0, x0, #1" LINE
        "b returns_inside_head" LINE
        "1: ret" LINE
        END(returns_inside));
long returns_inside(long n);

/* Unrolled, with a loop for the rest. */
__asm__(BEGIN(unrolled)
        "cmp x0, #4" LINE
        "b.lt 2f" LINE
        "unrolled_four: add x1, x1, #1" LINE
        "add x1, x1, #1" LINE
        "add x1, x1, #1" LINE
        "add x1, x1, #1" LINE
        "sub x0, x0, #4" LINE
        "cmp x0, #4" LINE
        "b.ge unrolled_four" LINE
        "2: cbz x0, 3f" LINE
        "unrolled_rest: add x1, x1, #1" LINE
        "subs x0, x0, #1" LINE
        "b.ne unrolled_rest" LINE
        "3: ret" LINE
        END(unrolled));
long unrolled(long n);

/* A jump table in it. */
__asm__(BEGIN(switches)
        "switches_head: and x1, x0, #3" LINE
        "adr x2, 5f" LINE
        "add x2, x2, x1, lsl #3" LINE
        "br x2" LINE
        "5: add x3, x3, #1" LINE
        "b 6f" LINE
        "add x3, x3, #2" LINE
        "b 6f" LINE
        "add x3, x3, #3" LINE
        "b 6f" LINE
        "add x3, x3, #4" LINE
        "b 6f" LINE
        "6: subs x0, x0, #1" LINE
        "b.ne switches_head" LINE
        "ret" LINE
        END(switches));
long switches(long n);

/* All of its ways are indirect. */
__asm__(BEGIN(interprets)
        "adr x2, interprets_dispatch" LINE
        "mov x3, x0" LINE
        "interprets_dispatch: subs x3, x3, #1" LINE
        "b.lt 9f" LINE
        "and x1, x3, #1" LINE
        "adr x4, 7f" LINE
        "add x4, x4, x1, lsl #3" LINE
        "br x4" LINE
        "7: add x5, x5, #1" LINE
        "br x2" LINE
        "add x5, x5, #2" LINE
        "br x2" LINE
        "9: ret" LINE
        END(interprets));
long interprets(long n);

/* By gotos in any order. */
__asm__(BEGIN(goes_to)
        "b 2f" LINE
        "1: add x1, x1, #1" LINE
        "b 3f" LINE
        "2: b goes_to_head" LINE
        "goes_to_head: cbz x0, 4f" LINE
        "b 1b" LINE
        "3: sub x0, x0, #1" LINE
        "b goes_to_head" LINE
        "4: ret" LINE
        END(goes_to));
long goes_to(long n);

/* Irreducible: entered at either half. */
__asm__(BEGIN(two_ways_in)
        "tbnz x0, #0, two_ways_in_second" LINE
        "two_ways_in_first: subs x0, x0, #1" LINE
        "b.le 1f" LINE
        "two_ways_in_second: subs x0, x0, #1" LINE
        "b.gt two_ways_in_first" LINE
        "1: ret" LINE
        END(two_ways_in));
long two_ways_in(long n);

/* A natural loop in an irreducible one. */
__asm__(BEGIN(irreducible_outside)
        "tbnz x0, #0, 2f" LINE
        "irreducible_outside_first: mov x1, #2" LINE
        "irreducible_outside_inner: subs x1, x1, #1" LINE
        "b.ne irreducible_outside_inner" LINE
        "subs x0, x0, #1" LINE
        "b.le 1f" LINE
        "2: subs x0, x0, #1" LINE
        "b.gt irreducible_outside_first" LINE
        "1: ret" LINE
        END(irreducible_outside));
long irreducible_outside(long n);

/* An irreducible loop in a natural one. */
__asm__(BEGIN(irreducible_inside)
        "irreducible_inside_outer: mov x1, x0" LINE
        "tbnz x1, #0, 2f" LINE
        "irreducible_inside_first: subs x1, x1, #1" LINE
        "b.le 1f" LINE
        "2: subs x1, x1, #1" LINE
        "b.gt irreducible_inside_first" LINE
        "1: subs x0, x0, #1" LINE
        "b.ne irreducible_inside_outer" LINE
        "ret" LINE
        END(irreducible_inside));
long irreducible_inside(long n);

/* Calls a function with a loop. */
__asm__(BEGIN(calls_inside)
        "stp x29, x30, [sp, #-32]!" LINE
        "str x19, [sp, #16]" LINE
        "mov x19, x0" LINE
        "calls_inside_head: mov x0, #5" LINE
        "bl do_while" LINE
        "subs x19, x19, #1" LINE
        "b.ne calls_inside_head" LINE
        "ldr x19, [sp, #16]" LINE
        "ldp x29, x30, [sp], #32" LINE
        "ret" LINE
        END(calls_inside));
long calls_inside(long n);

/* A loop before the call of itself. */
__asm__(BEGIN(recurses)
        "cbz x0, 2f" LINE
        "stp x29, x30, [sp, #-32]!" LINE
        "str x0, [sp, #16]" LINE
        "mov x1, #3" LINE
        "recurses_head: subs x1, x1, #1" LINE
        "b.ne recurses_head" LINE
        "sub x0, x0, #1" LINE
        "bl recurses" LINE
        "ldr x0, [sp, #16]" LINE
        "ldp x29, x30, [sp], #32" LINE
        "2: ret" LINE
        END(recurses));
long recurses(long n);

/* Calls itself inside the loop. */
__asm__(BEGIN(recurses_within)
        "cbz x0, 2f" LINE
        "stp x29, x30, [sp, #-32]!" LINE
        "stp x0, x19, [sp, #16]" LINE
        "mov x19, #2" LINE
        "recurses_within_head: ldr x0, [sp, #16]" LINE
        "sub x0, x0, #1" LINE
        "bl recurses_within" LINE
        "subs x19, x19, #1" LINE
        "b.ne recurses_within_head" LINE
        "ldp x0, x19, [sp, #16]" LINE
        "ldp x29, x30, [sp], #32" LINE
        "2: ret" LINE
        END(recurses_within));
long recurses_within(long n);

/* A tail call of itself is a loop. */
__asm__(BEGIN(tail_recurses)
        "cbz x0, 1f" LINE
        "sub x0, x0, #1" LINE
        "b tail_recurses" LINE
        "1: ret" LINE
        END(tail_recurses));
long tail_recurses(long n);

/* The header is the first instruction. */
__asm__(BEGIN(begins_with_loop)
        "subs x0, x0, #1" LINE
        "b.ne begins_with_loop" LINE
        "ret" LINE
        END(begins_with_loop));
long begins_with_loop(long n);

/* A loop that never goes round is none. */
__asm__(BEGIN(once)
        "nop" LINE
        "once_head: subs x0, x0, #1" LINE
        "b.gt once_head" LINE
        "ret" LINE
        END(once));
long once(long n);

/* A loop that is never entered is none. */
__asm__(BEGIN(skipped)
        "cbz x0, 1f" LINE
        "skipped_head: subs x0, x0, #1" LINE
        "b.ne skipped_head" LINE
        "1: ret" LINE
        END(skipped));
long skipped(long n);

/* One block in two pages. */
__asm__(BEGIN(over_a_page)
        "b 1f" LINE
        ".balign 4096" LINE
        ".skip 4096 - 8" LINE
        "over_a_page_head: add x1, x1, #1" LINE
        "add x1, x1, #2" LINE
        "add x1, x1, #3" LINE
        "subs x0, x0, #1" LINE
        "b.ne over_a_page_head" LINE
        "ret" LINE
        "1: b over_a_page_head" LINE
        END(over_a_page));
long over_a_page(long n);

/* Longer than a translation block can be. */
__asm__(BEGIN(long_body)
        "nop" LINE
        "long_body_head: .rept 1500" LINE
        "add x1, x1, #1" LINE
        ".endr" LINE
        "subs x0, x0, #1" LINE
        "b.ne long_body_head" LINE
        "ret" LINE
        END(long_body));
long long_body(long n);

/* Four branches back. */
__asm__(BEGIN(latches)
        "latches_head: subs x0, x0, #1" LINE
        "b.le 1f" LINE
        "tbz x0, #0, 2f" LINE
        "tbz x0, #1, latches_head" LINE
        "add x1, x1, #1" LINE
        "b latches_head" LINE
        "2: add x1, x1, #2" LINE
        "tbz x0, #1, latches_head" LINE
        "b latches_head" LINE
        "1: ret" LINE
        END(latches));
long latches(long n);

/* Inner and outer end together. */
__asm__(BEGIN(shared_latch)
        "shared_latch_outer: mov x1, #2" LINE
        "shared_latch_inner: add x2, x2, #1" LINE
        "subs x1, x1, #1" LINE
        "b.ne shared_latch_inner" LINE
        "subs x0, x0, #1" LINE
        "b.eq 1f" LINE
        "b shared_latch_outer" LINE
        "1: ret" LINE
        END(shared_latch));
long shared_latch(long n);

/* A break out of two loops at once. */
__asm__(BEGIN(leaves_two)
        "leaves_two_outer: mov x1, #5" LINE
        "leaves_two_inner: subs x1, x1, #1" LINE
        "b.eq 1f" LINE
        "cmp x1, x0" LINE
        "b.eq 2f" LINE
        "b leaves_two_inner" LINE
        "1: subs x0, x0, #1" LINE
        "b.ne leaves_two_outer" LINE
        "2: ret" LINE
        END(leaves_two));
long leaves_two(long n);

/* Two ways to one header. */
__asm__(BEGIN(entered_twice)
        "tbnz x0, #8, 1f" LINE
        "add x1, x1, #1" LINE
        "b entered_twice_head" LINE
        "1: and x0, x0, #255" LINE
        "entered_twice_head: subs x0, x0, #1" LINE
        "b.gt entered_twice_head" LINE
        "ret" LINE
        END(entered_twice));
long entered_twice(long n);

/* Irreducible, with three ways in. */
__asm__(BEGIN(three_ways_in)
        "cmp x0, #20" LINE
        "b.gt 2f" LINE
        "cmp x0, #10" LINE
        "b.gt 3f" LINE
        "three_ways_in_a: subs x0, x0, #1" LINE
        "b.le 1f" LINE
        "2: subs x0, x0, #1" LINE
        "b.le 1f" LINE
        "3: subs x0, x0, #1" LINE
        "b.gt three_ways_in_a" LINE
        "1: ret" LINE
        END(three_ways_in));
long three_ways_in(long n);

/* No branch inside. */
__asm__(BEGIN(selects)
        "selects_head: tst x0, #1" LINE
        "csel x1, x1, x0, eq" LINE
        "subs x0, x0, #1" LINE
        "b.ne selects_head" LINE
        "ret" LINE
        END(selects));
long selects(long n);

/* Part of the body lies behind the return. */
__asm__(BEGIN(jumps_out_and_back)
        "jumps_out_and_back_head: tbnz x0, #0, 2f" LINE
        "3: subs x0, x0, #1" LINE
        "b.ne jumps_out_and_back_head" LINE
        "ret" LINE
        "2: add x1, x1, #1" LINE
        "b 3b" LINE
        END(jumps_out_and_back));
long jumps_out_and_back(long n);

static void *in_a_thread(void *argument)
{
    do_while(*(long *)argument);
    return NULL;
}

int main(void)
{
    long rounds[2] = { 11, 12 };
    pthread_t threads[2];

    while_loop(5);
    while_loop(0);
    while_loop(1);
    do_while(5);
    do_while(1);
    do_while(7);
    guarded(0);
    guarded(4);
    guarded(1);
    test_below(3);
    test_below(0);
    nested(4);
    nested(1);
    nested_thrice(2);
    in_a_row(3);
    in_a_row(4);
    siblings(3);
    breaks(6);
    breaks(1);
    breaks(100);
    breaks(102);
    continues(7);
    shared_header(3);
    returns_inside(5);
    returns_inside(3);
    returns_inside(9);
    unrolled(11);
    unrolled(4);
    unrolled(3);
    unrolled(8);
    switches(9);
    interprets(6);
    goes_to(3);
    two_ways_in(7);
    two_ways_in(4);
    irreducible_outside(6);
    irreducible_outside(5);
    irreducible_inside(4);
    calls_inside(3);
    recurses(4);
    recurses_within(3);
    tail_recurses(4);
    tail_recurses(0);
    begins_with_loop(5);
    begins_with_loop(2);
    once(1);
    once(0);
    skipped(0);
    over_a_page(6);
    over_a_page(3);
    long_body(4);
    latches(12);
    shared_latch(3);
    leaves_two(7);
    leaves_two(2);
    entered_twice(4);
    entered_twice(256 + 6);
    entered_twice(3);
    three_ways_in(9);
    three_ways_in(15);
    three_ways_in(24);
    selects(8);
    jumps_out_and_back(6);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, in_a_thread, &rounds[i]);
        pthread_join(threads[i], NULL);
    }
    return 0;
}
