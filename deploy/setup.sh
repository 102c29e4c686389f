#!/usr/bin/env bash
# Installs what Carillon's build and tests need and this machine lacks: Debian packages, and a Python environment in
# .build/venv for the tests' independent oracles. Does nothing when all is there.
#
#   deploy/setup.sh            what building and running need
#   deploy/setup.sh --clients  that, and what the C library for clients is built with
#   deploy/setup.sh --tests    that, and what the tests need
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(libcurl4-openssl-dev libical-dev libpq-dev libprotobuf-c-dev libsqlite3-dev zlib1g-dev tzdata ca-certificates curl)
modules=()
case "${1:-}" in
  --clients | --tests) packages+=(libgrpc-dev libprotobuf-c-dev pkg-config gcc libc6-dev make) ;;
esac
if [ "${1:-}" = --tests ]; then
  packages+=(python3 python3-venv python3-pip g++ nginx-light libnginx-mod-http-echo binutils protobuf-c-compiler valgrind gdb groff procps openssl sqlite3 postgresql pgbouncer postfix sasl2-bin libsasl2-modules)
  modules=(jsonschema==4.26.0 standardwebhooks==1.1.0 prometheus-client==0.26.0 python-dateutil==2.9.0.post0 grpcio==1.85.1 grpcio-tools==1.85.1 grpcio-status==1.85.1 grpcio-health-checking==1.85.1 grpcio-reflection==1.85.1 hpack==4.1.0 aiosmtpd==1.4.6 icalendar==6.3.1 cryptography==50.0.2)
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "Carillon needs some system packages. Run this, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # Servers are for tests, which start their own on loopback: the packages must start none, nor make a database cluster.
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; ours=1; }
  no_cluster=/etc/postgresql-common/createcluster.d/carillon.conf
  mkdir -p "${no_cluster%/*}"
  echo "create_main_cluster = false" >"$no_cluster"
  # Of the machine's own mail nothing is changed.
  case " ${missing[*]} " in
    *" postfix "*) echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections ;;
  esac
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || failed=1
  rm -f "$no_cluster"
  [ -z "${ours:-}" ] || rm -f /usr/sbin/policy-rc.d
  [ -z "${failed:-}" ] || { echo "apt-get could not install ${missing[*]}" >&2; exit 1; }
fi

command -v swift >/dev/null || { echo "Swift 6.3 or later must be installed and on the PATH." >&2; exit 1; }

if [ ${#modules[@]} -gt 0 ]; then
  stamp=.build/venv/carillon-modules
  if [ "$(cat "$stamp" 2>/dev/null || true)" != "${modules[*]}" ]; then
    echo "installing Python modules for the tests' oracles"
    python3 -m venv .build/venv
    .build/venv/bin/pip install --quiet --disable-pip-version-check "${modules[@]}"
    echo "${modules[*]}" >"$stamp"
  fi
fi
