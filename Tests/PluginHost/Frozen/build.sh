#!/usr/bin/env bash
# Builds the frozen plugins of a new version of the ABI into a folder of its own; what is there already stays as it is.
set -euo pipefail
cd "$(dirname "$0")"
root=$PWD/../../..
headers=$root/Sources/PluginAPI/CPluginAPI/include
number() { sed -nE "s/^#define CARILLON_ABI_$1 ([0-9]+)u$/\1/p" "$headers/carillon/base.h"; }
out=$PWD/$(uname -m)-linux-gnu/$(number MAJOR).$(number MINOR)
[ ! -e "$out" ] || { echo "$out is there already: what is frozen is never built again" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
c=(-std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden "-I$headers")
for name in sink event_type; do
  gcc "${c[@]}" -shared -s -Wl,-z,noseparate-code "Sources/$name.c" -o "$work/$name.so"
done
cp Sources/manifest_swift.h "$work/"
printf 'module FrozenManifest { header "manifest_swift.h" export * }\n' >"$work/module.modulemap"
clang "${c[@]}" "-I$work" -c Sources/manifest_swift.c -o "$work/manifest.o"
swift=(-swift-version 6 -Osize -wmo -parse-as-library "-I$headers" "-I$work" -enable-upcoming-feature ExistentialAny
  -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility)
mapfile -t kit < <(find "$root/Sources/PluginAPI/PluginKit" -name '*.swift' | sort)
swiftc "${swift[@]}" -module-name PluginKit0 -emit-module -emit-module-path "$work/PluginKit0.swiftmodule" \
  -c "${kit[@]}" -o "$work/kit.o"
swiftc "${swift[@]}" -module-name FrozenDay -c Sources/EventType.swift -o "$work/plugin.o"
swiftc -emit-library -use-ld=lld "$work/plugin.o" "$work/kit.o" "$work/manifest.o" -o "$work/swift_event_type.so" \
  -Xlinker "--version-script=$root/Plugins/Support/exports.map" -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker -s \
  -no-toolchain-stdlib-rpath
mkdir -p "$out"
install -m 755 "$work"/*.so "$out/"
(cd "$out" && sha256sum ./*.so)
