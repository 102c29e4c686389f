#!/usr/bin/env bash
# Makes Generated/ from Proto/: the C library's messages, and a function for each method. `make proto` runs it.
#
#   generate.sh [FOLDER]    default: Generated
set -euo pipefail
cd "$(dirname "$0")"
root=$PWD/../../..
out=${1:-Generated}
python=${CARILLON_PYTHON:-$root/.build/venv/bin/python}
command -v protoc-c >/dev/null || { echo "protoc-c is missing: apt-get install protobuf-c-compiler" >&2; exit 1; }
[ -x "$python" ] || { echo "Python with grpcio-tools is missing: deploy/setup.sh --tests" >&2; exit 1; }
descriptors=$(mktemp)
trap 'rm -f "$descriptors"' EXIT
well_known=$("$python" -c 'import grpc_tools; print(grpc_tools.__path__[0] + "/_proto")')
"$python" -m grpc_tools.protoc -I"$root/Proto" -I"$well_known" --include_imports --include_source_info \
  --descriptor_set_out="$descriptors" "$root"/Proto/carillon/v1/*.proto "$root"/Proto/grpc/health/v1/health.proto
rm -rf "$out/carillon"
mkdir -p "$out"
"$python" -B generate.py "$descriptors" "$out"
