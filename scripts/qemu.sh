# shellcheck shell=bash
# Building QEMU's user mode for AArch64 from Debian's source package, unpatched,
# into the cache. Needs cache.sh, apt.sh, tools.sh, probe.sh.

# QEMU's own plugins that the tests use as witnesses.
CONTRIB_WITNESSES=(bbv cache hotblocks howvec hotpages execlog)
TEST_WITNESSES=(insn mem bb)

# need_cached_qemu: builds it unless it is there.
need_cached_qemu() {
  cached_qemu >/dev/null && return
  cache_folder log apt
  with_lock qemu "building QEMU, see $CAIRN_CACHE/log/qemu-build.log" build_qemu
}

build_qemu() {
  cached_qemu >/dev/null && return
  local work=$CAIRN_CACHE/building-qemu
  remove_leftovers "$work"
  need_space 1500 'building QEMU'
  say 'no QEMU that can load plugins is here; building one, once (some minutes)'
  need_build_tools
  mkdir -p "$work/tmp" || die "cannot write to $work; is the disk full?"
  new_log QEMU_LOG qemu-build
  fetch_qemu_source "$work"
  fetch_packages "$work/python" "$QEMU_LOG" meson python3-pycotap python3-pip python3-setuptools
  compile_qemu "$work"
  install_qemu "$work"
  remove_leftovers "$work"
  say "QEMU $QEMU_VERSION is built: $(cached_qemu)"
}

# fetch_qemu_source FOLDER: downloads Debian's source package (apt checks it) and
# unpacks the upstream part below FOLDER/source. Sets QEMU_VERSION.
fetch_qemu_source() {
  local work=$1 version
  apt_state qemu "$(machine_architecture)" {deb,deb-src}:{trixie,bookworm-backports}
  version=$(private_apt apt-cache showsrc qemu 2>/dev/null |
    awk '$1 == "Version:" && $2 ~ /^([0-9]+:)?10\.0\./ { print $2 }' | sort -V | tail -1)
  [[ -n $version ]] || failed "$CAIRN_CACHE/log/apt-qemu.log" 'looking for the source package qemu 10.0'
  progress "downloading the source of QEMU $version"
  quiet "$QEMU_LOG" env -C "$work" APT_CONFIG="$APT_CONFIG_FILE" apt-get source --download-only "qemu=$version" ||
    failed "$QEMU_LOG" "downloading the source of QEMU $version"
  progress 'unpacking the source of QEMU'
  mkdir -p "$work/source"
  quiet "$QEMU_LOG" tar -C "$work/source" --strip-components=1 -xf "$work"/qemu_*.orig.tar.xz ||
    failed "$QEMU_LOG" 'unpacking the source of QEMU'
  QEMU_VERSION=$(cat "$work/source/VERSION")
}

compile_qemu() {
  local work=$1 build=$1/build targets=(qemu-aarch64) plugin environment
  # GLib is looked for beside QEMU first: see install_qemu.
  # shellcheck disable=SC2016 # the dollar is the loader's
  local flags='-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib'
  for plugin in "${CONTRIB_WITNESSES[@]}"; do targets+=("contrib/plugins/lib$plugin.so"); done
  for plugin in "${TEST_WITNESSES[@]}"; do targets+=("tests/tcg/plugins/lib$plugin.so"); done
  mkdir -p "$build"
  environment=(env -C "$build" -u CFLAGS -u LDFLAGS -u CC -u MAKEFLAGS "TMPDIR=$work/tmp"
    "PYTHONPATH=$work/python/usr/lib/python3/dist-packages" "PATH=$work/python/usr/bin:$PATH")
  progress "configuring QEMU $QEMU_VERSION"
  quiet "$QEMU_LOG" "${environment[@]}" "$work/source/configure" --python="$PYTHON" \
    --target-list=aarch64-linux-user --enable-plugins --disable-system --disable-tools \
    --disable-docs --without-default-features --disable-werror --disable-install-blobs \
    --extra-ldflags="$flags" ||
    failed "$QEMU_LOG" "configuring QEMU $QEMU_VERSION"
  start "$QEMU_LOG" "${environment[@]}" ninja "${targets[@]}"
  watch_ninja "$CHILD" "$QEMU_LOG" "building QEMU $QEMU_VERSION"
  wait "$CHILD" || failed "$QEMU_LOG" "building QEMU $QEMU_VERSION"
  progress_end
}

# watch_ninja PID LOG WHAT: shows ninja's "[done/all]" as a percentage: one line
# that is written over on a terminal, a line each quarter otherwise.
watch_ninja() {
  local pid=$1 log=$2 what=$3 steps percent quarter=0
  while kill -0 "$pid" 2>/dev/null; do
    steps=$(tail -c 2000 "$log" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -1 | tr -d '[]') || true
    if [[ $steps == */* ]]; then
      percent=$((100 * ${steps%/*} / ${steps#*/}))
      progress "$what: $percent % (${steps%/*} of ${steps#*/} steps)"
      if [[ ! -t 2 ]] && ((percent / 25 > quarter)); then
        quarter=$((percent / 25))
        say "$what: $((quarter * 25)) %"
      fi
    fi
    sleep 0.5 &
    wait $! || true
  done
}

# install_qemu FOLDER: what is kept, put together aside and given its name last.
install_qemu() {
  local work=$1 kept=$1/kept name plugins=() libraries=()
  for name in "${CONTRIB_WITNESSES[@]}"; do plugins+=("$work/build/contrib/plugins/lib$name.so"); done
  for name in "${TEST_WITNESSES[@]}"; do plugins+=("$work/build/tests/tcg/plugins/lib$name.so"); done
  # The machine may have no GLib of its own, or lose it.
  if [[ -n ${GLIB_LIBS:-} ]]; then
    for name in glib-2.0 gmodule-2.0 pcre2-8; do libraries+=("$GLIB_LIBS/lib$name.so.0"); done
  fi
  {
    mkdir -p "$kept"/{bin,lib,include,plugins} &&
      cp "$work/build/qemu-aarch64" "$kept/bin/" &&
      cp "$work/source/include/qemu/qemu-plugin.h" "$kept/include/" &&
      cp "$work/source/COPYING" "$kept/" &&
      cp "${plugins[@]}" "$kept/plugins/" &&
      { ((${#libraries[@]} == 0)) || cp -L "${libraries[@]}" "$kept/lib/"; } &&
      sync -f "$kept/bin/qemu-aarch64"
  } >>"$QEMU_LOG" 2>&1 || failed "$QEMU_LOG" 'keeping the built QEMU'
  quiet "$QEMU_LOG" "$kept/bin/qemu-aarch64" --version || failed "$QEMU_LOG" 'starting the built QEMU'
  mv -T "$kept" "$CAIRN_CACHE/qemu-$QEMU_VERSION" || failed "$QEMU_LOG" 'naming the built QEMU'
}
