# shellcheck shell=bash
# Debian packages without touching the machine: a private apt state per purpose,
# with its own list of sources, its own lists and its own downloads. The mirror
# and the keyring are the machine's own. Needs cache.sh.

# What apt is told besides the private paths: ask nothing, need no root.
export DEBIAN_FRONTEND=noninteractive

# The codename of the machine's release, and its architecture.
machine_suite() { (. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_CODENAME:-}"); }
machine_architecture() { dpkg --print-architecture; }

# machine_targets: "URI suite component" of each list the machine's apt reads.
machine_targets() {
  # shellcheck disable=SC2016 # the dollars are apt's
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null | sort -u
}

# machine_mirror: the URI from which the machine takes its release.
machine_mirror() {
  machine_targets | awk -v suite="$(machine_suite)" '
    $3 == "main" && $1 !~ /^cdrom:/ && ($2 == suite || $2 == "stable" || $2 == "oldstable" || $2 == "testing") { print $1; exit }'
}

# Options of a source's line: the keyring, and the machine's leave to use an
# old snapshot of the mirror.
source_options() {
  local options=$1 keyring
  for keyring in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
    if [[ -r $keyring ]]; then
      options+=" signed-by=$keyring"
      break
    fi
  done
  if grep -rqsiE 'check-valid-until[:=] *no' /etc/apt/sources.list /etc/apt/sources.list.d; then
    options+=' check-valid-until=no'
  fi
  printf '[%s]' "${options# }"
}

# apt_state NAME ARCHITECTURE [KIND:SUITE]...: makes the private state NAME, in
# which no package is installed, from suites such as deb-src:trixie (without any:
# from all that the machine's apt reads), and reads the lists, at most once a day.
# Its configuration file is $APT_CONFIG_FILE.
apt_state() {
  local name=$1 architecture=$2 state=$CAIRN_CACHE/apt/$1 mirror uri suite component sources=''
  shift 2
  [[ -x $(type -P apt-get) && -x $(type -P dpkg) ]] ||
    die 'this is not Debian: no apt-get here. Set CAIRN_QEMU to a qemu-aarch64 (10.0 or later) that was built with --enable-plugins'
  mirror=$(machine_mirror) || true
  [[ -n $mirror ]] || die "apt has no source for Debian's $(machine_suite) main; see /etc/apt/sources.list.d"
  if (($# == 0)); then
    while read -r uri suite component; do
      [[ $uri == cdrom:* ]] ||
        sources+="deb $(source_options "arch=$architecture") $uri $suite $component"$'\n'
    done < <(machine_targets)
  fi
  for suite in "$@"; do
    sources+="${suite%:*} $(source_options "arch=$architecture") $mirror ${suite#*:} main"$'\n'
  done
  APT_CONFIG_FILE=$state/apt.conf
  cache_folder log apt
  with_lock "apt-$name" 'reading package lists' read_lists "$state" "$architecture" "$sources"
}

read_lists() {
  local state=$1 architecture=$2 sources=$3 log
  if [[ -e $state/read && "$(cat "$state/sources.list")" == "${sources%$'\n'}" ]] &&
    [[ -n $(find "$state/read" -mmin -1440) ]]; then
    return
  fi
  mkdir -p "$state"/{lists/partial,archives/partial} && printf '%s' "$sources" >"$state/sources.list" ||
    die "cannot write to $state; is the disk full?"
  cat >"$APT_CONFIG_FILE" <<CONF
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$state";
Dir::State::lists "$state/lists";
Dir::State::status "/dev/null";
Dir::Cache "$state";
Dir::Cache::archives "$state/archives";
Dir::Log "$state";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Sandbox::User "$(id -un)";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "2";
Dpkg::Use-Pty "false";
CONF
  new_log log "apt-${state##*/}"
  progress 'reading the package lists'
  # A suite that the mirror lacks is no failure yet: what is asked for decides.
  if quiet "$log" env APT_CONFIG="$APT_CONFIG_FILE" apt-get -o APT::Update::Error-Mode=any update; then
    touch "$state/read"
  fi
}

# private_apt PROGRAM ARGS...: apt-get or apt-cache with the private state.
private_apt() { APT_CONFIG=$APT_CONFIG_FILE "$@"; }

# fetch_packages FOLDER LOG PACKAGE...: downloads packages (apt checks them) and
# unpacks them below FOLDER.
fetch_packages() {
  local folder=$1 log=$2 downloads deb
  shift 2
  downloads=$folder.debs
  rm -rf -- "$downloads"
  mkdir -p "$downloads" "$folder"
  quiet "$log" env -C "$downloads" APT_CONFIG="$APT_CONFIG_FILE" apt-get download "$@" ||
    failed "$log" "downloading $*"
  for deb in "$downloads"/*.deb; do
    # As dpkg -x, but a folder that is a link (lib to usr/lib) stays one.
    # shellcheck disable=SC2016 # the dollars are the inner shell's
    quiet "$log" bash -o pipefail -c \
      'dpkg-deb --fsys-tarfile "$1" | tar -C "$2" --no-same-owner --keep-directory-symlink -xf -' \
      unpack "$deb" "$folder" || failed "$log" "unpacking ${deb##*/}"
  done
  (cd "$downloads" && printf '%s\n' *.deb | sed 's/%3a/:/') >>"$folder.versions"
  rm -rf -- "$downloads"
}
