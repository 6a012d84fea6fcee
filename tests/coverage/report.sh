#!/bin/sh
# The table of what the tests reached, from the counters that they left.
#   report.sh SOURCE-FOLDER BUILD-FOLDER GCOV
set -eu
here=$1/tests/coverage
counts=$2/coverage.gcov
cd "$2"
# The command line's own files and the tests' are not measured.
find . -name '*.gcda' ! -path './tests/*' ! -path '*/evcalc-cli.dir/*' -exec "$3" -b -c -t {} + > "$counts"
awk -v root="$1" -v build="$2" -f "$here/report.awk" "$here/exceptions.txt" "$counts"
