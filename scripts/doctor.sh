# shellcheck shell=bash
# `cairn doctor`: what is there, what is missing, and the one command that mends
# it. Changes nothing, builds nothing, needs no Java. Needs all other scripts.

doctor_help() {
  cat <<'HELP'
Usage: cairn doctor
Says what Cairn needs and finds here, what is missing, and for each the command
that mends it. Changes nothing. The exit status is 0 when all is fine, else 1.
HELP
}

# doctor: status 0 when all that Cairn needs to run is there; what only the tests
# need does not count.
doctor() {
  local prefix=''
  ((EUID == 0)) || prefix='sudo '
  APT_INSTALL="${prefix}apt-get install --no-install-recommends"
  AILMENTS=0
  doctor_java
  doctor_qemu
  doctor_guests
  doctor_places
  doctor_tests
  if ((AILMENTS)); then
    printf '\n%d missing\n' "$AILMENTS"
    return 1
  fi
  printf '\nall is fine\n'
}

well() { printf 'ok       %-14s %s\n' "$1" "$2"; }

# ailing NAME WHAT COMMAND
ailing() {
  printf 'MISSING  %-14s %s; mend it with: %s\n' "$1" "$2" "$3"
  AILMENTS=$((AILMENTS + 1))
}

# absent NAME WHAT COMMAND: something that not everybody needs.
absent() { printf -- '-        %-14s %s: %s\n' "$1" "$2" "$3"; }

doctor_java() {
  local jdk
  if jdk=$(find_jdk); then
    well JDK "$jdk ($(sed -nE 's/^JAVA_VERSION="(.*)"/\1/p' "$jdk/release"))"
  elif apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    ailing JDK 'none of version 25 or later' "$APT_INSTALL openjdk-25-jdk-headless"
  else
    ailing JDK 'none of version 25 or later' 'export JAVA_HOME=FOLDER-OF-A-JDK-25 (this release of Debian has no package of it)'
  fi
  if command -v mvn >/dev/null; then
    well Maven "$(readlink -f "$(command -v mvn)")"
  elif jar_is_fresh; then
    absent Maven 'needed only after a change of the source' "$APT_INSTALL maven"
  else
    ailing Maven 'not on PATH' "$APT_INSTALL maven"
  fi
  if jar_is_fresh; then
    well cairn.jar "$CAIRN_JAR"
  else
    absent cairn.jar 'not built yet; any start builds it' "$CAIRN_HOME/cairn --version"
  fi
}

doctor_qemu() {
  local found=
  if [[ -n ${CAIRN_QEMU:-} && -n ${CAIRN_QEMU_HEADER:-} && ! -r $CAIRN_QEMU_HEADER ]]; then
    ailing QEMU "CAIRN_QEMU_HEADER=$CAIRN_QEMU_HEADER cannot be read" 'unset CAIRN_QEMU_HEADER'
    return
  fi
  ! known_qemu && ! candidate_qemu || found=1
  if has_compiler; then
    well 'C compiler' "$(cc --version | head -1)"
  elif [[ -n $found && -n $CAIRN_PROBE ]]; then
    absent 'C compiler' 'needed when the probe changes' "$APT_INSTALL gcc libc6-dev"
  else
    ailing 'C compiler' 'cc does not compile' "$APT_INSTALL gcc libc6-dev"
  fi
  if [[ -n ${CAIRN_QEMU:-} && ! -x ${CAIRN_QEMU:-} ]]; then
    ailing QEMU "CAIRN_QEMU=$CAIRN_QEMU is not a program" 'unset CAIRN_QEMU'
    return
  fi
  if [[ -z $found && -n ${CAIRN_QEMU:-} ]]; then
    ailing QEMU "CAIRN_QEMU=$CAIRN_QEMU was built without plugins" 'unset CAIRN_QEMU'
    return
  fi
  if [[ -z $found ]]; then
    doctor_build_tools
    ailing QEMU 'none that can load plugins' "$CAIRN_HOME/scripts/setup qemu"
    return
  fi
  well QEMU "$CAIRN_QEMU_RESOLVED ($("$CAIRN_QEMU_RESOLVED" --version | sed -nE '1s/.*version ([^ ]+).*/\1/p'), plugin API $(plugin_interface "$CAIRN_QEMU_RESOLVED"))"
  if [[ -z $CAIRN_PROBE ]]; then
    absent probe 'not built for this QEMU yet; any run builds it' "$CAIRN_HOME/scripts/setup qemu"
  elif loads_probe; then
    well probe "$CAIRN_PROBE (loads)"
  else
    ailing probe "$CAIRN_PROBE does not load" "rm -rf $CAIRN_CACHE/probe $RESOLVED && $CAIRN_HOME/scripts/setup qemu"
  fi
}

