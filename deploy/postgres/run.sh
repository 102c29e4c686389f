# Sourced by deploy/postgres.sh: finds the programs, starts, watches and stops the servers.
wait_seconds=60

# The folder with the server's programs: the newest that Debian has, else the one on the PATH.
find_programs() {
  local candidate version
  for candidate in ${CARILLON_POSTGRES_BIN:-} $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) \
    "$(dirname "$(command -v postgres || echo /)")"; do
    [ -x "$candidate/postgres" ] || continue
    version=$("$candidate/postgres" -V | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    [ "$version" -ge 15 ] || continue
    bin=$candidate
    return
  done
  fail "PostgreSQL 15 or later is not installed; run deploy/setup.sh --tests"
}

pgbouncer_program() {
  PATH=$PATH:/usr/sbin command -v pgbouncer || fail "pgbouncer is not installed; run deploy/setup.sh --tests"
}

# PostgreSQL and pgbouncer refuse to run as root.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u "$user" -- "$@"); else (cd / && "$@"); fi
}

show_log() { tail -n 15 "$dir/log/$1.log" >&2 2>/dev/null || true; }

servers() {
  for server in primary replica pgbouncer; do [ -z "$(recall "${server}_port")" ] || echo "$server"; done
}

# A process with that number may be somebody else's by now: its command line tells.
runs_with() { [ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF -- "$2"; }
pgbouncer_pid() { cat "$dir/run/pgbouncer.pid" 2>/dev/null || true; }

runs() {
  case $1 in
    pgbouncer) runs_with "$(pgbouncer_pid)" "$dir/run/pgbouncer.ini" ;;
    *) as_server "$bin/pg_ctl" status -D "$dir/$1" >/dev/null 2>&1 ;;
  esac
}

# Below the ports that the kernel gives to outgoing connections, so that a stopped server's port stays free.
free_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
  fail "no free port between 20000 and 31999"
}

# Starts server $1 on the port of its last start, else on port $2, else on free ones until one of them really is.
start_on_port() {
  local port attempt
  port=$(recall "${1}_port")
  port=${port:-$2}
  if [ -n "$port" ]; then
    start_one "$1" "$port" || { show_log "$1"; fail "the $1 did not start on port $port"; }
  else
    for attempt in 1 2 3 4 5; do
      port=$(free_port)
      if start_one "$1" "$port"; then break; fi
      grep -qi 'address already in use' "$dir/log/$1.log" && [ "$attempt" -lt 5 ] \
        || { show_log "$1"; fail "the $1 did not start"; }
    done
  fi
  remember "${1}_port" "$port"
}

start_one() {
  if [ "$1" = pgbouncer ]; then
    start_pgbouncer "$2"
  else
    echo "port = $2" | as_server tee "$dir/$1/port.conf" >/dev/null
    as_server "$bin/pg_ctl" start -D "$dir/$1" -l "$dir/log/$1.log" -w -t "$wait_seconds" -s 2>/dev/null
  fi
}

start_pgbouncer() {
  local program
  program=$(pgbouncer_program)
  pgbouncer_settings "$1" | as_server tee "$dir/run/pgbouncer.ini" >/dev/null
  as_server rm -f "$dir/log/pgbouncer.log"
  as_server "$program" -d -q "$dir/run/pgbouncer.ini" </dev/null >/dev/null 2>&1 || return 1
  # On a taken port it goes on with its Unix socket alone, and only its log says so.
  await_that grep -qs 'process up' "$dir/log/pgbouncer.log" || return 1
  if grep -qi 'address already in use' "$dir/log/pgbouncer.log"; then
    stop_pgbouncer
    return 1
  fi
  await_that "$bin/pg_isready" -q -h 127.0.0.1 -p "$1" -t 1
}

# Waits for a condition, at most `wait_seconds`.
await_that() {
  local end=$((SECONDS + wait_seconds))
  while ! "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

restart() {
  as_server "$bin/pg_ctl" restart -D "$dir/primary" -l "$dir/log/primary.log" -m "$1" -w -t "$wait_seconds" -s \
    || { show_log primary; fail "the primary did not start again"; }
}

# Stops what runs; a server that does not end in time is ended at once.
stop_all() {
  local server
  stop_pgbouncer
  for server in replica primary; do
    runs "$server" || continue
    as_server "$bin/pg_ctl" stop -D "$dir/$server" -m "$1" -w -t "$wait_seconds" -s \
      || as_server "$bin/pg_ctl" stop -D "$dir/$server" -m immediate -w -t "$wait_seconds" -s
  done
}

stop_pgbouncer() {
  local pid
  pid=$(pgbouncer_pid)
  runs pgbouncer || return 0
  kill "$pid"
  await_that pgbouncer_ended || kill -KILL "$pid"
}
pgbouncer_ended() { ! runs pgbouncer; }

# A process of its own session that outlives the caller, waits for the end of process $1, and then removes everything.
watch() {
  local born
  born=$(birth_of "$1")
  [ -n "$born" ] || fail "there is no process $1 to wait for"
  stop_guard
  setsid "$self" guard "$dir" "$1" "$born" </dev/null >/dev/null 2>&1 &
  remember guard $!
}
guard() {
  while [ "$(birth_of "$1")" = "$2" ]; do sleep 1; done
  remove
}
# When process $1 began, in ticks since the machine did: with its number, its identity. Nothing once it has ended, though
# nobody may have asked yet how (proc(5), stat: the state is field 3, the start field 22; field 2 may hold anything).
birth_of() {
  local stat fields
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} = [ZX] ]] || echo "${fields[19]}"
}
stop_guard() {
  local pid
  pid=$(recall guard)
  if runs_with "$pid" "guard $dir "; then kill -- "-$pid"; fi
}
