#!/usr/bin/env bash
# A temporary PostgreSQL (15 or later) in a folder of its own, for tests, benchmarks and deploy/fleet: on loopback and a Unix
# socket, durable as in production, with the role `carillon`, no superuser, that owns the database `carillon`.
#
#   deploy/postgres.sh start DIR [options]     makes it in DIR (absent or empty), or starts again what was stopped there;
#                                              prints a line `primary URL`, then those of `pgbouncer` and `replica`
#     --port N          the primary's port; otherwise the script finds a free one
#     --pgbouncer       with pgbouncer before it, in transaction mode
#     --replica         with a hot standby that streams from it
#     --bench           more memory and WAL, for measuring: shared_buffers 1 GB instead of 128 MB
#     --set NAME=VALUE  a server setting; repeatable
#     --user NAME       whom the servers run as when root calls: `postgres` unless said
#     --while PID       stops it and removes DIR when that process has ended, however it ended
#   deploy/postgres.sh url DIR [primary|pgbouncer|replica]            prints that one's URL
#   deploy/postgres.sh psql DIR [primary|pgbouncer|replica] [...]     psql as superuser; pgbouncer: its console
#   deploy/postgres.sh status DIR                                     one line a server; exit code 3 unless all run
#   deploy/postgres.sh restart DIR [immediate]                        the primary; `immediate` is a crash
#   deploy/postgres.sh stop DIR [immediate]                           every server; DIR stays and can be started again
#   deploy/postgres.sh remove DIR                                     that, and deletes DIR
set -euo pipefail
# A caller may have blocked or ignored signals, as Swift's Foundation does for its children: what is started here must end
# when it is told to.
[ -n "${CARILLON_SIGNALS_RESET:-}" ] || CARILLON_SIGNALS_RESET=1 exec env --default-signal bash "$0" "$@"
unset CARILLON_SIGNALS_RESET ${!PG@}
self=$(readlink -f "$0")
. "$(dirname "$self")/postgres/make.sh"
. "$(dirname "$self")/postgres/run.sh"

fail() { echo "deploy/postgres.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$self" >&2; exit 64; }

# What DIR/carillon-postgres says: one `name=value` a line, the last one counts.
recall() { sed -n "s/^$1=//p" "$dir/carillon-postgres" | tail -n 1; }
remember() { echo "$1=$2" >>"$dir/carillon-postgres"; }

open_cluster() {
  [ -f "$dir/carillon-postgres" ] || fail "$dir was not made by this script"
  user=$(recall user)
}

url() {
  local port
  port=$(recall "${1}_port")
  [ -n "$port" ] || fail "$dir has no $1"
  echo "postgresql://carillon:$(cat "$dir/password")@127.0.0.1:$port/carillon"
}

start() {
  local port= watched= fresh= wants=" "
  user=postgres bench= sets=()
  [ "$(id -u)" -eq 0 ] || user=$(id -un)
  while [ $# -gt 0 ]; do
    case $1 in
      --port | --set | --user | --while) [ $# -ge 2 ] || fail "$1 needs a value" ;;&
      --port) port=$2 && shift 2 ;;
      --set) sets+=("$2") && shift 2 ;;
      --user) user=$2 && shift 2 ;;
      --while) watched=$2 && shift 2 ;;
      --pgbouncer | --replica) wants+="${1#--} " && shift ;;
      --bench) bench=1 && shift ;;
      *) fail "no option $1; call it without arguments for help" ;;
    esac
  done
  check_options
  if [ -f "$dir/carillon-postgres" ]; then
    open_cluster
    [ -n "$(recall primary_port)" ] || fail "$dir was never finished; remove it: deploy/postgres.sh remove $dir"
  else
    fresh=1
    make_folder
  fi
  # What does not come up whole leaves nothing behind.
  trap 'status=$?; trap - EXIT; if [ -n "$fresh" ]; then remove; else stop_all immediate; fi; exit "$status"' EXIT
  trap 'exit 130' INT TERM HUP
  if [ -n "$fresh" ]; then make_primary; fi
  runs primary || start_on_port primary "$port"
  if [ -n "$fresh" ]; then make_role; fi
  start_others "$wants"
  [ -z "$watched" ] || watch "$watched"
  trap - EXIT
  for server in $(servers); do echo "$server $(url "$server")"; done
}

check_options() {
  [[ $port =~ ^[0-9]*$ ]] || fail "--port must be a number, not \"$port\""
  [[ $watched =~ ^[0-9]*$ ]] || fail "--while must be a process's number, not \"$watched\""
  id "$user" >/dev/null 2>&1 || fail "there is no user $user to run the servers as"
  [ "$(id -u "$user")" -ne 0 ] || fail "the servers refuse to run as root; name another with --user"
  for setting in "${sets[@]}"; do
    [[ $setting =~ ^[a-z_.]+= ]] || fail "--set takes NAME=VALUE, not \"$setting\""
  done
}

start_others() {
  if [[ $1 = *" replica "* || -n $(recall replica_port) ]]; then
    [ -f "$dir/replica/PG_VERSION" ] || make_replica
    runs replica || start_on_port replica ""
  fi
  if [[ $1 = *" pgbouncer "* || -n $(recall pgbouncer_port) ]]; then
    [ -f "$dir/run/users.txt" ] || make_pgbouncer
    runs pgbouncer || start_on_port pgbouncer ""
  fi
}

status() {
  local code=0
  for server in $(servers); do
    if runs "$server"; then state=runs; else state=stopped code=3; fi
    echo "$server $state on port $(recall "${server}_port")"
  done
  [ -n "$(servers)" ] || code=3
  return "$code"
}

# `psql` of the superuser: over the Unix socket, where the operating system says who is there.
superuser() {
  local server=$1 port
  shift
  port=$(recall "${server}_port")
  [ -n "$port" ] || fail "$dir has no $server"
  case $server in
    pgbouncer) as_server "$bin/psql" -X -h "$dir/run" -p "$port" -U pgbouncer "$@" pgbouncer ;;
    *) "$bin/psql" -X -h "$dir/run" -p "$port" -U postgres -d carillon "$@" ;;
  esac
}

remove() {
  stop_all immediate
  rm -rf "$dir"
}

[ $# -ge 2 ] || usage
verb=$1 dir=$(readlink -m "$2")
shift 2
[[ $dir =~ ^[A-Za-z0-9._/+-]+$ ]] || fail "\"$dir\" must hold only letters, digits and . _ / + -"
find_programs
case $verb in
  start) start "$@" ;;
  stop | remove) [ -e "$dir" ] || exit 0 ;;&
  url | psql | status | restart | stop | remove | guard) open_cluster ;;&
  url) url "${1:-primary}" ;;
  psql)
    server=primary
    case ${1:-} in primary | pgbouncer | replica) server=$1 && shift ;; esac
    superuser "$server" "$@"
    ;;
  status) status ;;
  restart) restart "${1:-fast}" ;;
  stop) stop_guard && stop_all "${1:-fast}" ;;
  remove) stop_guard && remove ;;
  guard) guard "$@" ;;
  start) ;;
  *) usage ;;
esac
