#!/bin/sh
# Builds dist/pin-images-python.wasm. Needs python; installs componentize-py beside the sources.
set -eu
cd "$(dirname "$0")"
[ -x .venv/bin/componentize-py ] || { python3 -m venv .venv && .venv/bin/pip install 'componentize-py>=0.25'; }
flatwright plugin build .
