#!/usr/bin/env bash
# What is installed works for others: an install tree that is moved away, an example program built against it, and the
# Debian packages.
#
#   check.sh SOURCE_DIR BUILD_DIR CMAKE_COMMAND CXX_COMPILER VERSION
set -euo pipefail
source=$1 build=$2 cmake=$3 compiler=$4 version=$5

work=$(mktemp -d "${TMPDIR:-/tmp}/migrate-package-XXXXXX")
cleanup() {
  (cd "$work/shop" 2>/dev/null && "$work/moved/bin/migrate" dev reset >/dev/null 2>&1) || true
  rm -rf "$work"
}
trap cleanup EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
# expect WHAT PATTERN TEXT
expect() { grep -Eq -- "$2" <<<"$3" || fail "$1: expected /$2/ in: $3"; }

echo "== install, and move the tree: nothing in it may know where it was"
"$cmake" --install "$build" --prefix "$work/installed" >/dev/null
mv "$work/installed" "$work/moved"
expect "the installed program's version" "(^| )$version" "$("$work/moved/bin/migrate" --version)"
if grep -rl -e "$build" -e "$work/installed" "$work/moved/lib"*/cmake; then fail "the CMake package holds paths of the build"; fi

echo "== the example that embeds the library"
cp -r "$source/docs/examples/embed" "$work/embed"
"$cmake" -S "$work/embed" -B "$work/embed/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/moved" >"$work/log" 2>&1 || { cat "$work/log"; fail "configuring the example"; }
"$cmake" --build "$work/embed/build" >"$work/log" 2>&1 || { cat "$work/log"; fail "building the example"; }

mkdir "$work/shop"
cp -r "$source/migrate.toml" "$source/migrations" "$work/shop"
cd "$work/shop"
export DATABASE_URL=embedded:shop
revisions=$(ls migrations/*.sql | wc -l)
status=0
answer=$("$work/embed/build/service") || status=$?
((status == 1)) || fail "a database behind its files: exit code $status, expected 1: $answer"
expect "a database behind its files" ": $revisions revisions, $revisions pending" "$answer"
answer=$("$work/embed/build/service" --upgrade) || fail "the example could not upgrade: $answer"
expect "an upgraded database" ": $revisions revisions, 0 pending" "$answer"
(($(grep -c '^applied ' <<<"$answer") == revisions)) || fail "not every revision was told: $answer"

echo "== the Debian packages"
if ! command -v dpkg-deb >/dev/null || ! command -v dpkg-shlibdeps >/dev/null; then
  echo "left out: no dpkg-deb and dpkg-shlibdeps here"
  exit 0
fi
"${cmake%cmake}cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$work/deb" >"$work/log" 2>&1 ||
  { cat "$work/log"; fail "cpack"; }
program=$(echo "$work"/deb/migrate_"$version"_*.deb) library=$(echo "$work"/deb/libmigrate-dev_"$version"_*.deb)
[[ -f $program && -f $library ]] || fail "the packages are missing: $(ls "$work/deb")"
expect "the program's dependencies" 'libpq5.*' "$(dpkg-deb -f "$program" Depends)"
expect "the program's files" '\./usr/bin/migrate$' "$(dpkg-deb -c "$program")"
expect "the completion for bash" '\./usr/share/bash-completion/completions/migrate$' "$(dpkg-deb -c "$program")"
expect "the library's files" '\./usr/include/migrate/ops/migration.hpp$' "$(dpkg-deb -c "$library")"
expect "the library's dependencies" 'libpqxx-dev' "$(dpkg-deb -f "$library" Depends)"
dpkg-deb -x "$program" "$work/unpacked"
expect "the packaged program's version" "(^| )$version" "$("$work/unpacked/usr/bin/migrate" --version)"
echo "all is well"
