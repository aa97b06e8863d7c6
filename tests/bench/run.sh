#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh [COUNT [PANDOC_COUNT]]: the bench over COUNT generated records (5000), and pandoc on the first PANDOC_COUNT of
# the same texts (500), a process a file.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-5000}
pandoc_count=${2:-$((count < 500 ? count : 500))}
build=build/release

table=$("$build/bin/bench" tests/bench/six_stages.toml "$count")
printf '%s\n' "$table"
ours=$(awk -F': ' '/^documents a second/ { print $2 }' <<<"$table")

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/bin/make_records" "$folder" "$pandoc_count"
rm -f "$folder"/*.truth.json
from=$(date +%s%N)
find "$folder" -name '*.txt' -print0 | xargs -0 -P 2 -I FILE pandoc --quiet -f markdown -t tei FILE -o /dev/null
to=$(date +%s%N)
awk -v count="$pandoc_count" -v ns=$((to - from)) -v ours="$ours" 'BEGIN {
  theirs = count / (ns / 1e9)
  printf "\npandoc -f markdown -t tei, a process a file, two at a time: %.1f documents a second (%d of the texts)\n", theirs, count
  printf "ratio: %.0f\n", ours / theirs }'
