#!/bin/sh
# Written by `flatwright plugin build`. Starts the compiler so that what it makes does not depend on where the sources lie.
#
# cargo tells crates of one name apart by a hash in which the absolute path of a path dependency is. That hash orders and names what is in the result. Here it is made of what
# the crate is: name, version, registry or commit, target, kind and features. Nothing but one cargo's graph of crates is told apart by it, and there these differ.
# Paths in messages of panics begin at the crate, with its name and version.
set -f

case " $* " in
*" --crate-name "*" metadata="*) ;;
*) exec ${FLATWRIGHT_INNER_WRAPPER:+"$FLATWRIGHT_INNER_WRAPPER"} "$@" ;;
esac

crate=$CARGO_PKG_NAME-$CARGO_PKG_VERSION
key=$crate
case $CARGO_MANIFEST_DIR in
*/git/checkouts/*/*)
  commit=${CARGO_MANIFEST_DIR##*/git/checkouts/}
  key="$key git-$commit"
  ;;
*/registry/src/index.crates.io-*) ;;
*/registry/src/*/*)
  registry=${CARGO_MANIFEST_DIR##*/registry/src/}
  key="$key ${registry%%/*}"
  ;;
esac

compiler=$1
shift
left=$#
before=
while [ "$left" -gt 0 ]; do
  argument=$1
  shift
  case $before$argument in
  -Cmetadata=*) argument=metadata=flatwright ;;
  --crate-type* | --target* | --cfg*) [ -z "$before" ] || key="$key $argument" ;;
  esac
  case $argument in
  -C | --crate-type | --target | --cfg) before=$argument ;;
  *) before= ;;
  esac
  set -- "$@" "$argument"
  left=$((left - 1))
done

set -- "$@" -C "metadata=$key" --remap-path-prefix "$(pwd -P)=." --remap-path-prefix "$CARGO_MANIFEST_DIR=$crate"
[ -z "$OUT_DIR" ] || set -- "$@" --remap-path-prefix "$OUT_DIR=$crate/out"
exec ${FLATWRIGHT_INNER_WRAPPER:+"$FLATWRIGHT_INNER_WRAPPER"} "$compiler" "$@"
