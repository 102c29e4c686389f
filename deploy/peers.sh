#!/usr/bin/env bash
# Makes what `make bench` holds Carillon's store against: procrastinate and pgqueuer in a Python environment of their
# own, .build/peers, and .build/peers/bin/select_one, which times libpq's SELECT 1. Does nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

home=.build/peers
sources=Tests/Benchmarks/Peers
stamp=$home/carillon-peers
wanted=$(cat "$sources/requirements.txt" "$sources/select_one.c" | sha256sum)
[ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ] || exit 0

command -v python3 >/dev/null && command -v cc >/dev/null && [ -e /usr/include/postgresql/libpq-fe.h ] || {
  echo "The peers need python3, python3-venv, gcc and libpq-dev; deploy/setup.sh --tests installs them." >&2
  exit 1
}
echo "installing the peers of make bench" >&2
python3 -m venv --clear "$home"
"$home/bin/pip" install --quiet --disable-pip-version-check --requirement "$sources/requirements.txt"
cc -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -I/usr/include/postgresql \
  -o "$home/bin/select_one" "$sources/select_one.c" -lpq
echo "$wanted" >"$stamp"
