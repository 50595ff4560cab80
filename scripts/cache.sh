# shellcheck shell=bash
# The cache folder: where it is, its locks, its logs; and how set-up speaks.
# Sourced by the launcher, ./test and the other scripts; it runs nothing by itself.

HOME_FOLDER=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6 || true)}
CAIRN_CACHE=${XDG_CACHE_HOME:-${HOME_FOLDER:-/nonexistent}/.cache}/cairn
[[ $CAIRN_CACHE == /* ]] || CAIRN_CACHE=$PWD/$CAIRN_CACHE
export CAIRN_CACHE

# One line for the user. Everything that set-up says goes to standard error:
# standard output belongs to the guest.
say() { printf 'cairn: %s\n' "$*" >&2; }

# One line with the way out, then the end.
die() {
  progress_end
  say "$*"
  exit 1
}

# A line that is written over on a terminal. In a pipe only its end is seen.
progress() {
  if [[ -t 2 ]]; then
    printf '\r\033[Kcairn: %s' "$*" >&2
    PROGRESS_OPEN=1
  fi
}

progress_end() {
  if [[ -n ${PROGRESS_OPEN:-} ]]; then
    printf '\r\033[K' >&2
    PROGRESS_OPEN=
  fi
}

# cache_folder NAME...: makes folders below the cache.
cache_folder() {
  local name
  for name in "$@"; do
    mkdir -p "$CAIRN_CACHE/$name" 2>/dev/null && [[ -w $CAIRN_CACHE/$name ]] ||
      die "cannot write to $CAIRN_CACHE; set XDG_CACHE_HOME to a folder of yours that can be written"
  done
}

# with_lock NAME WHAT COMMAND...: runs a shell function while holding a lock, so
# that of two starts at a time one works and the other waits. The kernel frees
# the lock when its holder dies; children are started without it (see `start`).
with_lock() {
  local name=$1 what=$2 fd status=0
  shift 2
  cache_folder lock
  exec {fd}>"$CAIRN_CACHE/lock/$name" || die "cannot write to $CAIRN_CACHE/lock"
  if ! flock --nonblock "$fd"; then
    say "another start is at work on this ($what); waiting for it"
    flock "$fd" || die "cannot lock $CAIRN_CACHE/lock/$name"
  fi
  LOCK_FDS+=("$fd")
  "$@" || status=$?
  unset 'LOCK_FDS[-1]'
  exec {fd}>&-
  return "$status"
}
LOCK_FDS=()

# start LOG COMMAND...: starts a program in the background, its output appended
# to a log. It holds none of our locks, reads nothing, and is killed when this
# shell dies, however it dies. Sets CHILD.
start() {
  local log=$1 fd
  shift
  { printf '\n$'; printf ' %q' "$@"; printf '\n'; } >>"$log"
  (
    for fd in "${LOCK_FDS[@]}"; do exec {fd}>&-; done
    exec setpriv --pdeathsig TERM -- "$@"
  ) </dev/null >>"$log" 2>&1 &
  CHILD=$!
}

# quiet LOG COMMAND...: the same, and waits. A trap runs at once in the meantime.
quiet() {
  start "$@"
  wait "$CHILD"
}

# new_log VARIABLE NAME: starts a log afresh and puts its path in a variable.
new_log() {
  printf -v "$1" '%s' "$CAIRN_CACHE/log/$2.log"
  date -u '+%Y-%m-%dT%H:%M:%SZ' 2>/dev/null >"${!1}" ||
    die "cannot write to ${!1}; $(disk_full && printf 'the disk is full' || printf 'whose is it?')"
}

# failed LOG WHAT: says what did not work, why as far as it can be told from the
# log, and where the log is.
failed() {
  local log=$1 what=$2 why=
  if grep -q 'No space left on device' "$log" 2>/dev/null || disk_full; then
    why='; the disk is full'
  elif grep -qE 'Could not resolve|Temporary failure|Cannot initiate|Could not connect|Network is unreachable' "$log" 2>/dev/null; then
    why='; the package mirror cannot be reached'
  else
    why=$(grep -v '^$' "$log" | tail -1 | cut -c1-200)
    why=" (${why:-it said nothing})"
  fi
  die "$what did not work$why. Its log is $log; start again when the cause is gone"
}

disk_full() {
  local free
  free=$(df -Pk "$CAIRN_CACHE" 2>/dev/null | awk 'NR == 2 { print $4 }')
  [[ -n $free ]] && ((free < 1024))
}

# need_space MEGABYTES WHAT: an early end instead of a late one.
need_space() {
  local free
  free=$(df -Pk "$CAIRN_CACHE" | awk 'NR == 2 { print int($4 / 1024) }')
  ((free >= $1)) || die "$2 needs $1 MB in $CAIRN_CACHE and there are $free MB; free some, or set XDG_CACHE_HOME to another disk"
}

# remove_leftovers PATTERN...: what a killed start left below the cache. Only to
# be called with the lock held that guards these names.
remove_leftovers() {
  local path
  for path in "$@"; do
    [[ $path == "$CAIRN_CACHE"/* ]] && rm -rf -- "$path"
  done
  return 0
}

# stop_cleanly: on Ctrl-C and the like say so and end; our children get their
# signal by our death, the kernel frees our locks, and the next start removes
# what lies about.
stop_cleanly() {
  trap 'progress_end; say "interrupted; the next start goes on"; exit 130' INT
  trap 'progress_end; exit 143' TERM HUP
}
