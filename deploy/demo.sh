#!/usr/bin/env bash
# Carillon's main job in about a minute: import people and a calendar, let birthdays, an anniversary, reminders and
# notifications fall due within seconds, each at its own local time, send each through a webhook, into a Discord channel and
# as a mail to a receiver that shows what its reader would see, and show the ledger.
#
#   deploy/demo.sh          then stops cleanly
#   deploy/demo.sh --keep   leaves the agent and the receiver running, and says what to type next
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${CARILLON_BIN:-$(swift build --show-bin-path)}
home=$(mktemp -d "${TMPDIR:-/tmp}/carillon-demo.XXXXXX")
chmod 700 "$home"
export CARILLON_SOCKET="$home/agent.sock"
ctl="$bin/ctl"
keep=${1:-}
agent_pid= listen_pid=

stop() {
  status=$?
  trap - EXIT
  if [ "$status" -ne 0 ]; then
    echo "the demo failed; the agent's last lines:" >&2
    tail -n 20 "$home/agent.log" >&2 || true
  elif [ "$keep" = --keep ]; then
    exit 0
  fi
  for pid in $listen_pid $agent_pid; do kill "$pid" 2>/dev/null || true; done
  for pid in $listen_pid $agent_pid; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$home"
  exit "$status"
}
trap stop EXIT

# Waits for a condition, at most 15 seconds.
await() {
  for _ in $(seq 150); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    kill -0 "$agent_pid" 2>/dev/null || { echo "the agent has ended" >&2; return 1; }
    sleep 0.1
  done
  echo "gave up waiting for: $*" >&2
  return 1
}

echo "== the agent, on a temporary SQLite file"
mkdir -p "$home/plugins"
for plugin in anniversary birthday discord email notification reminder webhook; do ln "$bin/libcarillon-$plugin.so" "$home/plugins/" 2>/dev/null \
  || cp "$bin/libcarillon-$plugin.so" "$home/plugins/"; done
chmod 700 "$home/plugins"
"$bin/agent" run --set agent.name=demo --set agent.state_directory="$home" --set listen.socket="$CARILLON_SOCKET" \
  --set listen.ops= --set plugins.folders="$home/plugins" --set log.format=logfmt 2>"$home/agent.log" &
agent_pid=$!
await "$ctl" agent status
"$ctl" plugin list

