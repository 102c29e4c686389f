#!/usr/bin/env bash
# Copies a release build to a prefix: bin/agent, bin/ctl, bin/carillon-runner, lib/carillon/plugins/*.so, the headers
# for plugins with their pkg-config file, the manual pages, the systemd unit and the page about security.
set -euo pipefail
cd "$(dirname "$0")/.."
prefix=${1:?usage: deploy/install.sh PREFIX}
bin=$(swift build -c release --show-bin-path)
install -d "$prefix/bin" "$prefix/lib/carillon/plugins" "$prefix/lib/systemd/system" "$prefix/share/doc/carillon"
install -m 755 "$bin/agent" "$bin/ctl" "$bin/carillon-runner" "$prefix/bin/"
for plugin in anniversary birthday discord email notification reminder webhook; do
  install -m 644 "$bin/libcarillon-$plugin.so" "$prefix/lib/carillon/plugins/"
done
# What ctl plugin check-host tries an agent with; not where an agent looks for its plugins.
install -d "$prefix/lib/carillon/check-host"
install -m 644 "$bin/libhostile-plugin.so" "$bin/libwitness-plugin.so" "$prefix/lib/carillon/check-host/"
install -m 644 docs/security.md "$prefix/share/doc/carillon/"
"$bin/ctl" man "$prefix/share/man/man1"
# Under a staging directory (DESTDIR) the unit names the place where it will be.
final=${prefix#"${DESTDIR:-}"}
deploy/install-headers.sh "$prefix" "$final"
sed "s|@PREFIX@|$final|g" deploy/systemd/carillon-agent.service >"$prefix/lib/systemd/system/carillon-agent.service"
chmod 644 "$prefix/lib/systemd/system/carillon-agent.service"
# The library for clients in C, with its headers, example and pkg-config file.
make -s -C Sources/ctl/CClient install DESTDIR="${DESTDIR:-}" PREFIX="${prefix#"${DESTDIR:-}"}"
echo "installed under $prefix"
