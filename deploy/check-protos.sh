#!/usr/bin/env bash
# Whether the protos still serve the clients of the last release (Proto/released), and whether that check works.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${CARILLON_PYTHON:-.build/venv/bin/python3}
released=$(ls Proto/released/*.binpb | sort -V | tail -n 1)
current=$(mktemp)
trap 'rm -f "$current"' EXIT
known=$("$python" -c 'import grpc_tools, os; print(os.path.dirname(grpc_tools.__file__) + "/_proto")')
"$python" -m grpc_tools.protoc -IProto -I"$known" --include_imports --descriptor_set_out="$current" \
  Proto/carillon/v1/*.proto
"$python" Proto/compare.py "$released" "$current"
"$python" Tests/Protos/test_compare.py
