#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# units_test.sh CMAKE BUILD PREFIX: installs into a clean prefix; systemd takes the units there, and cron's line works.
set -euo pipefail
cmake=$1 build=$2 prefix=$3
rm -rf "$prefix"
"$cmake" --install "$build" --prefix "$prefix" >/dev/null

cd "$prefix/lib/systemd/system"
for unit in calque@minutes.service calque@minutes.timer; do
  said=$(SYSTEMD_UNIT_PATH=$PWD: systemd-analyze verify --man=no --recursive-errors=no "$unit" 2>&1) || true
  [ -z "$said" ] || { echo "$unit: $said"; exit 1; }
done
systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' calque@.timer)" >/dev/null
user=$(sed -n 's/^User=//p' calque@.service)
grep -q "^u $user " "$prefix/lib/sysusers.d/calque.conf"

# Sixth word: the user; the rest is the command, with folders of our own.
line=$(grep -v '^#' "$prefix/share/doc/calque/examples/crontab")
[ "$(cut -d' ' -f6 <<<"$line")" = "$user" ]
mkdir -p "$prefix/try/records"
echo 'Good morning.' >"$prefix/try/records/a.txt"
cat >"$prefix/try/minutes.toml" <<'TOML'
[pipeline]
name = "minutes"
[input]
files = ["records/*.txt"]
[[stage]]
import = "text"
id = "in"
[[stage]]
export = "markdown"
[loss]
allow = ["markdown.*"]
TOML
command=$(cut -d' ' -f7- <<<"$line" | sed "s|/etc/calque|$prefix/try|; s|/var/lib/calque|$prefix/try|")
/bin/sh -c "$command"
[ -s "$prefix/try/minutes/a.md" ]
