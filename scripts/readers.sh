# shellcheck shell=bash
# Other tools' readers of the files that Cairn exports, for the tests: Valgrind's
# callgrind_annotate, nop of Graphviz, which reads a graph and writes it again, lcov
# and genhtml, flamegraph.pl, TracerBench's model of trace events, and CRIU's crit. Packages of the
# machine's own release, unpacked into the cache, but for LCOV: bookworm's is the last
# that takes no more than Perl itself, and crit, which only bookworm has; the model is npm's.
# Needs cache.sh, apt.sh, tools.sh.

# shellcheck source=scripts/checkpoints.sh
. "$CAIRN_HOME/scripts/checkpoints.sh"

OLDER_SUITE=bookworm
TRACE_MODEL=@tracerbench/trace-model@8.0.0

has_perl() { perl -MDigest::MD5 -MFile::Find -MGetopt::Long -e 1 2>/dev/null; }

# need_readers: sets CAIRN_READERS, a folder with their programs,
# CAIRN_CHECKPOINT_READERS and CAIRN_PARQUET_READER.
need_readers() {
  need_checkpoint_readers
  need_parquet_reader
  has_perl || machine_packages 'reading exports in the tests' perl
  hash node npm 2>/dev/null || machine_packages 'reading exports in the tests' nodejs npm
  hash python3 2>/dev/null || machine_packages 'reading exports in the tests' python3
  export CAIRN_READERS=$CAIRN_CACHE/readers-5
  [[ -x $CAIRN_READERS/nop ]] || with_lock readers 'fetching readers of exports' fetch_readers
}

fetch_readers() {
  [[ -x $CAIRN_READERS/nop ]] && return
  local work=$CAIRN_CACHE/unpacking-readers log libs
  remove_leftovers "$work"
  cache_folder log apt unpacking-readers
  say 'fetching callgrind_annotate, nop, lcov, genhtml, flamegraph.pl, crit and a model of trace events for the tests'
  apt_state machine "$(machine_architecture)"
  new_log log readers
  progress 'fetching readers of exports'
  fetch_packages "$work/packages" "$log" valgrind graphviz libcgraph6 libcdt5 libdevel-nytprof-perl
  apt_state lcov "$(machine_architecture)" "deb:$OLDER_SUITE"
  fetch_packages "$work/packages" "$log" lcov criu python3-protobuf
  libs=$(cd "$work/packages/usr/lib" && printf '%s' *-linux-gnu)
  mkdir -p "$work/kept/lib"
  cp -L "$work"/packages/usr/lib/"$libs"/lib{cgraph.so.6,cdt.so.5} "$work/kept/lib/" &&
    cp -L "$work/packages/usr/bin/nop" "$work/kept/nop.bin" &&
    cp "$work"/packages/usr/bin/{callgrind_annotate,lcov,genhtml} "$work/kept/" &&
    cp "$(find "$work/packages/usr" -name flamegraph.pl -print -quit)" "$work/kept/" && chmod +x "$work/kept/flamegraph.pl" || failed "$log" 'unpacking the readers'
  cat >"$work/kept/nop" <<'WRAPPER'
#!/bin/sh
# nop with the libraries that are unpacked here.
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH=$here/lib exec "$here/nop.bin" "$@"
WRAPPER
  mkdir "$work/kept/python" &&
    cp -r "$work"/packages/usr/lib/python3/dist-packages/{google,pycriu} "$work/kept/python/" &&
    cp "$work/packages/usr/bin/crit" "$work/kept/crit.py" || failed "$log" 'unpacking crit'
  cat >"$work/kept/crit" <<'WRAPPER'
#!/bin/sh
# crit with the modules that are unpacked here, which need nothing but Python.
here=$(dirname "$(readlink -f "$0")")
export PYTHONPATH="$here/python" PYTHONDONTWRITEBYTECODE=1 PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python
exec python3 "$here/crit.py" "$@"
WRAPPER
  chmod +x "$work/kept/nop" "$work/kept/crit"
  printf 'digraph { a -> b }\n' | quiet "$log" "$work/kept/nop" || failed "$log" 'starting nop'
  printf 'a;b 1\n' >"$work/stacks"
  quiet "$log" "$work/kept/flamegraph.pl" "$work/stacks" || failed "$log" 'starting flamegraph.pl'
  quiet "$log" "$work/kept/lcov" --version || failed "$log" 'starting lcov'
  quiet "$log" "$work/kept/crit" --help || failed "$log" 'starting crit'
  quiet "$log" npm install --prefix "$work/kept" --no-save --ignore-scripts --no-audit --no-fund "$TRACE_MODEL" ||
    failed "$log" 'fetching the model of trace events by npm'
  mv -T "$work/kept" "$CAIRN_READERS" || failed "$log" 'naming the readers'
  remove_leftovers "$work"
  progress_end
}

# need_parquet_reader: sets CAIRN_PARQUET_READER, a folder with hyparquet, of npm, which
# reads Parquet and shares nothing with what writes it.
PARQUET_READER=(hyparquet@1.31.5 hyparquet-compressors@1.1.2)

need_parquet_reader() {
  hash node npm 2>/dev/null || machine_packages 'reading exports in the tests' nodejs npm
  export CAIRN_PARQUET_READER=$CAIRN_CACHE/parquet-reader-1
  [[ -d $CAIRN_PARQUET_READER ]] || with_lock readers 'fetching a reader of Parquet' fetch_parquet_reader
}

fetch_parquet_reader() {
  [[ -d $CAIRN_PARQUET_READER ]] && return
  local work=$CAIRN_CACHE/unpacking-parquet-reader log
  remove_leftovers "$work"
  cache_folder log unpacking-parquet-reader
  new_log log parquet-reader
  quiet "$log" npm install --prefix "$work" --no-save --ignore-scripts --no-audit --no-fund "${PARQUET_READER[@]}" ||
    failed "$log" 'fetching a reader of Parquet by npm'
  mv -T "$work" "$CAIRN_PARQUET_READER" || failed "$log" 'naming the reader of Parquet'
}
