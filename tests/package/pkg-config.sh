#!/bin/sh
# Use the installed package without CMake: pkg-config.sh CC PREFIX WORK SOURCE
set -eu
cc=$1 prefix=$2 work=$3 source=$4
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
export LD_LIBRARY_PATH="$prefix/lib"
mkdir -p "$work"

# use PACKAGE PROGRAM [PKG-CONFIG-OPTION]
use() {
  # shellcheck disable=SC2046
  "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror "$source/$2.c" -o "$work/$2" \
    $(pkg-config ${3+"$3"} --cflags --libs "$1")
  "$work/$2"
}
use evcalc core
use evcalc-json with_json
use evcalc core --static
use evcalc-json with_json --static
test "$(pkg-config --modversion evcalc)" = "$("$prefix/bin/evcalc" --version | cut -d' ' -f2)"
