#!/bin/sh
# Builds the plugins of examples/with-plugins.yaml into examples/plugins, with the program that PROGRAM names or a new one.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${PROGRAM:-}" ]; then
  cargo build --release -q -p flatwright-cli
  PROGRAM=target/release/flatwright
fi
for plugin in pin-images maintenance-window kubeadm-hardening; do
  "$PROGRAM" plugin build "plugins/examples/$plugin" -o "examples/plugins/$plugin.wasm"
done
