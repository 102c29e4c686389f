#!/usr/bin/env bash
# Whether the plugin headers still serve what was compiled against the last release's (Sources/PluginAPI/abi), whether every
# field of them is pinned, and whether those checks work. Needs clang and Python, no package.
set -euo pipefail
cd "$(dirname "$0")/.."
own=.build/venv/bin/python3
[ -x "$own" ] || own=python3
python=${CARILLON_PYTHON:-$own}
export PYTHONDONTWRITEBYTECODE=1
abi=Sources/PluginAPI/abi
headers=Sources/PluginAPI/CPluginAPI
current=$(mktemp)
trap 'rm -f "$current"' EXIT
"$python" $abi/gather.py $headers/include >"$current"
"$python" $abi/compare.py "$(ls $abi/carillon-abi-*.txt | sort -V | tail -n 1)" "$current"
"$python" $abi/pinned.py "$current" $headers/layout.c
"$python" Tests/ABI/test_abi.py