echo
echo "== a receiver: webhooks with signatures, a Discord channel with Discord's limits, and mails"
(umask 077; printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64 -w0)" >"$home/secret")
people=(
  "urn:uuid:5d1b6a52-6c0e-4f55-9a3e-0d2c7f6b1a01 Europe/Stockholm 1988"
  "urn:uuid:91b7c1c8-2d9f-4a57-8b6e-4e9d0a7c3f05 Asia/Tokyo 2000"
  "urn:uuid:b3a6f7c4-0c55-4b2d-9d0f-6d0b7a1e4c06 Africa/Casablanca -"
  "urn:uuid:c0ffee12-5a5a-4c3c-8e8e-77aa88bb9908 Asia/Kolkata 1991"
  "3F2504E0-4F89-11D3-9A0C-0305E82C3310 America/New_York 1957"
  "urn:uuid:7f1e2d3c-4b5a-4968-8776-655443322112 Pacific/Auckland 2005"
)
anna=A1F0C9D2-7B64-4B0E-9C52-18A9E0C7B204
marguerite=7C2E1B90-41C8-4E0C-A1D7-53B0D3F6E503
# Of each person's events there is a request, a message and a mail; two events are for nobody in particular, so no mail.
expected=$(((${#people[@]} + 3) * 3 + 2 * 2))
if [ "$keep" = --keep ]; then ends=(); else ends=(--count "$expected" --within 100s --summary); fi
"$ctl" listen --port 0 --smtp 0 --secret-file "$home/secret" "${ends[@]}" >"$home/received" 2>"$home/listen.log" &
listen_pid=$!
await grep -q 'listening on smtp' "$home/listen.log"
url=$(sed -n 's/^listening on \(http.*\)/\1/p' "$home/listen.log")
smtp=$(sed -n 's/^listening on smtp:.*:\([0-9]*\)$/\1/p' "$home/listen.log")
(umask 077; echo "$url/api/webhooks/42/token" >"$home/discord.url")
cat >"$home/sinks.yaml" <<YAML
kind: Sink
id: partner
plugin: webhook
configuration:
  url: $url/
  secret: file:$home/secret
  allow_addresses: [127.0.0.0/8]
---
kind: Sink
id: team
plugin: discord
configuration:
  url: file:$home/discord.url
  username: Carillon
  allow_addresses: [127.0.0.0/8]
---
kind: Sink
id: mail
plugin: email
address_kind: email
configuration:
  host: 127.0.0.1
  port: $smtp
  tls: none
  from: Carillon <bells@example.org>
---
{kind: Subscription, id: everything-to-partner, event_type: "*", sink: partner}
---
{kind: Subscription, id: everything-to-team, event_type: "*", sink: team}
---
{kind: Subscription, id: everything-to-mail, event_type: "*", sink: mail}
YAML
"$ctl" apply -f "$home/sinks.yaml"

echo
echo "== people from an address book, and a team's calendar"
"$ctl" import deploy/samples/contacts.vcf
"$ctl" import deploy/samples/team.ics

echo
echo "== ${#people[@]} birthdays, an anniversary and a reminder, fifteen seconds from now, each by the clock on its own wall"
due=$(($(date +%s) + 15))
for person in "${people[@]}"; do
  read -r id zone year <<<"$person"
  day=$(TZ=$zone date -d "@$due" +%m-%d)
  time=$(TZ=$zone date -d "@$due" +%H:%M:%S)
  case $year in
    -) birth=--$day ;;
    *) birth=$year-$day ;;
  esac
  # A year without a 29 February cannot have given birth to anybody on that day: take the day without its year.
  date -d "${birth/#--/2000-}" >/dev/null 2>&1 || birth=--$day
  "$ctl" user update "$id" --birth "$birth" -o name
  "$ctl" schedule update "birthday-$id" --at "$time" -o name
done
"$ctl" schedule create demo-wedding --type anniversary --user "$marguerite" -o name \
  --set since="--$(TZ=Europe/Paris date -d "@$due" +%m-%d)" --set title="wedding anniversary" \
  --at "$(TZ=Europe/Paris date -d "@$due" +%H:%M:%S)"
"$ctl" schedule create demo-dentist --type reminder --user "$anna" --set title=Dentist --set text='Bring the X-ray.' \
  --set start="$(TZ=Asia/Novosibirsk date -d "@$due" +%Y-%m-%dT%H:%M:%S)" -o name
"$ctl" schedule create demo-standup --type reminder --zone Europe/Berlin --set title='Stand-up' \
  --set text='In five minutes, everybody.' --set "start=$(TZ=Europe/Berlin date -d "@$due" +%Y-%m-%dT%H:%M:%S)" -o name
"$ctl" event notify --user "$anna" --title 'Backup done' --text 'All 214 files.' -o name
"$ctl" event notify --title 'Release 0.2' --text 'It is out.' --at +8s -o name

if [ "$keep" = --keep ]; then
  cat <<TEXT

The agent runs (process $agent_pid), its files are in $home. Type next:
  export CARILLON_SOCKET=$CARILLON_SOCKET PATH=$bin:\$PATH
  ctl event list
  ctl schedule upcoming --within 60d
  tail -f $home/received
To stop: kill $listen_pid $agent_pid
TEXT
  disown -a
  exit 0
fi

echo
echo "== what arrived"
wait "$listen_pid"
listen_pid=
cat "$home/received"

echo
echo "== the ledger"
"$ctl" ledger verify --since 1h
"$ctl" event list --state completed
echo
echo "== and why one of them was sent when it was"
"$ctl" event explain "$("$ctl" event list --type anniversary --state completed -o name | head -n 1)"

echo
echo "== a clean stop"
kill -TERM "$agent_pid"
wait "$agent_pid"
agent_pid=
echo "the agent drained and ended with exit code 0"
