# shellcheck shell=bash
# Capstone 5 for the tests that compare disassembly: Debian's packages of trixie,
# unpacked into the cache; where they ask for a newer libc, built from its source
# package. Needs cache.sh, apt.sh, tools.sh.

# need_capstone: sets CAIRN_CAPSTONE, a folder with bin/cstool and lib.
need_capstone() {
  export CAIRN_CAPSTONE=$CAIRN_CACHE/capstone-5
  [[ -x $CAIRN_CAPSTONE/bin/cstool ]] || with_lock capstone 'fetching Capstone' fetch_capstone
}

fetch_capstone() {
  [[ -x $CAIRN_CAPSTONE/bin/cstool ]] && return
  local work=$CAIRN_CACHE/building-capstone log
  remove_leftovers "$work"
  cache_folder log apt building-capstone
  say 'fetching Capstone 5 for the tests'
  apt_state qemu "$(machine_architecture)" {deb,deb-src}:{trixie,bookworm-backports}
  new_log log capstone
  progress 'fetching Capstone 5'
  fetch_packages "$work/packages" "$log" libcapstone5/trixie capstone-tool/trixie
  mkdir -p "$work/kept"/{bin,lib}
  cp -L "$work"/packages/usr/lib/*/libcapstone.so.5 "$work/kept/lib/" &&
    cp "$work/packages/usr/bin/cstool" "$work/kept/bin/" || failed "$log" 'unpacking Capstone'
  capstone_works "$work/kept" "$log" || build_capstone "$work" "$log"
  capstone_works "$work/kept" "$log" || failed "$log" 'starting the built Capstone'
  ln -s libcapstone.so.5 "$work/kept/lib/libcapstone.so"
  mv -T "$work/kept" "$CAIRN_CAPSTONE" || failed "$log" 'naming Capstone'
  remove_leftovers "$work"
  progress_end
}

# Loads it and decodes one instruction that Capstone 4 does not know (an LSE atomic).
capstone_works() {
  local answer
  answer=$(LD_LIBRARY_PATH=$1/lib "$1/bin/cstool" arm64 '410023f8' 2>>"$2") && [[ $answer == *ldadd* ]]
}

build_capstone() {
  local work=$1 log=$2
  command -v make >/dev/null || machine_packages 'building Capstone' make
  need_build_tools
  progress 'building Capstone 5'
  mkdir -p "$work/source"
  quiet "$log" env -C "$work" APT_CONFIG="$APT_CONFIG_FILE" apt-get source --download-only capstone/trixie &&
    quiet "$log" tar -C "$work/source" --strip-components=1 -xf "$work"/capstone_*.orig.tar.* ||
    failed "$log" 'downloading the source of Capstone'
  quiet "$log" env -u CFLAGS -u LDFLAGS -u MAKEFLAGS make -C "$work/source" -j"$(nproc)" \
    CAPSTONE_ARCHS=aarch64 CAPSTONE_STATIC=no || failed "$log" 'building Capstone'
  cp -L "$work/source/libcapstone.so.5" "$work/kept/lib/" &&
    cp "$work/source/cstool/cstool" "$work/kept/bin/" || failed "$log" 'keeping the built Capstone'
}
