#!/bin/sh
# Whole-process times of a compile without plugins, with three warm ones, with one that has to be compiled first, and with a warm one in Python where
# `componentize-py` is installed: script/bench-plugins.sh [RUNS]. Meaningful on an idle machine only; `taskset -c 0 script/bench-plugins.sh` keeps to one core.
set -eu
cd "$(dirname "$0")/.."
runs=${1:-50}
cargo build --release -q -p flatwright-cli
program=target/release/flatwright
PROGRAM=$program examples/build-plugins.sh > /dev/null

specs=target/bench-plugins
mkdir -p "$specs/plugins"
cp examples/plugins/*.wasm "$specs/plugins"
cp examples/with-plugins.yaml "$specs/three.yaml"
sed '/^  plugins:/,$d' "$specs/three.yaml" > "$specs/none.yaml"
sed '/^  - name: maintenance-window/,$d' "$specs/three.yaml" > "$specs/one.yaml"
PATH=$PWD/target/author-tools/venv/bin:$PATH # where `.ci/run` puts it
if command -v componentize-py > /dev/null; then
  "$program" plugin build plugins/examples-python/pin-images -o "$specs/plugins/pin-images-python.wasm" > /dev/null
  sed 's,plugins/pin-images.wasm,plugins/pin-images-python.wasm,' "$specs/one.yaml" > "$specs/python.yaml"
fi

exec python3 - "$program" "$specs" "$runs" <<'PYTHON'
import os, shutil, statistics, subprocess, sys, time
program, specs, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])

def measure(spec, cache=None):
    environment = dict(os.environ, XDG_CACHE_HOME=cache) if cache else None
    start = time.perf_counter()
    subprocess.run([program, "compile", f"{specs}/{spec}.yaml"], stdout=subprocess.DEVNULL, check=True, env=environment)
    return (time.perf_counter() - start) * 1000

def cold(spec):
    cache = os.path.abspath(f"{specs}/cache")
    shutil.rmtree(cache, ignore_errors=True)
    return measure(spec, cache)

size = os.path.getsize(f"{specs}/plugins/pin-images.wasm") // 1000
cases = {"no plugins": lambda: measure("none"), "three warm plugins": lambda: measure("three"),
         f"one cold plugin of {size} KB": lambda: cold("one")}
if os.path.exists(f"{specs}/python.yaml"):
    cases["one warm plugin in Python"] = lambda: measure("python")
for run in cases.values():
    run()  # fills the cache
times = {name: [] for name in cases}
for _ in range(runs):  # alternating, so that all see the same machine
    for name, run in cases.items():
        times[name].append(run())
base = times["no plugins"]
for name, list_ in times.items():
    least, middle = min(list_), statistics.median(list_)
    more = "" if list_ is base else f" (+{least - min(base):.1f}, +{middle - statistics.median(base):.1f})"
    print(f"{name}: least {least:.1f}, median {middle:.1f} ms{more}")
PYTHON
