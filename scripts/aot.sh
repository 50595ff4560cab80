# shellcheck shell=bash
# Java's caches for faster starts: classes loaded and linked ahead of time, a cache
# for each command that runs a guest, as all that is in it is loaded. A command's is
# made by its first start, beside the jar. Without it all goes as well, only later.
# Needs cache.sh, jdk.sh, jar.sh, probe.sh.

AOT_FOLDER=$CAIRN_HOME/target/aot

# picocli with what Java must find in a class to keep it in a cache.
AOT_PICOCLI=$AOT_FOLDER/picocli.jar

# need_aot_cache COMMAND: makes it when it is missing or older than the jar.
need_aot_cache() {
  [[ ! $AOT_FOLDER/$1.aot -nt $CAIRN_JAR && -w $CAIRN_HOME/target && -x $CAIRN_CACHE/probe/exit42 ]] || return 0
  with_lock aot 'faster starts' make_aot_cache "$1"
}

# An empty file says that it could not be made; nobody waits for that twice.
make_aot_cache() {
  local command=$1 cache=$AOT_FOLDER/$1.aot work=$AOT_FOLDER/work log status=0
  local run
  [[ ! $cache -nt $CAIRN_JAR ]] || return 0
  progress "preparing faster starts of '$command', once"
  new_log log "aot-$command"
  rm -rf -- "$work"
  mkdir -p -- "$work"
  [[ $AOT_PICOCLI -nt $CAIRN_JAR ]] || make_aot_picocli "$log" "$work/picocli.jar"
  use_aot_cache "$command"
  local checkpoint=(checkpoint --at 1 -o "$work/output" -- "$CAIRN_CACHE/probe/exit42")
  case $command in
    checkpoint) run=("${checkpoint[@]}") ;;
    restore)
      quiet "$log" "$JAVA_HOME/bin/java" "${JAVA_OPTIONS[@]}" "${JAVA_CLASSES[@]}" "${checkpoint[@]}" || true
      run=(restore "$work/output/at-1")
      ;;
    *)
      run=("$command" --json "$work/result" -- "$CAIRN_CACHE/probe/exit42")
      [[ $command != @(profile|study) ]] || run=("$command" -o "$work/output" "${run[@]:1}")
      ;;
  esac
  quiet "$log" "$JAVA_HOME/bin/java" "${JAVA_OPTIONS[@]}" "-XX:AOTCacheOutput=$work/cache" "${JAVA_CLASSES[@]}" \
    "${run[@]}" || status=$?
  if ((status != 42)) || [[ ! -e $work/cache ]]; then
    : >"$AOT_PICOCLI"
    : >"$work/cache"
  fi
  mv -- "$work/cache" "$cache"
  rm -rf -- "$work"
  progress_end
}

# make_aot_picocli LOG NEW: picocli's classes are of Java 5 and lack stack maps,
# without which Java keeps none of them. They get them here; what they do stays.
make_aot_picocli() {
  local log=$1 new=$2
  quiet "$log" "$JAVA_HOME/bin/java" "$CAIRN_HOME/scripts/StackMaps.java" "$CAIRN_HOME"/target/lib/picocli-*.jar "$new" &&
    [[ -e $new ]] || : >"$new"
  mv -- "$new" "$AOT_PICOCLI"
}

# use_aot_cache COMMAND: sets JAVA_CLASSES, the options that say where Java finds
# Cairn's classes. What Java says of a cache that does not fit must not come between
# the guest's output; its errors stay.
use_aot_cache() {
  local cache=$AOT_FOLDER/$1.aot path=$CAIRN_JAR
  [[ ! -s $AOT_PICOCLI || ! $AOT_PICOCLI -nt $CAIRN_JAR ]] || path=$AOT_PICOCLI:$path
  JAVA_CLASSES=(-cp "$path" dev.cairn.cli.Main)
  if [[ -s $cache && $cache -nt $CAIRN_JAR ]]; then
    JAVA_CLASSES=("-XX:AOTCache=$cache" '-Xlog:aot*=off,cds*=off' "${JAVA_CLASSES[@]}")
  fi
}
