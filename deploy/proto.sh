#!/usr/bin/env bash
# Regenerates Proto/Generated from Proto/carillon/v1 and Proto/grpc with Debian's protoc and the generators of the pinned packages.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v protoc >/dev/null || { echo "protoc is missing: apt-get install protobuf-compiler" >&2; exit 1; }
bin=$(swift build --show-bin-path)
swift build --product protoc-gen-swift
swift build --product protoc-gen-grpc-swift-2
out=Proto/Generated
mkdir -p "$out"
find "$out" -name '*.swift' -delete
generate() { # generate NAMING FILE…
  local options="Visibility=Public,FileNaming=$1,UseAccessLevelOnImports=true"
  shift
  protoc -IProto \
    --plugin=protoc-gen-swift="$bin/protoc-gen-swift" --swift_out="$out" --swift_opt="$options" "$@"
  protoc -IProto \
    --plugin=protoc-gen-grpc-swift-2="$bin/protoc-gen-grpc-swift-2" \
    --grpc-swift-2_out="$out" --grpc-swift-2_opt="$options,Server=true,Client=true" "$@"
}
generate DropPath Proto/carillon/v1/*.proto
# What gRPC defines for every server; two of these files have the same name.
standard=(Proto/grpc/*/*/*.proto)
generate PathToUnderscores "${standard[@]}"
# Who may call what, and the descriptors for reflection.
descriptors=$(mktemp)
trap 'rm -f "$descriptors"' EXIT
protoc -IProto --include_imports --descriptor_set_out="$descriptors" Proto/carillon/v1/*.proto "${standard[@]}"
.build/venv/bin/python Proto/describe.py "$descriptors" "$out"
# The C library's messages and calls.
Sources/ctl/CClient/generate.sh
