#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Nu HTML checker and the XLIFF schema into build/validators, once; package-lock.json and Debian say what
# exactly.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$here/../../build/validators
mkdir -p "$to"

# The schema is in a Debian package whose other contents are of no use here, so it is unpacked and not installed.
schemas=$to/xliff
if [ ! -e "$schemas/xliff-core-2.0.xsd" ]; then
  unpacked=$(mktemp -d)
  trap 'rm -rf "$unpacked"' EXIT
  if (cd "$unpacked" && apt-get download php-symfony-translation && dpkg -x php-symfony-translation_*.deb .) >&2; then
    from=$unpacked/usr/share/php/Symfony/Component/Translation/Resources/schemas
    # It names the schema of xml:lang by a place beside itself.
    mkdir -p "$schemas/informativeCopiesOf3rdPartySchemas/w3c"
    cp "$from/xml.xsd" "$schemas/informativeCopiesOf3rdPartySchemas/w3c/"
    cp "$from/xliff-core-2.0.xsd" "$schemas/"
  else
    echo "the XLIFF schema could not be fetched; files will not be held against it" >&2
  fi
fi

if cmp -s "$here/package-lock.json" "$to/package-lock.json" && [ -e "$to/node_modules/vnu-jar/build/dist/vnu.jar" ]; then
  exit 0
fi
cp "$here/package.json" "$here/package-lock.json" "$to/"
npm ci --prefix "$to" --no-audit --no-fund --ignore-scripts >&2
