#!/bin/sh
# One scenario in Neovim: neovim.sh SCENARIO CONFIG EVCALC. Without Neovim it is skipped.
if ! command -v nvim > /dev/null; then
  echo "skipped: there is no nvim (Debian's package neovim)"
  exit 77
fi
SCENARIO=$1 CONFIG=$2 EVCALC=$3
# Neither what the user of the machine has set nor what preloads into other tests is for Neovim.
home=$(mktemp -d) || exit 1
trap 'rm -rf "$home"' EXIT
export SCENARIO CONFIG EVCALC
export HOME="$home" XDG_CONFIG_HOME="$home" XDG_DATA_HOME="$home" XDG_STATE_HOME="$home"
export XDG_CACHE_HOME="$home" XDG_RUNTIME_DIR="$home" LC_ALL=C.UTF-8
unset NVIM LD_PRELOAD
nvim --headless --clean -n -u NONE -c "luafile $(dirname "$0")/neovim.lua" < /dev/null
