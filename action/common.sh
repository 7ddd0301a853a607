# Sourced by every step of the action: how it speaks to the runner, and how it looks at what it was given.
# Nothing here prints what somebody else wrote without taking the runner's commands out of it.
# shellcheck shell=bash

# Makes a text the message of a workflow command.
escaped() {
  local text="$1" command='##[' harmless='## ['
  text="${text//%/%25}"
  text="${text//$'\r'/%0D}"
  text="${text//$'\n'/%0A}"
  text="${text//"$command"/$harmless}"
  printf '%s' "$text"
}

notice() { printf '::notice title=portcullis::%s\n' "$(escaped "$1")"; }

warning() { printf '::warning title=portcullis::%s\n' "$(escaped "$1")"; }

# Ends the step with that code. 2 is a wrong input, 4 everything that could not be done.
stop() {
  printf '::error title=portcullis::%s\n' "$(escaped "$2")"
  exit "$1"
}

# Hands a value of one line to the steps after this one.
output() {
  case "$2" in
    *$'\n'* | *$'\r'*) stop 4 "the output $1 would have more than one line" ;;
  esac
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# Refuses an input that has not the shape that it must have.
shaped() {
  local pattern="^($3)\$"
  [[ "$2" =~ $pattern ]] || stop 2 "the input \`$1\` is not understood; README and docs/github.md say what it takes"
  case "$2" in
    *$'\n'*) stop 2 "the input \`$1\` has more than one line" ;;
  esac
}

# Prints the SHA-256 of a file, or of standard input.
digest_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$@" | cut -d ' ' -f 1
  else
    shasum -a 256 "$@" | cut -d ' ' -f 1
  fi
}

# Says whether that is the full id of an object.
is_id() { [[ "$1" =~ ^([0-9a-f]{40}|[0-9a-f]{64})$ ]]; }

# Says whether that id stands for "there was none".
is_null() { [[ "$1" =~ ^0*$ ]]; }
