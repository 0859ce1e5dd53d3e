#!/bin/sh
# Builds the plugins of examples/with-plugins.yaml into examples/plugins. Needs `rustup target add wasm32-unknown-unknown`, or the source of the standard library.
set -eu
cd "$(dirname "$0")/.."
for plugin in pin-images maintenance-window kubeadm-hardening; do
  cargo run --release -q -p flatwright-cli -- plugin build "plugins/examples/$plugin" -o "examples/plugins/$plugin.wasm"
done
