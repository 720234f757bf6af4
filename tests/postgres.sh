# A temporary PostgreSQL for a script: sourced, not run. It listens on a socket in its own folder and
# ends with the script however the script ends. Needs $bin, the directory of its programs, and die.

# The directory that holds all three programs: named by the caller, on the PATH, or the newest of Debian's.
postgres_bin() {
  local initdb dir
  {
    if [ -n "${MAITRISE_TEST_PG_BIN-}" ]; then
      printf '%s\n' "$MAITRISE_TEST_PG_BIN"
    else
      initdb=$(command -v initdb) && dirname "$(readlink -f "$initdb")"
      printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
      command -v pg_config >/dev/null && pg_config --bindir
    fi
  } | while IFS= read -r dir; do
    [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && [ -x "$dir/psql" ] && printf '%s\n' "$dir" && break
  done
}

# Starts it; its socket is in $cluster.
start_cluster() {
  cluster=$(mktemp -d "${TMPDIR:-/tmp}/maitrise-units-XXXXXX") || exit 1
  local as=(setpriv --pdeathsig KILL)
  if [ "$(id -u)" -eq 0 ]; then
    chown postgres "$cluster" || exit 1
    as=(setpriv --reuid postgres --regid postgres --init-groups --pdeathsig KILL)
  fi
  "${as[@]}" "$bin/initdb" -D "$cluster/data" -N -U postgres -A trust --locale=C.UTF-8 -E UTF8 \
    >"$cluster.log" 2>&1 || die "initdb failed: $(cat "$cluster.log")"
  "${as[@]}" "$bin/postgres" -D "$cluster/data" -k "$cluster" -c listen_addresses= -c fsync=off \
    -c max_connections=300 >/dev/null 2>&1 &
  server=$!
  for _ in $(seq 100); do
    "$bin/psql" -h "$cluster" -U postgres -qc 'SELECT 1' >/dev/null 2>&1 && return
    sleep 0.1
  done
  die "the temporary PostgreSQL did not start"
}

# The address of one of its databases.
cluster_url() { printf 'postgres://postgres@localhost:5432/%s?host=%s&sslmode=disable' "$1" "$cluster"; }

# Stops it and removes it; a second time, nothing.
stop_cluster() {
  [ -z "${server-}" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  [ -z "${cluster-}" ] || rm -rf "$cluster" "$cluster.log"
  server='' cluster=''
}
