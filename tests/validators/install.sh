#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Nu HTML checker into build/validators, once; package-lock.json says what exactly.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$here/../../build/validators
mkdir -p "$to"
if cmp -s "$here/package-lock.json" "$to/package-lock.json" && [ -e "$to/node_modules/vnu-jar/build/dist/vnu.jar" ]; then
  exit 0
fi
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --no-audit --no-fund --ignore-scripts >&2
