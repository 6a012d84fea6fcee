# Does each text that a list excuses still stand in its file? Ends with 1 when one does not.
# awk -v root=DIRECTORY -f listed.awk LIST…
# A line of a list is `file: text`, or file, text and more with tabs between; # starts a comment.
function text_of(file,    path, line, all) {
  path = root "/" file
  while ((getline line < path) > 0) all = all line "\n"
  close(path)
  return all
}

/^#/ || NF == 0 { next }

{
  if (split($0, part, "\t") == 1) {
    colon = index($0, ": ")
    part[1] = substr($0, 1, colon - 1)
    part[2] = substr($0, colon + 2)
  }
  if (!(part[1] in texts)) texts[part[1]] = text_of(part[1])
  if (part[2] == "" || index(texts[part[1]], part[2]) == 0) {
    printf "%s:%d: %s does not say: %s\n", FILENAME, FNR, part[1], part[2]
    missing++
  }
  listed++
}

END {
  printf "%d texts listed, %d missing\n", listed, missing
  exit missing > 0 || listed == 0
}
