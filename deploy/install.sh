#!/usr/bin/env bash
# Copies a release build to a prefix: bin/agent, bin/ctl, lib/carillon/plugins/*.so, include/carillon/*.h.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:?usage: deploy/install.sh PREFIX}
bin=$(swift build -c release --show-bin-path)
install -d "$prefix/bin" "$prefix/lib/carillon/plugins" "$prefix/include/carillon/host"
install -m 755 "$bin/agent" "$bin/ctl" "$prefix/bin/"
for plugin in anniversary birthday discord email notification reminder webhook; do
  install -m 644 "$bin/libcarillon-$plugin.so" "$prefix/lib/carillon/plugins/"
done
headers=Sources/PluginAPI/CPluginAPI/include/carillon
install -m 644 "$headers"/*.h "$prefix/include/carillon/"
install -m 644 "$headers"/host/*.h "$prefix/include/carillon/host/"
echo "installed under $prefix"
