# shellcheck shell=bash
# The caller's environment, which belongs to the guest: what set-up and bash change
# in it is undone before Cairn starts. Sourced first of all scripts.

# NAME=VALUE of each variable that this shell was started with.
mapfile -d '' -t GIVEN_ENVIRONMENT </proc/$$/environ

# restore_environment: gives each variable its value back. Sets THROUGH_ENV, what
# env(1) has to do: bash puts some into what it starts that were not there, and
# leaves out `_`.
restore_environment() {
  local entry name
  local -A given=()
  for entry in "${GIVEN_ENVIRONMENT[@]}"; do
    name=${entry%%=*}
    [[ -n $name ]] || continue
    given[$name]=1
    if [[ $name =~ ^[A-Za-z][A-Za-z0-9_]*$ && $name != @(CAIRN_*|SHLVL) && ${!name-} != "${entry#*=}" ]]; then
      export "$name=${entry#*=}" 2>/dev/null || true
    fi
  done
  THROUGH_ENV=()
  for name in $(compgen -e) _ SHLVL PWD; do
    [[ -n ${given[$name]:-} || $name == CAIRN_* ]] || THROUGH_ENV+=(-u "$name")
  done
  for entry in "${GIVEN_ENVIRONMENT[@]}"; do
    [[ $entry != _=* ]] || THROUGH_ENV+=("$entry")
  done
}
