#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compile.sh FAMILY LANGUAGE INCLUDE FILE: FILE compiles in that language with every warning an error.
set -eu
family=$1 language=$2 include=$3 file=$4
case $family-$language in
  gcc-c++*) compiler=g++ ;;
  clang-c++*) compiler=clang++ ;;
  *) compiler=$family ;;
esac
case $language in
  c++*) kind=c++ ;;
  *) kind=c ;;
esac
if ! command -v "$compiler" >/dev/null; then
  echo "skipped: there is no $compiler on this machine" >&2
  exit 77
fi
"$compiler" "-std=$language" -x "$kind" -Wall -Wextra -pedantic -Werror -fsyntax-only "-I$include" "$file"
echo "$compiler -std=$language: no warnings"
