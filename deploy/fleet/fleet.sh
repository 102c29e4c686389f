#!/usr/bin/env bash
# A fleet on this machine: one PostgreSQL, pgbouncer, three agents that share it, each preferring one group of zones, and a
# receiver. Try a take-over: watch the state in one terminal, and kill an agent in another. README.md tells what to look at.
#
#   deploy/fleet/fleet.sh up           starts everything, with a dozen people whose reminders ring five seconds apart
#   deploy/fleet/fleet.sh state        who runs, who holds which shards, what arrived last, and what the ledger says
#   deploy/fleet/fleet.sh kill NAME    ends an agent where it stands (kill -9): europe, america or asia
#   deploy/fleet/fleet.sh start NAME   starts it again
#   deploy/fleet/fleet.sh down         stops everything and removes its files
#
# Its files are in CARILLON_FLEET, /tmp/carillon-fleet-UID unless set; the programs in CARILLON_BIN, else what was built.
set -euo pipefail
cd "$(dirname "$0")/../.."

groups=(europe america asia)
fleet=$(readlink -m "${CARILLON_FLEET:-/tmp/carillon-fleet-$(id -u)}")
bin=${CARILLON_BIN:-$(swift build --show-bin-path)}
ctl="$bin/ctl"

fail() { echo "deploy/fleet/fleet.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' deploy/fleet/fleet.sh >&2; exit 64; }

# A process that this script started: its number is in a file, and its command line names this fleet.
pid_of() { cat "$fleet/$1.pid" 2>/dev/null || true; }
runs() {
  local pid
  pid=$(pid_of "$1")
  [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$fleet/"
}
ended() { ! runs "$1"; }

# Waits for a condition, at most 60 seconds.
await_that() {
  local end=$((SECONDS + 60))
  while ! "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

open_fleet() {
  [ -f "$fleet/carillon-fleet" ] || fail "there is no fleet in $fleet; start it: deploy/fleet/fleet.sh up"
  [ -O "$fleet/carillon-fleet" ] || fail "the fleet in $fleet is somebody else's"
}

# The socket of an agent that runs, whichever it is.
use_any_agent() {
  for group in "${groups[@]}"; do
    if runs "$group"; then
      export CARILLON_SOCKET="$fleet/$group/agent.sock"
      return 0
    fi
  done
  return 1
}

up() {
  for program in agent ctl libcarillon-reminder.so libcarillon-webhook.so; do
    [ -e "$bin/$program" ] || fail "$bin/$program is not built; run make build"
  done
  mkdir -m 711 "$fleet" 2>/dev/null || fail "$fleet is there already; deploy/fleet/fleet.sh state shows it, down ends it"
  touch "$fleet/carillon-fleet"
  # What does not come up whole leaves nothing behind.
  trap 'status=$?; trap - EXIT; [ "$status" -eq 0 ] || { show_logs; down; }; exit "$status"' EXIT
  trap 'exit 130' INT TERM HUP
  echo "== PostgreSQL, and pgbouncer before it"
  deploy/postgres.sh start "$fleet/postgres" --pgbouncer | sed -E 's/:[^:@]+@/:…@/'
  mkdir -m 700 "$fleet/plugins"
  for plugin in birthday reminder webhook; do cp "$bin/libcarillon-$plugin.so" "$fleet/plugins/"; done
  start_receiver
  echo "== three agents"
  for group in "${groups[@]}"; do
    make_agent "$group"
    start_agent "$group"
  done
  use_any_agent
  people | "$ctl" apply -f - >/dev/null
  "$ctl" agent list
  trap - EXIT INT TERM HUP
  cat <<TEXT

Twelve people, four in each group of zones, get a reminder a minute each: one arrives every five seconds.
  deploy/fleet/fleet.sh state          who holds what
  tail -f $fleet/received.log   what arrives
  deploy/fleet/fleet.sh kill asia      then look again: its shards are taken over within seconds
  deploy/fleet/fleet.sh down           ends it all
For ctl: export CARILLON_SOCKET=$CARILLON_SOCKET PATH=$bin:\$PATH
TEXT
}

start_receiver() {
  (umask 077; printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64 -w0)" >"$fleet/secret")
  (umask 077; : >"$fleet/received.log")
  setsid "$ctl" listen --port 0 --secret-file "$fleet/secret" </dev/null >"$fleet/received.log" 2>"$fleet/listen.log" &
  echo $! >"$fleet/listen.pid"
  await_that grep -q '^listening on http' "$fleet/listen.log" || fail "the receiver did not start"
}

make_agent() {
  mkdir -m 700 "$fleet/$1"
  (umask 077; cat >"$fleet/$1/agent.yaml") <<YAML
agent:
  name: $1
  state_directory: $fleet/$1
  prefers: ["$1/*"]
store:
  kind: postgresql
  # Through pgbouncer in transaction mode; what needs a session of its own (LISTEN, migrations) goes directly.
  url: $(deploy/postgres.sh url "$fleet/postgres" pgbouncer)
  direct_url: $(deploy/postgres.sh url "$fleet/postgres")
  prepare: off
  pool: 4
plugins:
  folders: [$fleet/plugins]
listen:
  socket: $fleet/$1/agent.sock
  ops: ""
log:
  format: logfmt
YAML
}

start_agent() {
  runs "$1" && fail "the agent $1 runs already"
  setsid "$bin/agent" run --config "$fleet/$1/agent.yaml" </dev/null >/dev/null 2>>"$fleet/$1/agent.log" &
  echo $! >"$fleet/$1.pid"
  await_that answers "$1" || { tail -n 15 "$fleet/$1/agent.log" >&2; fail "the agent $1 is not ready"; }
  echo "$1 runs as process $(pid_of "$1")"
}
answers() { "$ctl" agent status --socket "$fleet/$1/agent.sock"; }

# A sink, a subscription, and people with reminders, as documents for `ctl apply`.
people() {
  cat <<YAML
{kind: Sink, id: receiver, plugin: webhook, configuration: {url: "$(receiver_url)/", secret: "file:$fleet/secret", allow_addresses: [127.0.0.0/8]}}
---
{kind: Subscription, id: everything, event_type: "*", sink: receiver}
YAML
  local zones=(
    Europe/Stockholm America/New_York Asia/Tokyo Europe/London America/Sao_Paulo Asia/Kolkata
    Europe/Kyiv America/Denver Asia/Novosibirsk Europe/Lisbon America/Mexico_City Asia/Singapore
  )
  local second=0 now zone id
  now=$(date +%s)
  for zone in "${zones[@]}"; do
    id=$(tr 'A-Z/_' 'a-z--' <<<"$zone")
    cat <<YAML
---
{kind: User, id: $id, display_name: "Somebody in $zone", time_zone: $zone, dates: {birth: "2000-02-29"}}
---
{kind: Schedule, id: birthday-$id, user: $id, event_type: birthday, definition: {at: "09:00"}}
---
{kind: Schedule, id: every-minute-$id, user: $id, event_type: reminder, definition: {title: "A minute in $zone", start: "$(date -u -d "@$((now + 10 + second))" +%Y-%m-%dT%H:%M:%SZ)", repeat: "rate(1 minute)"}}
YAML
    second=$((second + 5))
  done
}
receiver_url() { sed -n 's/^listening on \(http.*\)/\1/p' "$fleet/listen.log"; }

state() {
  open_fleet
  deploy/postgres.sh status "$fleet/postgres" || true
  for group in "${groups[@]}"; do
    if runs "$group"; then echo "agent $group runs as process $(pid_of "$group")"; else echo "agent $group does not run"; fi
  done
  use_any_agent || fail "no agent runs; start one: deploy/fleet/fleet.sh start europe"
  for question in "agent list" "shard list" "ledger verify --since 1h"; do
    echo
    echo "== ctl $question"
    # Words of the question are words of the command. A ledger that does not hold is shown, and no reason to stop.
    # shellcheck disable=SC2086
    "$ctl" $question || true
  done
  echo
  echo "== what arrived last"
  tail -n 6 "$fleet/received.log"
}

kill_agent() {
  open_fleet
  runs "$1" || fail "no agent $1 runs"
  kill -KILL "$(pid_of "$1")"
  await_that ended "$1" || fail "the agent $1 did not end"
  echo "killed $1; within its lease and two seconds the others hold its shards: deploy/fleet/fleet.sh state"
}

show_logs() {
  for group in "${groups[@]}"; do
    [ ! -s "$fleet/$group/agent.log" ] || { echo "the last lines of $group:" >&2; tail -n 5 "$fleet/$group/agent.log" >&2; }
  done
}

down() {
  [ -e "$fleet" ] || return 0
  open_fleet
  for name in "${groups[@]}" listen; do
    if runs "$name"; then kill -TERM "$(pid_of "$name")"; fi
  done
  for name in "${groups[@]}" listen; do
    await_that ended "$name" || kill -KILL "$(pid_of "$name")"
  done
  deploy/postgres.sh remove "$fleet/postgres"
  rm -rf "$fleet"
}

named() { for group in "${groups[@]}"; do [ "$group" != "${1:-}" ] || return 0; done; fail "name an agent: ${groups[*]}"; }

case ${1:-} in
  up) up ;;
  state) state ;;
  kill | start) named "${2:-}" ;;&
  kill) kill_agent "$2" ;;
  start) open_fleet; start_agent "$2" ;;
  down)
    down
    echo "the fleet is down"
    ;;
  *) usage ;;
esac
