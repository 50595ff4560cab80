# shellcheck shell=bash
# Other tools' readers of the files that Cairn exports, for the tests: Valgrind's
# callgrind_annotate, and nop of Graphviz, which reads a graph and writes it again.
# Packages of the machine's own release, unpacked into the cache. Needs cache.sh,
# apt.sh.

# need_readers: sets CAIRN_READERS, a folder with their programs.
need_readers() {
  export CAIRN_READERS=$CAIRN_CACHE/readers
  [[ -x $CAIRN_READERS/nop ]] || with_lock readers 'fetching readers of exports' fetch_readers
}

fetch_readers() {
  [[ -x $CAIRN_READERS/nop ]] && return
  local work=$CAIRN_CACHE/unpacking-readers log libs
  remove_leftovers "$work"
  cache_folder log apt unpacking-readers
  say 'fetching callgrind_annotate and nop for the tests'
  apt_state machine "$(machine_architecture)"
  new_log log readers
  progress 'fetching readers of exports'
  fetch_packages "$work/packages" "$log" valgrind graphviz libcgraph6 libcdt5
  libs=$(cd "$work/packages/usr/lib" && printf '%s' *-linux-gnu)
  mkdir -p "$work/kept/lib"
  cp -L "$work"/packages/usr/lib/"$libs"/lib{cgraph.so.6,cdt.so.5} "$work/kept/lib/" &&
    cp -L "$work/packages/usr/bin/nop" "$work/kept/nop.bin" &&
    cp "$work/packages/usr/bin/callgrind_annotate" "$work/kept/" || failed "$log" 'unpacking the readers'
  cat >"$work/kept/nop" <<'WRAPPER'
#!/bin/sh
# nop with the libraries that are unpacked here.
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH=$here/lib exec "$here/nop.bin" "$@"
WRAPPER
  chmod +x "$work/kept/nop"
  printf 'digraph { a -> b }\n' | quiet "$log" "$work/kept/nop" || failed "$log" 'starting nop'
  mv -T "$work/kept" "$CAIRN_READERS" || failed "$log" 'naming the readers'
  remove_leftovers "$work"
  progress_end
}