# The tiny guest ends with 42, and the probe that is only checked lets it run.
loads_probe() {
  local status=0 guest
  guest=$(mktemp) || return
  write_tiny_guest >"$guest" && chmod +x "$guest"
  timeout 30 "$CAIRN_QEMU_RESOLVED" -plugin "$CAIRN_PROBE,check=on" "$guest" >/dev/null 2>&1 </dev/null || status=$?
  rm -f -- "$guest"
  ((status == 42))
}

# What building QEMU takes besides a compiler; set-up unpacks what is missing.
doctor_build_tools() {
  local name
  for name in ninja pkg-config; do
    if command -v "$name" >/dev/null; then well "$name" "$(command -v "$name")"; else
      absent "$name" 'set-up unpacks it into the cache' 'nothing to do'
    fi
  done
  if has_glib; then well GLib "$(pkg-config --modversion glib-2.0)"; else
    absent GLib 'headers are not installed; set-up unpacks them into the cache' 'nothing to do'
  fi
  if [[ -x $PYTHON ]]; then well Python "$PYTHON"; else
    ailing Python "no $PYTHON" "$APT_INSTALL python3"
  fi
}

# plugin_interface QEMU: the version of the plugin interface, asked of its header
# (QEMU itself does not print it).
plugin_interface() {
  own_plugin_header "$1" || { printf 'not known, as no qemu-plugin.h is beside it' && return; }
  sed -nE 's/^#define QEMU_PLUGIN_VERSION ([0-9]+).*/\1/p' "$PLUGIN_HEADER"
}

doctor_guests() {
  local set count
  for set in all xz; do
    if [[ -e $CAIRN_CACHE/sysroot/$set.packages ]]; then
      count=$(wc -l <"$CAIRN_CACHE/sysroot/$set.packages")
      well sysroot "$CAIRN_CACHE/sysroot ($count arm64 packages)"
      return
    fi
  done
  absent sysroot 'the demo and the tests fetch it' "$CAIRN_HOME/scripts/setup guests"
}

doctor_places() {
  local free
  if [[ ! -w $(existing_folder "$CAIRN_CACHE") ]]; then
    ailing cache "$CAIRN_CACHE cannot be written" 'export XDG_CACHE_HOME=A-FOLDER-OF-YOURS'
  elif [[ -d $CAIRN_CACHE ]]; then
    well cache "$CAIRN_CACHE ($(du -sh "$CAIRN_CACHE" 2>/dev/null | cut -f1))"
  else
    well cache "$CAIRN_CACHE (nothing there yet)"
  fi
  free=$(free_megabytes "$CAIRN_CACHE")
  if cached_qemu >/dev/null || ((free >= 2000)); then
    well 'disk space' "$free MB free for the cache"
  else
    ailing 'disk space' "$free MB free for the cache, a first set-up takes 2000" 'export XDG_CACHE_HOME=A-FOLDER-ON-ANOTHER-DISK'
  fi
  free=$(free_megabytes /dev/shm)
  if ((free >= 128)); then well /dev/shm "$free MB free"; else
    ailing /dev/shm "$free MB free, the rings want 128" "${APT_INSTALL%%apt-get*}mount -o remount,size=1g /dev/shm"
  fi
}

# The folder itself, or the nearest above it that is there already.
existing_folder() {
  local folder=$1
  while [[ ! -e $folder ]]; do folder=$(dirname "$folder"); done
  printf '%s' "$folder"
}

free_megabytes() { df -Pm "$(existing_folder "$1")" 2>/dev/null | awk 'NR == 2 { print $4 }'; }

doctor_tests() {
  if [[ -x $CAIRN_CACHE/capstone-5/bin/cstool ]]; then well Capstone "$CAIRN_CACHE/capstone-5"; else
    absent Capstone 'only for the tests, which fetch it' "$CAIRN_HOME/test"
  fi
  if has_cross_compiler; then
    well 'arm64 compiler' "$(aarch64-linux-gnu-gcc --version | head -1)"
  else
    absent 'arm64 compiler' 'only for the tests' "$APT_INSTALL ${CROSS_PACKAGES[*]}"
  fi
}
