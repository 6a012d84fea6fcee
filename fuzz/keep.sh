#!/bin/sh
# Adds to corpus/ what earlier runs found and what reaches code that the seeds and corpus/ do not:
#
#   fuzz/keep.sh BUILD TARGET…
#
# Only new edges count, not how often they are taken, so that the corpus stays small.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
made=$1/fuzz
shift
for target; do
  all=$(mktemp -d)
  mkdir -p "$here/corpus/$target"
  cp "$made/seeds/$target"/* "$all"
  find "$here/corpus/$target" -type f -exec cp {} "$all" \;
  ls "$all" > "$made/known"
  "$made/fuzz_$target" -merge=1 -use_counters=0 -max_len=4096 "$all" "$made/found/$target" > "$made/log" 2>&1
  ls "$all" | grep -vxF -f "$made/known" | while read -r name; do
    cp "$all/$name" "$here/corpus/$target/"
  done
  rm -r "$all"
  echo "$target: $(ls "$here/corpus/$target" | wc -l) files in corpus/"
done
