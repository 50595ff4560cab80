# shellcheck shell=bash
# The programs that building QEMU and the probe takes. What the machine lacks is
# unpacked into $CAIRN_CACHE/tools, which needs no root and changes nothing on
# the machine. Only a C compiler is installed as a package. Needs cache.sh, apt.sh.

TOOLS=$CAIRN_CACHE/tools

# The machine's own python3: one of a version manager may lack what apt brought.
PYTHON=/usr/bin/python3

# GLib with what its pkg-config files ask for: trixie's name, then bookworm's, which
# has no need of the profiler's headers.
GLIB_PACKAGES=(pkgconf pkgconf-bin libpkgconf3 zlib1g-dev libpcre2-dev libpcre2-8-0
  libsysprof-capture-4-dev/ libgio-2.0-dev/libglib2.0-dev libglib2.0-0t64/libglib2.0-0)

has_compiler() { printf 'int main(void) { return 0; }\n' | cc -x c -o /dev/null - 2>/dev/null; }
has_glib() { pkg-config --exists 'glib-2.0 >= 2.66' gmodule-2.0 zlib 2>/dev/null; }

# What the tests' guest programs are built with.
CROSS_PACKAGES=(gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross)

has_cross_compiler() {
  printf 'int main() { return 0; }\n' | aarch64-linux-gnu-g++ -x c++ -o /dev/null - 2>/dev/null &&
    command -v aarch64-linux-gnu-gcc >/dev/null
}

# need_cross_compiler: sets CAIRN_CROSS_CC.
need_cross_compiler() {
  has_cross_compiler || machine_packages "building the tests' guest programs" "${CROSS_PACKAGES[@]}"
  export CAIRN_CROSS_CC=aarch64-linux-gnu-gcc
}

# may_install: whether packages can be installed without asking anybody.
may_install() { ((EUID == 0)) || sudo -n true 2>/dev/null; }

# Run without the death signal of `quiet`: a dpkg that is killed half-way is the
# machine's trouble, not only ours.
as_root() {
  local log=$1 root=()
  shift
  ((EUID == 0)) || root=(sudo -n)
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@" </dev/null >>"$log" 2>&1
}

has_package_lists() { [[ -n $(find /var/lib/apt/lists -name '*Packages*' -print -quit 2>/dev/null) ]]; }

# machine_packages WHAT PACKAGE...: installs missing packages of the machine's
# own release: said first, only when it may, and never when apt would have to
# upgrade or remove something for them.
machine_packages() {
  local what=$1 plan log command prefix=''
  shift
  ((EUID == 0)) || prefix='sudo '
  command="${prefix}apt-get install --no-install-recommends $*"
  has_package_lists || command="${prefix}apt-get update && $command"
  command -v apt-get >/dev/null ||
    die "$what needs what Debian calls $*; install them and start again"
  may_install || die "$what needs $*. Install them with: $command"
  cache_folder log
  new_log log packages
  if ! has_package_lists; then
    say 'reading the package lists (apt-get update)'
    as_root "$log" apt-get update || failed "$log" 'apt-get update'
  fi
  plan=$(LC_ALL=C apt-get -s install --no-install-recommends --no-upgrade "$@" 2>&1) || {
    printf '%s\n' "$plan" >>"$log"
    die "apt cannot install $*. Its log is $log; try: $command"
  }
  if grep -qE '^Inst [^ ]+ \[|^Remv ' <<<"$plan"; then
    printf '%s\n' "$plan" >>"$log"
    die "$what needs $*, for which apt would upgrade $(grep -oP '^Inst \K[^ ]+(?= \[)' <<<"$plan" | paste -sd' '). Cairn upgrades nothing: do it yourself with: $command"
  fi
  say "installing $* ($(grep -c '^Inst ' <<<"$plan") packages with what they need)"
  as_root "$log" apt-get install -y --no-install-recommends --no-upgrade "$@" ||
    failed "$log" "installing $*"
}

