# Sourced by deploy/postgres.sh: makes the folder, the primary, the role, the standby and pgbouncer's list of users.

make_folder() {
  [ "${#dir}" -le 85 ] || fail "$dir is too long for a Unix socket: at most 85 bytes"
  if [ -e "$dir" ]; then
    [ -d "$dir" ] && [ -z "$(ls -A "$dir")" ] || fail "$dir holds something that this script did not make"
  else
    mkdir -p "$dir"
  fi
  chmod 711 "$dir"
  if ! as_server test -x "$dir"; then
    rmdir "$dir"
    fail "user $user cannot reach $dir; take a folder under one that everybody can enter, such as /tmp"
  fi
  echo "user=$user" >"$dir/carillon-postgres"
  (umask 077; head -c 18 /dev/urandom | base64 -w0 | tr '+/' '-_' >"$dir/password")
  # The superuser's socket and the logs are for the callers' eyes too; the data are the server's alone.
  mkdir -m 711 "$dir/run"
  mkdir -m 755 "$dir/log"
  mkdir -m 700 "$dir/primary" "$dir/replica"
  [ "$(id -u)" -ne 0 ] || chown "$user": "$dir/run" "$dir/log" "$dir/primary" "$dir/replica"
}

settings() {
  cat <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir/run'
max_connections = 100
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
password_encryption = 'scram-sha-256'
log_line_prefix = '%m [%p] %q%u@%d '
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  if [ -n "$bench" ]; then
    printf '%s\n' "shared_buffers = '1GB'" "effective_cache_size = '8GB'" "max_wal_size = '4GB'"
  else
    echo "shared_buffers = '128MB'"
  fi
  for setting in "${sets[@]}"; do echo "${setting%%=*} = '$(sed "s/'/''/g" <<<"${setting#*=}")'"; done
  echo "include 'port.conf'"
}

make_primary() {
  # Unsynced: nothing is lost with a machine that fails while a temporary cluster is being made. It runs synced.
  as_server "$bin/initdb" -D "$dir/primary" -U postgres -E UTF8 --locale=C.UTF-8 -A reject -N >"$dir/log/initdb.log" 2>&1 \
    || { show_log initdb; fail "initdb could not make the cluster"; }
  settings | as_server tee -a "$dir/primary/postgresql.conf" >/dev/null
  as_server tee "$dir/primary/pg_hba.conf" >/dev/null <<'HBA'
local all         postgres              peer map=owner
local replication postgres              peer map=owner
local all         all                   scram-sha-256
host  all         all      127.0.0.1/32 scram-sha-256
HBA
  printf 'owner %s postgres\nowner root postgres\n' "$user" | as_server tee "$dir/primary/pg_ident.conf" >/dev/null
}

make_role() {
  superuser primary -q -d postgres -v ON_ERROR_STOP=1 -v "password=$(cat "$dir/password")" <<'SQL'
CREATE ROLE carillon LOGIN PASSWORD :'password';
CREATE DATABASE carillon OWNER carillon;
SQL
}

# The standby has a slot, so that the primary keeps the WAL that it has not read.
make_replica() {
  as_server "$bin/pg_basebackup" -D "$dir/replica" -h "$dir/run" -p "$(recall primary_port)" -U postgres \
    -R -X stream -c fast -C -S replica -N
}

make_pgbouncer() {
  printf '"carillon" "%s"\n' "$(cat "$dir/password")" \
    | as_server sh -c 'umask 077; cat >"$1"' sh "$dir/run/users.txt"
}

pgbouncer_settings() {
  cat <<INI
[databases]
* = host=127.0.0.1 port=$(recall primary_port)
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $1
unix_socket_dir = $dir/run
auth_type = scram-sha-256
auth_file = $dir/run/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 200
; The server under it is restarted in tests: it tries again soon.
server_login_retry = 1
logfile = $dir/log/pgbouncer.log
pidfile = $dir/run/pgbouncer.pid
INI
}
