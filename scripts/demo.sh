# shellcheck shell=bash
# What `cairn demo` needs besides a QEMU: a real program and 4 MiB to compress.
# Needs cache.sh, jdk.sh, guests.sh.

demo_help() {
  cat <<'HELP'
Usage: cairn demo [STUDY OPTIONS]
Studies a real program: fetches Debian's arm64 xz, makes 4 MiB to compress, and
estimates the cycles per instruction of `xz -9` (about 6 G instructions) from a
few regions of its run. The study is kept in ./xz-study. Needs a network the
first time; options go on to `cairn study`, see its --help.

Examples:
  cairn demo          the estimate
  cairn demo --full   also time every instruction, to know the true error
HELP
}

# need_demo_input: sets DEMO_INPUT, making the file the first time.
need_demo_input() {
  cache_folder demo log
  DEMO_INPUT=$CAIRN_CACHE/demo/input
  [[ -e $DEMO_INPUT ]] || with_lock demo 'making the input' make_demo_input
}

make_demo_input() {
  local log
  [[ -e $DEMO_INPUT ]] && return
  new_log log demo-input
  progress 'making an input of 4 MiB'
  quiet "$log" "$JAVA_HOME/bin/java" "$CAIRN_HOME/scripts/DemoInput.java" "$DEMO_INPUT.new" &&
    mv "$DEMO_INPUT.new" "$DEMO_INPUT" || failed "$log" 'making the input'
  progress_end
}
