# shellcheck shell=bash
# Debian's arm64 programs that Cairn is tried on, with their libraries, unpacked
# into $CAIRN_CACHE/sysroot. Needs cache.sh, apt.sh, and a QEMU to start them.

# One suite for all machines, so that figures can be compared.
GUEST_SUITE=bookworm
GUEST_PACKAGES=(xz-utils bzip2 gzip zstd lua5.4 sqlite3 perl-base gawk coreutils)
GUEST_PROGRAMS=(xz bzip2 gzip zstd lua5.4 sqlite3 perl gawk)

# need_guests xz|all: sets CAIRN_SYSROOT; the demo needs no more than xz.
need_guests() {
  export CAIRN_SYSROOT=$CAIRN_CACHE/sysroot
  has_guests "$1" || with_lock guests 'fetching guest programs' fetch_guests "$1"
}

has_guests() {
  [[ -e $CAIRN_SYSROOT/all.packages || ($1 == xz && -e $CAIRN_SYSROOT/xz.packages) ]]
}

# fetch_guests xz|all: the folder is filled aside and gets its name last; then
# `sysroot`, a link, is turned to it. A folder in use is never changed.
fetch_guests() {
  local set=$1 new=$CAIRN_CACHE/sysroot-$1.new folder=$CAIRN_CACHE/sysroot-$1 log packages name programs
  has_guests "$set" && return
  remove_leftovers "$new" "$new.debs" "$new.versions" "$CAIRN_CACHE/sysroot.new"
  if [[ $set == xz ]]; then
    packages=(xz-utils) programs=(xz)
  else
    packages=("${GUEST_PACKAGES[@]}") programs=("${GUEST_PROGRAMS[@]}")
  fi
  cache_folder log apt
  need_space 400 'unpacking guest programs'
  say "fetching Debian's arm64 ${packages[*]}"
  apt_state guests arm64 "deb:$GUEST_SUITE"
  progress 'downloading guest programs'
  new_log log guests
  mapfile -t packages < <(guest_closure "$log" "${packages[@]}")
  ((${#packages[@]})) || failed "$log" "looking for the packages in $GUEST_SUITE"
  mkdir -p "$new"/usr/{bin,sbin,lib}
  for name in bin sbin lib; do ln -s "usr/$name" "$new/$name"; done
  fetch_packages "$new" "$log" "${packages[@]}"
  mv "$new.versions" "$new/$set.packages"
  for name in "${programs[@]}"; do
    quiet "$log" "$CAIRN_QEMU_RESOLVED" -L "$new" "$new/usr/bin/$name" "$([[ $name == lua* ]] && printf -- -v || printf -- --version)" ||
      failed "$log" "starting $name"
  done
  rm -rf -- "$folder"
  mv -T "$new" "$folder" && ln -s "sysroot-$set" "$CAIRN_CACHE/sysroot.new" &&
    mv -T "$CAIRN_CACHE/sysroot.new" "$CAIRN_CACHE/sysroot" || failed "$log" 'naming the sysroot'
  progress_end
}

# guest_closure LOG PACKAGE...: these packages and all that they depend on.
guest_closure() {
  local log=$1
  shift
  private_apt apt-get -s install --no-install-recommends "$@" 2>>"$log" | awk '$1 == "Inst" { print $2 }'
}
