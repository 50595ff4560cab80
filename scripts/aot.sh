# shellcheck shell=bash
# A cache of Java's for faster starts: classes loaded and linked ahead of time.
# It is made once from a small study, beside the jar. Without it all goes as
# well, only later. Needs cache.sh, jdk.sh, jar.sh, probe.sh.

AOT_CACHE=$CAIRN_HOME/target/cairn.aot
AOT_OPTIONS=()

# need_aot_cache: makes it when it is missing or older than the jar.
need_aot_cache() {
  [[ ! $AOT_CACHE -nt $CAIRN_JAR && -w $CAIRN_HOME/target && -x $CAIRN_CACHE/probe/exit42 ]] || return 0
  with_lock aot 'faster starts' make_aot_cache
}

# An empty file says that it could not be made; nobody waits for that twice.
make_aot_cache() {
  local work=$CAIRN_HOME/target/aot log
  [[ ! $AOT_CACHE -nt $CAIRN_JAR ]] || return 0
  progress 'preparing faster starts, once'
  new_log log aot
  rm -rf -- "$work"
  mkdir -- "$work"
  quiet "$log" "$JAVA_HOME/bin/java" "${JAVA_OPTIONS[@]}" "-XX:AOTCacheOutput=$work/cairn.aot" -jar "$CAIRN_JAR" \
    study -o "$work/study" -- "$CAIRN_CACHE/probe/exit42" || true
  [[ -e $work/cairn.aot ]] || : >"$work/cairn.aot"
  mv -- "$work/cairn.aot" "$AOT_CACHE"
  rm -rf -- "$work"
  progress_end
}

# use_aot_cache: sets AOT_OPTIONS. What Java says of a cache that does not fit must
# not come between the guest's output; its errors stay.
use_aot_cache() {
  if [[ -s $AOT_CACHE && $AOT_CACHE -nt $CAIRN_JAR ]]; then
    # shellcheck disable=SC2034 # for the launcher
    AOT_OPTIONS=("-XX:AOTCache=$AOT_CACHE" "-Xlog:aot*=off,cds*=off")
  fi
}
