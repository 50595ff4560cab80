# shellcheck shell=bash
# Building target/cairn.jar when it is missing or older than what it is made of.
# Needs cache.sh, jdk.sh.

CAIRN_JAR=$CAIRN_HOME/target/cairn.jar

# Its time is when the last good build began, so that an edit during the build
# is seen by the next start.
JAR_STAMP=$CAIRN_HOME/target/cairn.built

# Every start looks, and one program looks at so many files faster than the shell does;
# folders tell what was removed.
jar_is_fresh() {
  local newer
  [[ -e $CAIRN_JAR && -e $JAR_STAMP ]] || return 1
  newer=$(exec find "$CAIRN_HOME/pom.xml" "$CAIRN_HOME/src/main" -newer "$JAR_STAMP" -print -quit) &&
    [[ -z $newer ]]
}

# need_jar: the lock is on pom.xml itself, which every start can open, even one
# that can write nothing.
need_jar() {
  jar_is_fresh && return
  local lock
  exec {lock}<"$CAIRN_HOME/pom.xml"
  if ! flock --nonblock "$lock"; then
    progress 'another start is building; waiting for it'
    flock "$lock"
  fi
  LOCK_FDS+=("$lock")
  jar_is_fresh || build_jar
  progress_end
  unset 'LOCK_FDS[-1]'
  exec {lock}<&-
}

build_jar() {
  local log=$CAIRN_HOME/target/cairn-build.log begun
  command -v mvn >/dev/null || die 'no Maven (mvn) was found; install it with: apt-get install --no-install-recommends maven'
  mkdir -p "$CAIRN_HOME/target" 2>/dev/null && : 2>/dev/null >"$log" ||
    die "cannot write to $CAIRN_HOME/target, where the program is built"
  begun=$CAIRN_HOME/target/cairn.begun
  touch "$begun"
  if [[ -t 2 ]]; then progress 'building cairn.jar'; else say 'building cairn.jar'; fi
  maven_options
  quiet "$log" mvn -f "$CAIRN_HOME/pom.xml" "${MAVEN_OPTIONS[@]}" \
    -Dmaven.test.skip=true -Dspotless.check.skip=true package ||
    jar_failed "$log"
  touch -r "$begun" "$JAR_STAMP"
}

# maven_options: sets MAVEN_OPTIONS. Maven keeps what it downloads in the home
# folder; where that cannot be written, in our cache.
maven_options() {
  local home
  MAVEN_OPTIONS=(-B --no-transfer-progress)
  home=$(getent passwd "$(id -u)" | cut -d: -f6)
  if ! { [[ -w $home/.m2/repository ]] || [[ ! -e $home/.m2/repository && -w $home/.m2 ]] ||
    [[ ! -e $home/.m2 && -w $home ]]; }; then
    cache_folder maven
    MAVEN_OPTIONS+=("-Dmaven.repo.local=$CAIRN_CACHE/maven")
  fi
}

jar_failed() {
  local log=$1 why
  why=$(grep -m1 -E '^\[ERROR\]' "$log" | cut -c9-220) || true
  [[ -e $log ]] && die "building cairn.jar did not work: ${why:-see the log}. Its log is $log"
  die 'building cairn.jar did not work'
}
