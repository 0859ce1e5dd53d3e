#!/bin/sh
# Builds dist/pin-images-js.wasm. Needs node; installs jco beside the sources.
set -eu
cd "$(dirname "$0")"
[ -x node_modules/.bin/jco ] || npm install --no-audit --no-fund
flatwright plugin build .