# need_build_tools: a compiler, Python, ninja, pkg-config and GLib's headers.
# Afterwards PATH, PYTHONPATH and PKG_CONFIG name them.
need_build_tools() {
  local packages=() missing=()
  has_compiler || missing+=(gcc libc6-dev)
  [[ -x $PYTHON ]] && "$PYTHON" -c 'import venv' 2>/dev/null || missing+=(python3)
  ((${#missing[@]} == 0)) || machine_packages 'building QEMU' "${missing[@]}"
  command -v ninja >/dev/null || packages+=(ninja-build)
  command -v xz >/dev/null || packages+=(xz-utils)
  has_glib || packages+=("${GLIB_PACKAGES[@]}")
  unpack_tools "${packages[@]}"
  use_tools
}

# need_probe_tools: what compiling one plugin takes.
need_probe_tools() {
  has_compiler || machine_packages 'building the probe' gcc libc6-dev
  if ! has_glib && [[ ! -e $TOOLS/host/.libglib2.0-dev ]]; then
    unpack_tools "${GLIB_PACKAGES[@]}"
  fi
  use_tools
}

# unpack_tools PACKAGE...: packages of the machine's own release, once each.
# "new/old" takes the first of two names that the release has, "new/" leaves it out
# where there is none.
unpack_tools() {
  local name wanted=()
  for name in "$@"; do
    [[ -e $(unpacked_mark "$name") ]] || wanted+=("$name")
  done
  ((${#wanted[@]})) || return 0
  with_lock tools 'unpacking build tools' unpack_tools_locked "${wanted[@]}"
}

# unpacked_mark NAME: the file that says that a package is unpacked.
unpacked_mark() {
  local old=${1##*/}
  printf '%s' "$TOOLS/host/.${old:-${1%/}}"
}

unpack_tools_locked() {
  local log names=() name
  cache_folder log tools/host
  apt_state machine "$(machine_architecture)"
  new_log log tools
  for name in "$@"; do
    if [[ $name == */* ]] && [[ -z $(private_apt apt-cache --no-all-versions show "${name%/*}" 2>/dev/null) ]]; then
      [[ $name == */ ]] || names+=("${name#*/}")
    else
      names+=("${name%/*}")
    fi
  done
  say "unpacking ${names[*]} into $TOOLS (nothing is installed on the machine)"
  fetch_packages "$TOOLS/host" "$log" "${names[@]}"
  for name in "$@"; do : >"$(unpacked_mark "$name")"; done
}

use_tools() {
  local host=$TOOLS/host triplet libs
  # A user's own Python settings would reach into QEMU's build.
  unset PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV
  [[ -d $host/usr/bin ]] && PATH=$PATH:$host/usr/bin
  PKG_CONFIG=pkg-config
  if [[ -e $host/.libglib2.0-dev ]]; then
    triplet=$(cd "$host/usr/lib" && printf '%s' *-linux-gnu)
    libs=$host/usr/lib/$triplet
    mkdir -p "$TOOLS/bin"
    cat >"$TOOLS/bin/pkg-config.$$" <<WRAPPER
#!/bin/sh
# pkg-config for the libraries that are unpacked here.
export PKG_CONFIG_SYSROOT_DIR='$host' PKG_CONFIG_LIBDIR='$libs/pkgconfig:$host/usr/share/pkgconfig'
LD_LIBRARY_PATH='$libs' exec '$host/usr/bin/pkgconf' "\$@"
WRAPPER
    chmod +x "$TOOLS/bin/pkg-config.$$" && mv "$TOOLS/bin/pkg-config.$$" "$TOOLS/bin/pkg-config"
    PKG_CONFIG=$TOOLS/bin/pkg-config
    "$PKG_CONFIG" --exists glib-2.0 gmodule-2.0 zlib ||
      die "the build tools in $TOOLS do not work; remove that folder and start again"
    # shellcheck disable=SC2034 # for install_qemu
    GLIB_LIBS=$libs
  fi
  export PATH PKG_CONFIG
}
