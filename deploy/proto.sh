#!/usr/bin/env bash
# Regenerates Proto/Generated from Proto/carillon/v1 with Debian's protoc and the generators of the pinned packages.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v protoc >/dev/null || { echo "protoc is missing: apt-get install protobuf-compiler" >&2; exit 1; }
bin=$(swift build --show-bin-path)
swift build --product protoc-gen-swift
swift build --product protoc-gen-grpc-swift-2
out=Proto/Generated
mkdir -p "$out"
find "$out" -name '*.swift' -delete
protoc -IProto \
  --plugin=protoc-gen-swift="$bin/protoc-gen-swift" \
  --swift_out="$out" --swift_opt=Visibility=Public,FileNaming=DropPath,UseAccessLevelOnImports=true \
  Proto/carillon/v1/*.proto
protoc -IProto \
  --plugin=protoc-gen-grpc-swift-2="$bin/protoc-gen-grpc-swift-2" \
  --grpc-swift-2_out="$out" \
  --grpc-swift-2_opt=Visibility=Public,FileNaming=DropPath,Server=true,Client=true,UseAccessLevelOnImports=true \
  Proto/carillon/v1/*.proto
# The C library's messages and calls.
Sources/ctl/CClient/generate.sh
