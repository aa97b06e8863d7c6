#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# template_test.sh CMAKE BUILD PREFIX: installs into a clean prefix and builds the template with nothing but that.
set -euo pipefail
cmake=$1 build=$2 prefix=$3
rm -rf "$prefix" "$prefix-project"
"$cmake" --install "$build" --prefix "$prefix" >/dev/null

cp -r "$prefix/share/calque/template/importer" "$prefix-project"
cd "$prefix-project"
"$cmake" -S . -B build -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
"$cmake" --build build
"${cmake%cmake}ctest" --test-dir build --output-on-failure --no-tests=error

# The plugin exports one symbol, is found by the installed program, and reads a file.
symbols=$(nm -D --defined-only build/dialogue.calque | awk '{ print $3 }')
[ "$symbols" = calque_plugin_v1 ] || { echo "exported: $symbols"; exit 1; }
export CALQUE_PATH=$PWD/build
"$prefix/bin/calque" plugins show org.example.dialogue | grep -q 'mark'
printf '# Talks\nLin>Good morning.\n' > talk.dialogue
"$prefix/bin/calque" convert talk.dialogue -o talk.txt
grep -q 'Good morning.' talk.txt

# An importer for a simple format stays short.
[ "$(wc -l < dialogue.hpp)" -lt 60 ]
