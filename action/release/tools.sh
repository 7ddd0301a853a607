# Sourced by the scripts of a release: the same Rust, zig and maturin on every machine, or the bytes are not the same.
# shellcheck shell=bash

# The Rust that publishes. It is raised by itself, like what stands in packaging/tools.txt.
rust=1.95.0

install_rust() {
  rustup toolchain install "$rust" --profile minimal --no-self-update "$@"
  export RUSTUP_TOOLCHAIN="$rust"
}

# Installs what packaging/tools.txt names, by digest, into an environment of its own.
install_tools() {
  local folder="$RUNNER_TEMP/portcullis-tools"
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --requirement packaging/tools.txt
  export PATH="$folder/bin:$PATH"
}
