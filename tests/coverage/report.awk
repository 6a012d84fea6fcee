# What `gcov -b -c -t` says of all objects as one table: for each file of src/ but the command line,
# and for the grammar, how many of its lines and branches ran; then those that did not. First comes
# the list of exceptions. Ends with 1 when too few ran, when an exception is not needed, or when a file of
# src/ is in no object. src/editor/web is for WebAssembly only, and is not built here.
#
#   awk -v root=FOLDER -v build=FOLDER -f report.awk EXCEPTIONS GCOV-OUTPUT

BEGIN {
  least_lines = 100
  least_branches = 98
}

function trimmed(s) {
  sub(/^[ \t]+/, "", s)
  sub(/[ \t\r]+$/, "", s)
  return s
}

# A path below the root without `x/../`; empty for one that is not measured.
function measured(path) {
  if (path !~ /^\//) path = build "/" path
  gsub(/\/\.\//, "/", path)
  while (match(path, /\/[^\/]+\/\.\.\//)) path = substr(path, 1, RSTART) substr(path, RSTART + RLENGTH)
  if (substr(path, 1, length(root) + 1) != root "/") return ""
  path = substr(path, length(root) + 2)
  return path ~ /^(src|grammar)\// && path !~ /^src\/(cli|editor\/web)\// ? path : ""
}

# Rounded down, so that 100.0 means all of them.
function percent(part, whole) { return whole ? int(1000 * part / whole) / 10 : 100 }

function row(name, lines, ran, branches, taken) {
  printf "%-32s %6d %7.1f %% %9d %7.1f %%\n", name, lines, percent(ran, lines), branches,
    percent(taken, branches)
}

FNR == 1 { file_number++ }

# The exceptions: `file: what the line says`, its reason in the comment above.
file_number == 1 {
  if ($0 ~ /^#/ || $0 ~ /^[ \t]*$/) next
  colon = index($0, ": ")
  place = substr($0, 1, colon - 1) SUBSEP trimmed(substr($0, colon + 2))
  exception[place] = FILENAME ":" FNR
  next
}

# A line: `count: number: text`. A count is `-` where there is no code, and of # or = where none ran.
# A source comes once for each object that it is in, and is measured by what ran in any of them.
/^ *[^: ]+: *[0-9]+:/ {
  match($0, /^ *[^: ]+: *[0-9]+:/)
  split(substr($0, 1, RLENGTH), part, ":")
  count = trimmed(part[1])
  line = part[2] + 0
  text = substr($0, RLENGTH + 1)
  if (line == 0) {
    if (text ~ /^Source:/) file = measured(substr(text, 8))
    next
  }
  branch = 0
  counted = file != "" && count != "-"
  if (!counted) next
  at = file SUBSEP line
  if (!(at in ran)) {
    ran[at] = 0
    says[at] = trimmed(text)
    if (!(file in last)) files[++file_count] = file
    if (line > last[file]) last[file] = line
  }
  if (count !~ /^[#=]/) ran[at] = 1
  next
}

# A branch of that line. What only an exception of C++ would take is the compiler's, not the source's.
/^branch / && counted {
  branch++
  if ($0 ~ /\(throw\)/) next
  if (branch > branches_of[at]) branches_of[at] = branch
  if (!((at, branch) in taken)) taken[at, branch] = 0
  if ($0 ~ /taken [1-9]/) taken[at, branch] = 1
}

END {
  for (i = 2; i <= file_count; i++) # sorted
    for (j = i; j > 1 && files[j - 1] > files[j]; j--) {
      swap = files[j]
      files[j] = files[j - 1]
      files[j - 1] = swap
    }
  printf "%-32s %6s %9s %9s %9s\n", "", "lines", "ran", "branches", "taken"
  for (f = 1; f <= file_count; f++) {
    file = files[f]
    lines = lines_ran = branches = branches_taken = 0
    for (line = 1; line <= last[file]; line++) {
      at = file SUBSEP line
      if (!(at in ran)) continue
      missing = ""
      never = 0
      for (b = 1; b <= branches_of[at]; b++) {
        if (!((at, b) in taken)) continue
        branches++
        branches_taken += taken[at, b]
        if (!taken[at, b]) never++
      }
      lines++
      lines_ran += ran[at]
      if (ran[at] && !never) continue
      if ((file, says[at]) in exception) {
        needed[file, says[at]] = 1
        excepted_lines += !ran[at]
        excepted_branches += never
      } else {
        lines_left += !ran[at]
        what = !ran[at] ? "the line" : never == 1 ? "a branch" : never " branches"
        left[++left_count] = sprintf("%s:%d: %s: %s", file, line, what, says[at])
      }
    }
    row(file, lines, lines_ran, branches, branches_taken)
    all_lines += lines
    all_ran += lines_ran
    all_branches += branches
    all_taken += branches_taken
  }
  row("all", all_lines, all_ran, all_branches, all_taken)
  if (left_count) printf "\nNot reached:\n"
  for (i = 1; i <= left_count; i++) print left[i]
  printf "\nBeside these, tests/coverage/exceptions.txt excuses %d lines and %d branches.\n",
    excepted_lines, excepted_branches
  for (place in exception)
    if (!(place in needed)) {
      printf "%s: this is reached, or is not in the file any more\n", exception[place]
      unneeded = 1
    }
  find = "find '" root "/src' -name '*.c' -o -name '*.cpp'"
  while ((find | getline path) > 0) {
    path = measured(path)
    if (path == "" || path in last) continue
    printf "%s: this is in no object, so nothing is known of it\n", path
    unknown = 1
  }
  lines_percent = percent(all_ran + excepted_lines, all_lines)
  branches_percent = percent(all_taken + excepted_branches, all_branches)
  enough = all_lines && lines_percent >= least_lines && branches_percent >= least_branches
  printf "%s: with them %.1f %% of lines and %.1f %% of branches; wanted are %d %% and %d %%.\n",
    enough ? "Enough" : "Too few", lines_percent, branches_percent, least_lines, least_branches
  exit !enough || unneeded || unknown
}
