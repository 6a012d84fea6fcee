#!/bin/sh
# Runs targets that were built for libFuzzer, one after the other:
#
#   fuzz/run.sh BUILD SECONDS [TARGET…]
#
# Each runs for SECONDS from its seeds, from corpus/ and from what earlier runs found, which is kept in
# BUILD/fuzz/found/TARGET. An input that fails is kept in BUILD/fuzz/failed/TARGET and printed in
# base64. The exit status is 1 when there was one. What is tried follows from EVCALC_FUZZ_SEED, where
# that is set, and else is other in each run.
set -u
here=$(cd "$(dirname "$0")" && pwd)
made=$1/fuzz
seconds=$2
shift 2
[ $# -gt 0 ] || set -- $(cd "$made/seeds" && ls)
status=0
for target; do
  found=$made/found/$target failed=$made/failed/$target log=$made/$target.log
  corpus=$here/corpus/$target
  [ -d "$corpus" ] || corpus=
  mkdir -p "$found" "$failed"
  before=$(ls "$failed")
  echo "== $target"
  if "$made/fuzz_$target" -max_total_time="$seconds" -max_len=4096 -timeout=10 -report_slow_units=10 \
      -rss_limit_mb=3000 -seed="${EVCALC_FUZZ_SEED:-0}" -artifact_prefix="$failed/" \
      -dict="$made/dictionary" "$found" "$made/seeds/$target" $corpus > "$log" 2>&1
  then
    grep DONE "$log"
    continue
  fi
  status=1
  grep -avE '^#[0-9]+' "$log" | tail -n 60
  for input in $(ls "$failed"); do
    case " $(echo $before) " in *" $input "*) continue ;; esac
    echo "$failed/$input, in base64:"
    base64 -w 0 "$failed/$input" | head -c 8000
    echo
  done
done
exit $status
