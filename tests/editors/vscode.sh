#!/bin/sh
# The tests of the VS Code extension: vscode.sh FOLDER EVCALC TOKENS_DUMP. Without its packages
# (npm ci in the folder) they are skipped.
cd "$1" || exit 1
if ! command -v node > /dev/null; then
  echo "skipped: there is no node"
  exit 77
fi
if [ ! -f node_modules/.package-lock.json ]; then
  echo "skipped: npm ci was not run in $1"
  exit 77
fi
unset LD_PRELOAD
export EVCALC="$2" EVCALC_TOKENS_DUMP="$3"
node node_modules/typescript/bin/tsc -p . && node build.mjs --tests && node --test out/test/*.test.js
