# shellcheck shell=bash
# What `cairn demo` needs besides a QEMU: a real program and 4 MiB to compress.
# Needs cache.sh, jdk.sh, guests.sh.

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
