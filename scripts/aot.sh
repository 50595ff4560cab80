# shellcheck shell=bash
# Java's caches for faster starts: classes loaded and linked ahead of time, a cache
# for each command that runs a guest, as all that is in it is loaded. They are made
# beside the jar: all of them by the first start that runs a guest in a new clone, and
# when the jar has been built anew, a command's by its own next start. Without them all
# goes as well, only later. Needs cache.sh, jdk.sh, jar.sh, probe.sh.

AOT_FOLDER=$CAIRN_HOME/target/aot
AOT_STUDY_COMMANDS=(stat profile time study checkpoint restore)
# shellcheck disable=SC2034 # for bench/measure.sh
AOT_COMMANDS=("${AOT_STUDY_COMMANDS[@]}" blocks calls loops syscalls trace cache locality)

# picocli with what Java must find in a class to keep it in a cache.
AOT_PICOCLI=$AOT_FOLDER/picocli.jar

# need_aot_cache COMMAND: makes it when it is missing or older than the jar.
need_aot_cache() {
  aot_is_wanted "$1" || return 0
  with_lock aot 'faster starts' make_aot_caches "$1"
}

# aot_is_wanted COMMAND: whether its cache can be made and is not there.
aot_is_wanted() {
  [[ ! $AOT_FOLDER/$1.aot -nt $CAIRN_JAR && -w $CAIRN_HOME/target && -x $CAIRN_CACHE/probe/exit42 ]]
}

# make_aot_caches COMMAND: the command's; of one that a study takes, those of all such
# where there is none yet.
make_aot_caches() {
  local command commands=("$1") made=0
  [[ " ${AOT_STUDY_COMMANDS[*]} " != *" $1 "* || -s $AOT_FOLDER/stat.aot ]] || commands=("${AOT_STUDY_COMMANDS[@]}")
  for command in "${commands[@]}"; do
    made=$((made + 1))
    ! aot_is_wanted "$command" || make_aot_cache "$command" "$made of ${#commands[@]}"
  done
  progress_end
}

# make_aot_cache COMMAND WHICH: an empty file says that it could not be made; nobody
# waits for that twice.
make_aot_cache() {
  local command=$1 cache=$AOT_FOLDER/$1.aot work=$AOT_FOLDER/work log status=0
  local run
  progress "preparing faster starts of '$command', once ($2)"
  new_log log "aot-$command"
  rm -rf -- "$work"
  mkdir -p -- "$work"
  [[ $AOT_PICOCLI -nt $CAIRN_JAR ]] || make_aot_picocli "$log" "$work/picocli.jar"
  use_aot_cache "$command"
  write_filling_guest >"$work/guest"
  chmod +x "$work/guest"
  local checkpoint=(checkpoint --at 1 --at 60 --at 131 -o "$work/output" -- "$work/guest")
  case $command in
    checkpoint) run=("${checkpoint[@]}") ;;
    restore)
      quiet "$log" "$JAVA_HOME/bin/java" "${JAVA_OPTIONS[@]}" "${JAVA_CLASSES[@]}" "${checkpoint[@]}" || true
      run=(restore "$work/output/at-131")
      ;;
    *)
      run=("$command" --json "$work/result" -- "$CAIRN_CACHE/probe/exit42")
      [[ $command != @(profile|study|trace) ]] || run=("$command" -o "$work/output" "${run[@]:1}")
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
}

# An AArch64 program that writes to 32 pages and exits with 42 behind 133 instructions:
# so many pages that a checkpoint of it is restored as a large one is. The file is made
# as write_tiny_guest makes its own.
write_filling_guest() {
  printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0\x01\0\0\0'
  printf '\x78\0\x40\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x38\0\x01\0\0\0\0\0\0\0'
  # PT_LOAD, to be read, written and executed: 156 bytes, and 256 KiB in memory
  printf '\x01\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40\0\0\0\0\0'
  printf '\x9c\0\0\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x01\0\0\0\0\0'
  # mov x1, #0x410000; mov x2, #32; each page: str x1, [x1]; add x1, x1, #4096
  printf '\x21\x08\xa0\xd2\x02\x04\x80\xd2\x21\0\0\xf9\x21\x04\x40\x91'
  # subs x2, x2, #1; b.ne to the store; mov x8, #93; mov x0, #42; svc #0
  printf '\x42\x04\0\xf1\xa1\xff\xff\x54\xa8\x0b\x80\xd2\x40\x05\x80\xd2\x01\0\0\xd4'
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
