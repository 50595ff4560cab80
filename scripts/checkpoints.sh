# shellcheck shell=bash
# Who opens what checkpoints are exported as, for the tests: gdb-multiarch, and Debian's own
# qemu-aarch64, which is older than Cairn's and loads no probe. With all libraries that they
# need, of one suite, so that the machine's own release does not matter.
# Needs cache.sh, apt.sh, tools.sh.

CHECKPOINT_SUITE=bookworm

# need_checkpoint_readers: sets CAIRN_CHECKPOINT_READERS, a folder with their programs.
need_checkpoint_readers() {
  export CAIRN_CHECKPOINT_READERS=$CAIRN_CACHE/checkpoint-readers-1
  [[ -x $CAIRN_CHECKPOINT_READERS/gdb-multiarch ]] ||
    with_lock checkpoint-readers 'fetching readers of checkpoints' fetch_checkpoint_readers
}

fetch_checkpoint_readers() {
  [[ -x $CAIRN_CHECKPOINT_READERS/gdb-multiarch ]] && return
  local work=$CAIRN_CACHE/unpacking-checkpoint-readers log packages
  remove_leftovers "$work"
  cache_folder log apt unpacking-checkpoint-readers
  need_space 800 'unpacking readers of checkpoints'
  say "fetching Debian's gdb-multiarch and qemu-user for the tests"
  apt_state checkpoints "$(machine_architecture)" "deb:$CHECKPOINT_SUITE"
  new_log log checkpoint-readers
  progress 'fetching readers of checkpoints'
  mapfile -t packages < <(private_apt apt-get -s install --no-install-recommends gdb-multiarch qemu-user 2>>"$log" |
    awk '$1 == "Inst" && $2 !~ /^(dpkg|tar|debconf|perl-base|bash|systemd|udev|libc-bin|base-files)$/ { print $2 }')
  ((${#packages[@]})) || failed "$log" "looking for the packages in $CHECKPOINT_SUITE"
  mkdir -p "$work"/kept/usr/{bin,sbin,lib,lib64}
  ln -s usr/lib "$work/kept/lib" && ln -s usr/lib64 "$work/kept/lib64"
  ln -s usr/bin "$work/kept/bin" && ln -s usr/sbin "$work/kept/sbin"
  fetch_packages "$work/kept" "$log" "${packages[@]}"
  checkpoint_reader "$work/kept" qemu-aarch64
  checkpoint_reader "$work/kept" gdb-multiarch
  quiet "$log" "$work/kept/qemu-aarch64" --version || failed "$log" "starting Debian's qemu-aarch64"
  quiet "$log" "$work/kept/gdb-multiarch" --batch -ex 'set architecture aarch64' -ex 'python print(1)' ||
    failed "$log" 'starting gdb-multiarch'
  mv -T "$work/kept" "$CAIRN_CHECKPOINT_READERS" || failed "$log" 'naming the readers of checkpoints'
  remove_leftovers "$work"
  progress_end
}

# checkpoint_reader FOLDER PROGRAM: a script that starts it with the loader and the libraries
# that are unpacked beside it.
checkpoint_reader() {
  cat >"$1/$2" <<'WRAPPER'
#!/bin/sh
# Starts the program of this name with the libraries that are unpacked here.
here=$(dirname "$(readlink -f "$0")")
name=$(basename "$0")
loader=$(echo "$here"/usr/lib/*-linux-gnu/ld-linux-*.so.*)
libraries=$(dirname "$loader")
case $name in
gdb*)
  export PYTHONHOME="$here/usr" PYTHONDONTWRITEBYTECODE=1
  set -- --data-directory="$here/usr/share/gdb" -nx "$@"
  ;;
esac
exec "$loader" --library-path "$libraries" "$here/usr/bin/$name" "$@"
WRAPPER
  chmod +x "$1/$2"
}
