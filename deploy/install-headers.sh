#!/usr/bin/env bash
# Copies what a plugin's author needs to a prefix: include/carillon/*.h, lib/pkgconfig/carillon-plugin.pc, and for Swift
# the package share/carillon/PluginKit, in source; and share/carillon/driver, a small host to run a plugin under valgrind.
# Builds nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:?usage: deploy/install-headers.sh PREFIX [PREFIX-AS-IT-WILL-BE]}
final=${2:-$prefix}
headers=Sources/PluginAPI/CPluginAPI/include/carillon
install -d "$prefix/include/carillon/host" "$prefix/lib/pkgconfig"
install -m 644 "$headers"/*.h "$prefix/include/carillon/"
install -m 644 "$headers"/host/*.h "$prefix/include/carillon/host/"
number() { sed -nE "s/^#define CARILLON_ABI_$1 ([0-9]+)u$/\1/p" "$headers/base.h"; }
sed -e "s|@PREFIX@|$final|g" -e "s|@MAJOR@|$(number MAJOR)|g" -e "s|@MINOR@|$(number MINOR)|g" \
  Sources/PluginAPI/carillon-plugin.pc.in >"$prefix/lib/pkgconfig/carillon-plugin.pc"
chmod 644 "$prefix/lib/pkgconfig/carillon-plugin.pc"

kit=$prefix/share/carillon/PluginKit
rm -rf "$kit"
install -d "$kit/Sources"
cp -r Sources/PluginAPI/CPluginAPI "$kit/Sources/CPluginAPI"
cp -r Sources/PluginAPI/PluginKit "$kit/Sources/PluginKit0"
find "$kit" -name README.md -delete
install -m 644 deploy/pluginkit/Package.swift "$kit/Package.swift"
find "$kit" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +

install -d "$prefix/share/carillon/driver"
install -m 644 Tests/Examples/Fixtures/{driver.c,json.c,json.h} "$prefix/share/carillon/driver/"
