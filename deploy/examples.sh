#!/usr/bin/env bash
# Builds every plugin of Plugins/Examples as its author would, with headers and pkg-config file of this tree, into a
# prefix: the plugins are in PREFIX/lib/carillon/plugins. The one in Rust needs cargo, and is left out without it.
set -euo pipefail
cd "$(dirname "$0")/.."
to=$(realpath -m "${1:-.build/examples}")
deploy/install-headers.sh "$to"
export PKG_CONFIG_PATH="$to/lib/pkgconfig"
for folder in Plugins/Examples/*/; do
  name=$(basename "$folder")
  if [ -e "$folder/Cargo.toml" ] && ! command -v cargo >/dev/null; then
    echo "$name: left out, cargo is not on the PATH"
    continue
  fi
  mkdir -p "$to/build/$name"
  cp -r "$folder." "$to/build/$name/"
  make -s -C "$to/build/$name"
  make -s -C "$to/build/$name" install
done
ls "$to"/lib/carillon/plugins/*.so
