#!/usr/bin/env bash
# A temporary mail server (Postfix) in a folder of its own, for tests: on loopback, with mailboxes in that folder. It sends
# nothing anywhere. Needs root, as Postfix does; installs Debian's packages when they are missing.
#
#   deploy/mail.sh install                  the packages, and nothing else
#   deploy/mail.sh start DIR [--while PID]  makes it in DIR (absent or empty), or starts again what was stopped there; prints
#                                           `submission PORT`, `smtps PORT`, `relay PORT`, `user NAME`, `password FILE`,
#                                           `authority FILE`, `mailboxes DIR` and `log FILE`
#     --while PID                           stops it and removes DIR when that process has ended, however it ended
#   deploy/mail.sh stop DIR                 the server; DIR stays and can be started again
#   deploy/mail.sh remove DIR               that, and deletes DIR
#
# submission: STARTTLS, then AUTH PLAIN or LOGIN; without them no mail. smtps: the same with TLS from the first byte.
# relay: plain text without authentication, for loopback, and without SMTPUTF8.
# Domains: example.org and bücher.example, mails of at most 1,000,000 bytes. Addresses, in both:
#   box…, jörg      have a mailbox: all of them DIR/mailboxes/all/new, where each mail says `Delivered-To`
#   blocked         554 5.7.1
#   full            452 4.2.2
#   greylisted…     450 4.7.1 at the first attempt of a sender, taken at the next
#   any other       550 5.1.1
set -euo pipefail
# A caller may have blocked or ignored signals: what is started here must end when it is told to.
[ -n "${CARILLON_SIGNALS_RESET:-}" ] || CARILLON_SIGNALS_RESET=1 exec env --default-signal bash "$0" "$@"
unset CARILLON_SIGNALS_RESET
self=$(readlink -f "$0")
sources=$(dirname "$self")/mail
export PATH=$PATH:/usr/sbin
packages=(postfix sasl2-bin libsasl2-modules openssl)
wait_seconds=60
. "$sources/run.sh"

fail() { echo "deploy/mail.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$self" >&2; exit 64; }

# What DIR/carillon-mail says: one `name=value` a line, the last one counts.
recall() { sed -n "s/^$1=//p" "$dir/carillon-mail" | tail -n 1; }
remember() { echo "$1=$2" >>"$dir/carillon-mail"; }

start() {
  local watched= fresh=
  if [ "${1:-}" = --while ]; then watched=${2:-}; shift 2 || fail "--while needs a process's number"; fi
  [ $# -eq 0 ] || fail "no option $1; call it without arguments for help"
  [[ $watched =~ ^[0-9]*$ ]] || fail "--while must be a process's number, not \"$watched\""
  install_packages
  if [ ! -f "$dir/carillon-mail" ]; then
    [ -z "$(ls -A "$dir" 2>/dev/null)" ] || fail "$dir is neither empty nor made by this script"
    fresh=1
    # What does not come up whole leaves nothing behind.
    trap 'status=$?; trap - EXIT; stop_server; rm -rf "$dir"; exit "$status"' EXIT
    trap 'exit 130' INT TERM HUP
    make_folder
  fi
  runs || start_server
  [ -z "$watched" ] || watch "$watched"
  [ -z "$fresh" ] || trap - EXIT
  tell
}

tell() {
  local name
  for name in submission smtps relay; do echo "$name $(recall "$name")"; done
  echo "user bells"
  echo "password $dir/password"
  echo "authority $dir/tls/certificate.pem"
  echo "mailboxes $dir/mailboxes"
  echo "log $dir/log/mail.log"
}

remove() {
  stop_server
  rm -rf "$dir"
}

[ "$(id -u)" -eq 0 ] || fail "Postfix needs root"
case ${1:-} in
  install) install_packages && exit ;;
  start | stop | remove | guard) [ $# -ge 2 ] || usage ;;
  *) usage ;;
esac
verb=$1 dir=$(readlink -m "$2")
shift 2
[[ $dir =~ ^[A-Za-z0-9._/+-]+$ ]] || fail "\"$dir\" must hold only letters, digits and . _ / + -"
case $verb in
  start) start "$@" ;;
  *) [ -e "$dir" ] || exit 0 ;;&
  stop | remove | guard) [ -f "$dir/carillon-mail" ] || fail "$dir was not made by this script" ;;&
  stop) stop_guard && stop_server ;;
  remove) stop_guard && remove ;;
  guard) guard "$@" ;;
esac
