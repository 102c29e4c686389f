# Sourced by deploy/mail.sh: installs, makes, starts, watches and stops the server.

# Debian's packages, once: several tests may ask at the same time. The package must start no server of its own.
install_packages() {
  mkdir -p /run/lock
  exec 9>/run/lock/carillon-mail
  flock 9
  local missing=() package
  for package in "${packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    local ours= failed=
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      ours=1
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
      chmod +x /usr/sbin/policy-rc.d
    fi
    apt-get -o DPkg::Lock::Timeout=300 update -qq >&2 || failed=1
    echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
    [ -n "$failed" ] || apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends "${missing[@]}" >&2 || failed=1
    [ -z "$ours" ] || rm -f /usr/sbin/policy-rc.d
    [ -z "$failed" ] || fail "apt-get could not install ${missing[*]}"
  fi
  exec 9>&-
}

make_folder() {
  install -d -m 755 "$dir" "$dir/etc" "$dir/log" "$dir/queue" "$dir/tls"
  install -d -m 750 -g postfix "$dir/etc/sasl"
  install -d -m 700 -o postfix "$dir/data"
  install -d -m 755 -o nobody "$dir/mailboxes" "$dir/greylist"
  : >"$dir/carillon-mail"
  (umask 077 && openssl rand -hex 16 >"$dir/password")
  (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=mail.example.org \
    -addext subjectAltName=IP:127.0.0.1,DNS:mail.example.org -keyout "$dir/tls/key.pem" \
    -out "$dir/tls/certificate.pem" 2>/dev/null)
  chmod 644 "$dir/tls/certificate.pem"
  sed "s|@DIR@|$dir|g" "$sources/main.cf" >"$dir/etc/main.cf"
  echo "virtual_uid_maps = static:$(id -u nobody)" >>"$dir/etc/main.cf"
  echo "virtual_gid_maps = static:$(id -g nobody)" >>"$dir/etc/main.cf"
  cp "$sources/mailboxes" "$sources/recipients" "$dir/etc/"
  install -m 755 "$sources/greylist.sh" "$dir/etc/greylist"
  printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n' "$dir/etc/sasl/users" \
    >"$dir/etc/sasl/smtpd.conf"
  saslpasswd2 -p -c -f "$dir/etc/sasl/users" -u mail.example.org bells <"$dir/password"
  chown root:postfix "$dir/etc/sasl/users" && chmod 640 "$dir/etc/sasl/users"
}

# Three ports below those that the kernel gives to outgoing connections, so that a stopped server's stay free.
choose_ports() {
  local name port
  for name in submission smtps relay; do
    port=
    for _ in $(seq 100); do
      port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
      (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
      port=
    done
    [ -n "$port" ] || fail "no free port between 20000 and 31999"
    remember "$name" "$port"
  done
}

start_server() {
  local attempt
  for attempt in 1 2 3; do
    [ "$attempt" = 1 ] && [ -n "$(recall relay)" ] || choose_ports
    sed -e "s|@DIR@|$dir|g" -e "s|@SUBMISSION@|$(recall submission)|" -e "s|@SMTPS@|$(recall smtps)|" \
      -e "s|@RELAY@|$(recall relay)|" "$sources/master.cf" >"$dir/etc/master.cf"
    : >"$dir/log/mail.log"
    postfix -c "$dir/etc" start >"$dir/log/start.log" 2>&1 </dev/null 9>&- || true
    if await_that answers; then return; fi
    stop_server
    grep -qi 'address already in use' "$dir/log/mail.log" || break
  done
  tail -n 20 "$dir/log/start.log" "$dir/log/mail.log" >&2
  fail "Postfix did not start"
}

# The greeting of the last of its ports.
answers() {
  local line
  runs || return 1
  { read -r -t 5 line <&3; } 3<>"/dev/tcp/127.0.0.1/$(recall relay)" 2>/dev/null && [[ $line = 220* ]]
}

# Its number may be somebody else's by now: the lock that the master holds tells.
master_pid() { tr -d ' ' 2>/dev/null <"$dir/queue/pid/master.pid" || true; }
runs() { [ -f "$dir/etc/master.cf" ] && ! /usr/lib/postfix/sbin/master -t -c "$dir/etc" 2>/dev/null; }
ended() { ! runs; }

# Waits for a condition, at most `wait_seconds`.
await_that() {
  local end=$((SECONDS + wait_seconds))
  while ! "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

stop_server() {
  runs || return 0
  postfix -c "$dir/etc" stop >/dev/null 2>&1 </dev/null || true
  await_that ended || kill -KILL -- "-$(master_pid)"
}

# A process of its own session that outlives the caller, waits for the end of process $1, and then removes everything.
watch() {
  local born
  born=$(birth_of "$1")
  [ -n "$born" ] || fail "there is no process $1 to wait for"
  stop_guard
  (
    close_inherited
    exec setsid "$self" guard "$dir" "$1" "$born" </dev/null >/dev/null 2>&1
  ) &
  remember guard $!
}
# Swift's Foundation takes a child for running as long as anybody holds a descriptor that it gave the child.
close_inherited() {
  local path
  for path in /proc/self/fd/*; do
    path=${path##*/}
    [ "$path" -le 2 ] || [ "$path" = 255 ] || eval "exec $path>&-"
  done
}
guard() {
  while [ "$(birth_of "$1")" = "$2" ]; do sleep 1; done
  remove
}
# When process $1 began, in ticks since the machine did: with its number, its identity. Nothing once it has ended (proc(5),
# stat: the state is field 3, the start field 22; field 2 may hold anything).
birth_of() {
  local stat fields
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 0
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} = [ZX] ]] || echo "${fields[19]}"
}
stop_guard() {
  local pid
  pid=$(recall guard)
  if [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "guard $dir "; then kill -- "-$pid"; fi
}
