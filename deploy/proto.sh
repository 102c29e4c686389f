#!/usr/bin/env bash
# Regenerates Proto/Generated from Proto/carillon/v1 and Proto/grpc with Debian's protoc, or the one that deploy/setup.sh --tests
# installed, and the generators of the pinned packages.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${CARILLON_PYTHON:-.build/venv/bin/python}
if command -v protoc >/dev/null; then
  protoc=(protoc)
else
  known=$("$python" -c 'import grpc_tools; print(grpc_tools.__path__[0] + "/_proto")') || {
    echo "protoc is missing: apt-get install protobuf-compiler, or deploy/setup.sh --tests" >&2
    exit 1
  }
  protoc=("$python" -m grpc_tools.protoc "-I$known")
fi
command -v protoc-c >/dev/null || { echo "protoc-c is missing: apt-get install protobuf-c-compiler" >&2; exit 1; }
[ -x "$python" ] || { echo "$python is missing: deploy/setup.sh --tests" >&2; exit 1; }
bin=$(swift build --show-bin-path)
swift build --product protoc-gen-swift
swift build --product protoc-gen-grpc-swift-2
# All of it, or nothing: what is there stays until everything was made.
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
out=$made/swift
mkdir "$out"
generate() { # generate NAMING FILE…
  local options="Visibility=Public,FileNaming=$1,UseAccessLevelOnImports=true"
  shift
  "${protoc[@]}" -IProto \
    --plugin=protoc-gen-swift="$bin/protoc-gen-swift" --swift_out="$out" --swift_opt="$options" "$@"
  "${protoc[@]}" -IProto \
    --plugin=protoc-gen-grpc-swift-2="$bin/protoc-gen-grpc-swift-2" \
    --grpc-swift-2_out="$out" --grpc-swift-2_opt="$options,Server=true,Client=true" "$@"
}
generate DropPath Proto/carillon/v1/*.proto
# What gRPC defines for every server; two of these files have the same name.
standard=(Proto/grpc/*/*/*.proto)
generate PathToUnderscores "${standard[@]}"
# Who may call what, and the descriptors for reflection.
descriptors=$made/descriptors
"${protoc[@]}" -IProto --include_imports --descriptor_set_out="$descriptors" Proto/carillon/v1/*.proto "${standard[@]}"
"$python" Proto/describe.py "$descriptors" "$out"
find Proto/Generated -name '*.swift' -delete
cp "$out"/*.swift Proto/Generated/
# What the agent and carillon-runner say to each other, in Swift and in C.
runner=Sources/Agent/Runner
"${protoc[@]}" -I"$runner" --plugin=protoc-gen-swift="$bin/protoc-gen-swift" --swift_out=Sources/Agent/RunnerProtocol \
  --swift_opt=Visibility=Public,FileNaming=DropPath,UseAccessLevelOnImports=true runner.proto
protoc-c --proto_path="$runner" --c_out="$runner/generated" runner.proto
# The C library's messages and calls.
Sources/ctl/CClient/generate.sh
