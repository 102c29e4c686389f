#!/usr/bin/env bash
# Copies what a plugin's author needs to a prefix: include/carillon/*.h and lib/pkgconfig/carillon-plugin.pc. Builds nothing.
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
