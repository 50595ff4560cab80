# shellcheck shell=bash
# Finding a JDK 25 or later. Needs cache.sh.

# jdk_version FOLDER: the feature release of the JDK in FOLDER, from its own
# `release` file (starting Java to ask takes longer than all the rest).
jdk_version() {
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  sed -nE 's/^JAVA_VERSION="([0-9]+).*/\1/p' "$1/release"
}

# find_jdk: the first JDK of 25 or later in JAVA_HOME, on PATH, in the usual
# folders. JAVA_HOME may name an older one: other programs may need that.
find_jdk() {
  local folder on_path version
  on_path=$(command -v javac || command -v java || true)
  [[ -n $on_path ]] && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java*}
  for folder in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /usr/local/*jdk* /usr/java/*; do
    [[ -n $folder ]] || continue
    version=$(jdk_version "$folder") || continue
    if [[ -n $version ]] && ((version >= 25)); then
      printf '%s' "$folder"
      return
    fi
  done
  return 1
}

# need_jdk: sets JAVA_HOME to it.
need_jdk() {
  JAVA_HOME=$(find_jdk) ||
    die 'no JDK 25 was found (JAVA_HOME, PATH, /usr/lib/jvm, /opt); install one, or set JAVA_HOME to its folder'
  export JAVA_HOME
}

# How Cairn's Java is started: the heap is bounded, whatever a guest does.
# shellcheck disable=SC2034 # for those who source this
JAVA_OPTIONS=(-Xmx512m -XX:+UseSerialGC)
