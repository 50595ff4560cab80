# shellcheck shell=bash
# Finding a QEMU and building the probe for it. A QEMU is taken when it really
# loads the probe, whatever its version says. Needs cache.sh, tools.sh, qemu.sh.

PROBE_FLAGS=(-std=gnu11 -O2 -g -fPIC -shared -fvisibility=hidden -Wall -Wextra -Wno-unused-parameter)

# What was found, for the next start: a fingerprint, the QEMU, the probe.
RESOLVED=$CAIRN_CACHE/resolved

# find_cached_qemu: sets CACHED_QEMU to the newest QEMU in the cache, if one is whole
# (its folder gets its name last), else to nothing.
find_cached_qemu() {
  local folder
  CACHED_QEMU=
  for folder in "$CAIRN_CACHE"/qemu-[0-9]*; do
    [[ ! -x $folder/bin/qemu-aarch64 ]] || CACHED_QEMU=$folder
  done
  [[ -n $CACHED_QEMU ]]
}

cached_qemu() { find_cached_qemu && printf '%s' "$CACHED_QEMU"; }

# resolution_fingerprint: sets FINGERPRINT to all that the search's answer hangs on.
# Each start asks, so that it starts no program but one.
resolution_fingerprint() {
  local on_path='' files
  ! hash qemu-aarch64 2>/dev/null || on_path=${BASH_CMDS[qemu-aarch64]}
  find_cached_qemu || true
  files=$(exec stat -L -c '%n %s %Y %i' "$CAIRN_HOME"/probe/*.[ch] ${CAIRN_QEMU:+"$CAIRN_QEMU"} \
    ${CAIRN_QEMU_HEADER:+"$CAIRN_QEMU_HEADER"} ${on_path:+"$on_path"} ${CACHED_QEMU:+"$CACHED_QEMU/bin/qemu-aarch64"} 2>/dev/null) || true
  FINGERPRINT="${CAIRN_QEMU:-}|${CAIRN_QEMU_HEADER:-}|$on_path|$CACHED_QEMU|${files//$'\n'/|}"
}

# known_qemu: takes the answer of an earlier start while it still holds.
known_qemu() {
  local lines
  [[ -r $RESOLVED ]] || return 1
  mapfile -t lines <"$RESOLVED"
  [[ ${#lines[@]} == 3 && -x ${lines[1]} && -r ${lines[2]} ]] || return 1
  resolution_fingerprint
  [[ ${lines[0]} == "$FINGERPRINT" ]] || return 1
  export CAIRN_QEMU_RESOLVED=${lines[1]} CAIRN_PROBE=${lines[2]}
}

# first_qemu COMMAND: of the QEMUs that are here, in the order of preference, the first
# with which the command succeeds: the user's own alone, or else the one on PATH, then
# the one in the cache.
first_qemu() {
  local qemu qemus=()
  if [[ -n ${CAIRN_QEMU:-} ]]; then
    qemus=("$CAIRN_QEMU")
  else
    ! qemu=$(type -P qemu-aarch64) || qemus+=("$qemu")
    ! find_cached_qemu || qemus+=("$CACHED_QEMU/bin/qemu-aarch64")
  fi
  for qemu in "${qemus[@]}"; do
    if [[ -f $qemu && -x $qemu ]] && "$1" "$(realpath "$qemu")"; then return; fi
  done
  return 1
}

# need_qemu: sets CAIRN_QEMU_RESOLVED and CAIRN_PROBE, building what is missing.
need_qemu() {
  known_qemu && return
  cache_folder log probe
  if [[ -n ${CAIRN_QEMU:-} ]]; then
    [[ -f $CAIRN_QEMU && -x $CAIRN_QEMU ]] || die "CAIRN_QEMU is not a program: $CAIRN_QEMU"
    first_qemu try_qemu ||
      die "CAIRN_QEMU=$CAIRN_QEMU does not load the probe: $WHY_NOT. Unset CAIRN_QEMU to let Cairn find or build one"
  elif ! first_qemu try_qemu; then
    need_cached_qemu
    try_qemu "$(cached_qemu)/bin/qemu-aarch64" ||
      die "the QEMU in $(cached_qemu) does not load the probe: $WHY_NOT"
  fi
  progress_end
  resolution_fingerprint
  printf '%s\n' "$FINGERPRINT" "$CAIRN_QEMU_RESOLVED" "$CAIRN_PROBE" >"$RESOLVED.$$" &&
    mv "$RESOLVED.$$" "$RESOLVED"
}

# try_qemu QEMU: whether this QEMU runs a guest with the probe in it. If so it is
# the one; if not WHY_NOT tells.
try_qemu() {
  local qemu=$1 answer status=0 guest=$CAIRN_CACHE/probe/exit42
  [[ -e $guest ]] || { write_tiny_guest >"$guest.$$" && chmod +x "$guest.$$" && mv "$guest.$$" "$guest"; }
  if ! qemu_has_plugins "$qemu"; then
    WHY_NOT='it was built without plugins'
    return 1
  fi
  find_plugin_header "$qemu"
  build_probe "$PLUGIN_HEADER"
  answer=$(timeout 30 "$qemu" -plugin "$BUILT_PROBE,check=on" "$guest" 2>&1 </dev/null) || status=$?
  if ((status != 42)); then
    WHY_NOT=${answer:-"it ended with status $status"}
    WHY_NOT=${WHY_NOT%%$'\n'*}
    [[ $WHY_NOT != *'API version'* ]] ||
      WHY_NOT+="; it was compiled against $PLUGIN_HEADER: name this QEMU's own qemu-plugin.h by CAIRN_QEMU_HEADER"
    return 1
  fi
  export CAIRN_QEMU_RESOLVED=$qemu CAIRN_PROBE=$BUILT_PROBE
}

# A QEMU without plugins does not know the option; one with them misses the file.
qemu_has_plugins() {
  timeout 30 "$1" -h 2>/dev/null </dev/null | grep -q -e '-plugin '
}

# candidate_qemu: what need_qemu would try and take without building a QEMU, as far
# as can be told without the probe. Sets CAIRN_QEMU_RESOLVED; CAIRN_PROBE to the
# probe for it, if that was built before, or to nothing.
candidate_qemu() { first_qemu may_take_qemu; }

may_take_qemu() {
  qemu_has_plugins "$1" || return
  export CAIRN_QEMU_RESOLVED=$1 CAIRN_PROBE=
  known_plugin_header "$1" || return 0
  name_probe "$PLUGIN_HEADER"
  [[ ! -r $BUILT_PROBE ]] || CAIRN_PROBE=$BUILT_PROBE
}

# find_plugin_header QEMU: sets PLUGIN_HEADER to the qemu-plugin.h to compile the
# probe against: the QEMU's own, else that of QEMU 10.0, with which all up to 11.0
# load a plugin.
find_plugin_header() {
  known_plugin_header "$1" && return
  say "$1 has no qemu-plugin.h in its prefix or source tree; taking that of QEMU 10.0 (CAIRN_QEMU_HEADER can name its own)"
  with_lock qemu 'fetching the plugin header' fetch_plugin_header
  PLUGIN_HEADER=$CAIRN_CACHE/header/qemu-plugin.h
}

# known_plugin_header QEMU: the same, of those that are here.
known_plugin_header() {
  own_plugin_header "$1" && return
  first_readable "$CAIRN_CACHE"/qemu-[0-9]*/include/qemu-plugin.h "$CAIRN_CACHE/header/qemu-plugin.h"
}

# own_plugin_header QEMU: the same, of its own: named by the user, in the prefix it
# is installed in, or in the tree it was built from (in plugins since 11.0), which is
# noted beside it or lies above it.
own_plugin_header() {
  local folder tree
  if [[ -n ${CAIRN_QEMU_HEADER:-} && -n ${CAIRN_QEMU:-} && $1 -ef $CAIRN_QEMU ]]; then
    first_readable "$CAIRN_QEMU_HEADER" || die "CAIRN_QEMU_HEADER is not a file that can be read: $CAIRN_QEMU_HEADER"
    return
  fi
  folder=$(dirname "$1")
  tree=$(sed -n 's/^SRC_PATH=//p' "$folder/config-host.mak" 2>/dev/null) || true
  first_readable "$folder/../include/qemu-plugin.h" \
    "${tree:-$folder/..}"/include/{plugins,qemu}/qemu-plugin.h
}

# first_readable FILE...: sets PLUGIN_HEADER to the first that is there.
first_readable() {
  local file
  for file in "$@"; do
    if [[ -f $file && -r $file ]]; then
      PLUGIN_HEADER=$file
      return
    fi
  done
  return 1
}

fetch_plugin_header() {
  local work=$CAIRN_CACHE/building-qemu
  remove_leftovers "$work"
  cache_folder building-qemu header
  new_log QEMU_LOG plugin-header
  fetch_qemu_source "$work"
  cp "$work/source/include/qemu/qemu-plugin.h" "$CAIRN_CACHE/header/new.h" &&
    mv "$CAIRN_CACHE/header/new.h" "$CAIRN_CACHE/header/qemu-plugin.h" ||
    failed "$QEMU_LOG" 'keeping the plugin header'
  remove_leftovers "$work"
}

# name_probe HEADER: sets BUILT_PROBE to where the probe is, or will be, that is
# compiled against this header. The folder's name is a hash of all that goes in.
name_probe() {
  local header=$1 key
  key=$({ cat "$CAIRN_HOME"/probe/*.[ch] "$header" && printf '%s ' "${PROBE_FLAGS[@]}"; } | sha256sum | cut -c1-16) ||
    die "the probe's source is missing in $CAIRN_HOME/probe"
  BUILT_PROBE=$CAIRN_CACHE/probe/$key/cairn.so
}

# build_probe HEADER: compiles the probe against this header, unless that was
# done before. Sets BUILT_PROBE.
build_probe() {
  local header=$1 log new
  name_probe "$header"
  [[ -e $BUILT_PROBE ]] && return
  need_probe_tools
  new_log log probe-build
  progress 'building the probe'
  new=${BUILT_PROBE%/*}.$$
  mkdir -p "$new"
  compile_probe "$header" "$log" "$new/cairn.so" ||
    { rm -rf -- "$new" && failed "$log" 'building the probe'; }
  # Of two builders the first names the folder; both made the same.
  mv -T "$new" "${BUILT_PROBE%/*}" 2>/dev/null || rm -rf -- "$new"
}

# compile_probe HEADER LOG TARGET [FLAG...]: with further flags, such as -Werror, which
# is for tests: a compiler that warns of more than ours must not stop a user.
compile_probe() {
  local header=$1 log=$2 target=$3 flags
  shift 3
  read -ra flags < <("$PKG_CONFIG" --cflags glib-2.0)
  quiet "$log" cc "${PROBE_FLAGS[@]}" "$@" "${flags[@]}" -I "$(dirname "$header")" -o "$target" "$CAIRN_HOME"/probe/*.c
}

# The smallest AArch64 program: an ELF header, one program header, and
# mov x8, #93 (exit); mov x0, #42; svc #0. All numbers are little-endian.
write_tiny_guest() {
  # e_ident: 64 bits, little-endian, version 1; type EXEC, machine 183 (AArch64)
  printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\xb7\0\x01\0\0\0'
  # entry 0x400078; program headers at 64, no sections; flags; sizes and counts
  printf '\x78\0\x40\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x38\0\x01\0\0\0\0\0\0\0'
  # PT_LOAD, readable and executable, offset 0, at 0x400000 (virtual, physical)
  printf '\x01\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40\0\0\0\0\0'
  # 132 bytes in the file and in memory, aligned to 64 KiB
  printf '\x84\0\0\0\0\0\0\0\x84\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0'
  printf '\xa8\x0b\x80\xd2\x40\x05\x80\xd2\x01\0\0\xd4'
}
