# shellcheck shell=bash
# The caller's environment, which belongs to the guest: Cairn starts with it as it
# was given, whatever set-up and bash have changed in theirs. Sourced first of all
# scripts.

# NAME=VALUE of each variable that this shell was started with.
mapfile -d '' -t GIVEN_ENVIRONMENT </proc/$$/environ

# given_environment: sets ENVIRONMENT to what env(1) is to make Cairn's of: the given
# variables, and set-up's answers.
given_environment() {
  local entry name
  ENVIRONMENT=()
  for entry in "${GIVEN_ENVIRONMENT[@]}"; do
    [[ $entry != ?*=* ]] || ENVIRONMENT+=("$entry")
  done
  for name in "${!CAIRN_@}"; do
    [[ ${!name@a} != *x* ]] || ENVIRONMENT+=("$name=${!name}")
  done
}
