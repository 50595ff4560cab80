/// What a run of a program did, block by block: basic-block vectors and their files, control flow,
/// functions. Knows `event` and `program`; knows nothing of sampling, timing or studies.
@NullMarked
package dev.cairn.profile;

import org.jspecify.annotations.NullMarked;
