#!/bin/sh
# Hold the README to its word: readme.sh SOURCE CC PREFIX WORK
# The C program is compiled as it stands; every console block is run, in a copy of the samples, and
# must come out as it is printed there.
set -eu
source=$1 cc=$2 prefix=$3 work=$4
rm -rf "$work"
mkdir -p "$work/bin"
cp "$source"/tests/samples/* "$work"
ln -s "$cc" "$work/bin/cc"
export PATH="$work/bin:$prefix/bin:$PATH" LC_ALL=C.UTF-8
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" LD_LIBRARY_PATH="$prefix/lib"
cd "$work"

awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$source/README.md" > example.c
test -s example.c

# A block becomes a script that prints each command before it runs it, all in one shell.
awk '
  /^```console$/ { file = sprintf("block%02d", ++n); next }
  /^```$/ { file = "" }
  file {
    print > (file ".expected")
    if (sub(/^\$ /, ""))
      printf "(s=$?; cat <<\"END\"; exit $s)\n$ %s\nEND\n%s\n", $0, $0 > (file ".sh")
  }' "$source/README.md"

wrong=0
for script in block*.sh; do
  block=${script%.sh}
  sh "$script" > "$block.found" 2>&1 || true
  diff -u "$block.expected" "$block.found" || wrong=1
done
exit $wrong
