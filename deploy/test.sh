#!/usr/bin/env bash
# Runs the tests, one process for each module: modules do not compete for the few threads of Swift's pool, and one that
# hangs is ended and named. Two run side by side, for most wait more than they compute. Builds nothing. With names it runs
# only those: deploy/test.sh Pipeline Store
set -uo pipefail
cd "$(dirname "$0")/.."

limit_seconds=${CARILLON_TEST_LIMIT:-900}
lanes=${CARILLON_TEST_LANES:-2}
program=$(swift build --show-bin-path)/carillonPackageTests.xctest
export CARILLON_PYTHON=${CARILLON_PYTHON:-$PWD/.build/venv/bin/python3}
if [ $# -gt 0 ]; then modules=("$@"); else
  # The long ones first, so that none of them is left over for one lane.
  modules=(EndToEnd ControlPlane CtlKit PostgreSQL)
  for folder in Tests/*/; do
    name=$(basename "$folder")
    [[ " ${modules[*]} " == *" $name "* ]] && continue
    grep -rqs '^import Testing' "$folder" && modules+=("$name")
  done
fi

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
# What runs in the background hears nothing of a ^C.
trap 'kill $(cat "$logs"/*.pid) 2>/dev/null; wait; exit 130' INT TERM
# Runs a module and prints its outcome. Quoted to the line: only outcomes are shown; of a module that fails, what failed.
run() {
  local log=$logs/$1.log summary count status began=$SECONDS
  timeout --kill-after=10 "$limit_seconds" "$program" --testing-library swift-testing \
    --filter "^$1Tests\\.${CARILLON_TEST_FILTER:-}" --skip "${CARILLON_TEST_SKIP:-Soak}" >"$log" 2>&1 &
  echo $! >"$logs/$1.pid"
  wait $!
  status=$?
  rm -f "$logs/$1.pid"
  summary=$(grep -a 'Test run with' "$log" | tail -n 1)
  count=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' <<<"$summary")
  if [ "$status" -eq 0 ] && [ "${count:-0}" -gt 0 ]; then
    echo "$count" >"$logs/$1.passed"
    echo "$1: $count tests passed in $((SECONDS - began)) s$2"
    return
  fi
  [ "$status" -eq 124 ] && echo "$1: ended after $limit_seconds s without an end of its own"
  grep -aE '✘|error:|Fatal|crash' "$log" | head -n 60
  # Where a program that ended by a fault was.
  grep -aA 30 ' crashed:$' "$log" | cut -c 1-300
  echo "$1: ${summary:-no summary; its last lines:}"
  [ -n "$summary" ] || tail -n 20 "$log"
  return 1
}

failed=()
if [ $# -eq 0 ]; then
  # The protos against those of the last release, and the check itself.
  if deploy/check-protos.sh >"$logs/protos" 2>&1; then
    echo "protos: $(tail -n 3 "$logs/protos" | tr -s '\n' ' ')"
  else
    cat "$logs/protos"
    failed+=(protos)
  fi
fi
for module in "${modules[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "$lanes" ]; do wait -n; done
  run "$module" "" >"$logs/$module.said" 2>&1 && cat "$logs/$module.said" &
done
wait

# On a busy machine a bound may be missed once. What fails is shown, and counts unless it passes alone.
unsteady=()
for module in "${modules[@]}"; do
  [ -e "$logs/$module.passed" ] && continue
  cat "$logs/$module.said"
  echo "$module: once more, alone"
  if run "$module" " (at the second attempt)"; then unsteady+=("$module"); else failed+=("$module"); fi
done

total=$(cat "$logs"/*.passed 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }')
[ ${#unsteady[@]} -eq 0 ] || echo "passed at the second attempt: ${unsteady[*]}"
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}"
  echo "$total passed, ${#failed[@]} failed"
  exit 1
fi
echo "$total passed, 0 failed"
