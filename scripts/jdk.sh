# shellcheck shell=bash
# Finding a JDK 25 or later. Needs cache.sh.

# is_jdk FOLDER: whether a JDK of 25 or later is in FOLDER, by its own `release` file
# (starting Java to ask takes longer than all the rest).
is_jdk() {
  local line version=0
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while read -r line; do
    [[ ! $line =~ ^JAVA_VERSION=\"([0-9]+) ]] || version=${BASH_REMATCH[1]}
  done <"$1/release"
  ((version >= 25))
}

# find_jdk: the first JDK of 25 or later in JAVA_HOME, on PATH, in the usual
# folders. JAVA_HOME may name an older one: other programs may need that.
find_jdk() {
  local folder on_path
  on_path=$(command -v javac || command -v java || true)
  [[ -n $on_path ]] && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/java*}
  for folder in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* /usr/local/*jdk* /usr/java/*; do
    if [[ -n $folder ]] && is_jdk "$folder"; then
      printf '%s' "$folder"
      return
    fi
  done
  return 1
}

# Where it was found, for the next start, and what the search had to go by.
KNOWN_JDK=$CAIRN_CACHE/jdk

# need_jdk: sets JAVA_HOME to it.
need_jdk() {
  local asked="${JAVA_HOME:-}|$PATH" known=()
  [[ ! -r $KNOWN_JDK ]] || mapfile -t known <"$KNOWN_JDK"
  if [[ ${#known[@]} == 2 && ${known[0]} == "$asked" ]] && is_jdk "${known[1]}"; then
    JAVA_HOME=${known[1]}
  else
    JAVA_HOME=$(find_jdk) ||
      die 'no JDK 25 was found (JAVA_HOME, PATH, /usr/lib/jvm, /opt); install one, or set JAVA_HOME to its folder'
    # Where nothing can be written, it is looked for each time.
    { mkdir -p "$CAIRN_CACHE" && printf '%s\n' "$asked" "$JAVA_HOME" >"$KNOWN_JDK.$$" &&
      mv "$KNOWN_JDK.$$" "$KNOWN_JDK"; } 2>/dev/null || true
  fi
  export JAVA_HOME
}

# How Cairn's Java is started: the heap is bounded, whatever a guest does.
# shellcheck disable=SC2034 # for those who source this
JAVA_OPTIONS=(-Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED)
# What is called by reflection is called once; code made for each call takes longer.
JAVA_OPTIONS+=(-Djdk.reflect.useNativeAccessorOnly=true)
