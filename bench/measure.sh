# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is for the scripts that source this
# What the scripts in this folder share: set-up as ./test does it, the programs that
# are measured, seconds of a command, medians, and the lines of the table.

CAIRN_HOME=$(readlink -f "${BASH_SOURCE[0]}")
export CAIRN_HOME=${CAIRN_HOME%/bench/*}
for part in cache jdk jar apt tools qemu probe aot guests demo; do
  # shellcheck source=/dev/null
  . "$CAIRN_HOME/scripts/$part.sh"
done

# bench_options HELP ARGS...: reads -n RUNS and -h; what is left is in REST.
bench_options() {
  local help=$1 option
  shift
  RUNS=${RUNS:-5}
  OPTIND=1
  while getopts n:h option; do
    case $option in
      n) RUNS=$OPTARG ;;
      h) printf '%s\n' "$help" && exit 0 ;;
      *) printf '%s\n' "$help" >&2 && exit 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  [[ $RUNS =~ ^[1-9][0-9]*$ ]] || die "-n must be a number of runs: $RUNS"
  # shellcheck disable=SC2034 # for the scripts
  REST=("$@")
}

# bench_ends STATUS: takes the folder away, and says so if the script is not through: a
# command that fails where nobody looks, or a signal, would end it without a word.
bench_ends() {
  [[ -z $WORK ]] || rm -rf -- "$WORK"
  [[ $1 == 0 || -n $WHOLE ]] || say "bench/${0##*/} ended before it was through, with status $1"
}

# command_failed LINE STATUS COMMAND: says what ends the script, unless it is the last
# command, by which each of them says that a target was missed.
command_failed() {
  # shellcheck disable=SC2016 # the text of the command
  if [[ $3 == '[[ -z $MISSED ]]' ]]; then
    WHOLE=1
  else
    say "${BASH_SOURCE[1]##*/}, line $1: status $2 of: $3"
  fi
}

# bench_begin: sets up, and makes a folder that goes away with this script.
bench_begin() {
  local command
  stop_cleanly
  set -E
  trap 'command_failed "$LINENO" "$?" "$BASH_COMMAND"' ERR
  trap 'bench_ends "$?"' EXIT
  need_jdk
  need_jar
  need_qemu
  for command in "${AOT_COMMANDS[@]}"; do need_aot_cache "$command"; done
  need_guests all
  need_demo_input
  need_cross_compiler
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/cairn-bench.XXXXXX") || die 'no folder for temporary files'
  "$CAIRN_CROSS_CC" -O2 -static -pthread -o "$WORK/mix" "$CAIRN_HOME/src/test/resources/guest/mix.c" ||
    die 'compiling mix.c did not work'
  cat >"$WORK/sort.lua" <<'LUA'
local n, s, t = tonumber(arg[1]), 12345, {}
for i = 1, n do s = (s * 1103515245 + 12345) % 2147483648; t[i] = s end
table.sort(t)
print(t[1], t[n])
LUA
}

# The programs: all run for 1 G instructions and more.
PROGRAMS=(mix xz gzip bzip2 sqlite lua)

# query ROWS: what SQLite is asked. Temporary files would have names that differ from
# run to run.
query() {
  printf '%s' 'PRAGMA temp_store = memory; ' "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)," \
    " t(k, v) AS (SELECT (i * 7919) % 300007, 'row ' || i FROM n)" \
    ' SELECT k % 100, count(*), max(v), sum(length(v)) FROM t GROUP BY 1 ORDER BY 1;'
}

# guest NAME: sets GUEST to a program's command line.
guest() {
  local bin=$CAIRN_SYSROOT/usr/bin
  case $1 in
    mix) GUEST=("$WORK/mix" 20) ;;
    xz) GUEST=("$bin/xz" -9 -k -c "$DEMO_INPUT") ;;
    gzip) GUEST=("$bin/gzip" -9 -c "$DEMO_INPUT") ;;
    bzip2) GUEST=("$bin/bzip2" -9 -k -c "$DEMO_INPUT") ;;
    sqlite) GUEST=("$bin/sqlite3" :memory: "$(query 150000)") ;;
    lua) GUEST=("$bin/lua5.4" "$WORK/sort.lua" 300000) ;;
    *) die "no such program: $1 (${PROGRAMS[*]})" ;;
  esac
}

# seconds COMMAND...: sets SECONDS_TAKEN to the wall time of the whole command, its
# output thrown away.
seconds() {
  local begun=$EPOCHREALTIME ended
  "$@" >/dev/null 2>"$WORK/errors" </dev/null || {
    cat "$WORK/errors" >&2
    die "failed: $*"
  }
  ended=$EPOCHREALTIME
  SECONDS_TAKEN=$(calculate "(${ended/,/.}) - (${begun/,/.})" %.6f)
}

# Plain QEMU, as a user calls it.
plain() { "$CAIRN_QEMU_RESOLVED" -cpu neoverse-n1 -L "$CAIRN_SYSROOT" "$@"; }

cairn() { "$CAIRN_HOME/cairn" "$@"; }

# calculate EXPRESSION [FORMAT]
calculate() { awk "BEGIN { printf(\"${2:-%.3f}\", ($1)) }"; }

# median NUMBER...: of an even number of them, the mean of the two in the middle.
median() {
  printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 }
    END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# field FILE PATH: a number from a JSON file, as `cpi.estimate`. The files are
# Cairn's own: one member a line, two blanks a level.
field() {
  awk -v path="$2" '
    BEGIN { depth = split(path, want, ".") }
    { match($0, /^ */); level = RLENGTH / 2
      if (match($0, /"[^"]+"/)) name[level] = substr($0, RSTART + 1, RLENGTH - 2)
      if (level != depth) next
      for (i = 1; i <= depth; i++) if (name[i] != want[i]) next
      sub(/^[^:]*: */, ""); sub(/,$/, ""); print; exit }' "$1"
}

# machine: what the figures were taken on.
machine() {
  printf '%s, %s processors, load %s; %s; Java %s\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" \
    "$("$CAIRN_QEMU_RESOLVED" --version | head -1)" "$(sed -nE 's/^JAVA_VERSION="(.*)"/\1/p' "$JAVA_HOME/release")"
}

# verdict WHAT TARGET MEASURED CONDITION: a line of the table; the condition is
# awk's. Sets MISSED if it does not hold.
verdict() {
  local met=yes
  [[ $(calculate "$4" %d) == 1 ]] || { met=NO && MISSED=1; }
  printf '| %s | %s | %s | %s |\n' "$1" "$2" "$3" "$met"
}
MISSED=
WHOLE=
WORK=
