#!/bin/sh
# Whole-process time of a compile without and with three warm plugins: script/bench-plugins.sh [RUNS]. Meaningful on an idle machine only.
set -eu
cd "$(dirname "$0")/.."
runs=${1:-50}
cargo build --release -q -p flatwright-cli
[ -d examples/plugins ] || examples/build-plugins.sh
program=target/release/flatwright
# The same spec without its plugins, beside it.
sed '/^  plugins:/,$d' examples/with-plugins.yaml > target/without-plugins.yaml
"$program" compile examples/with-plugins.yaml > /dev/null # fills the cache
python3 - "$program" "$runs" <<'PYTHON'
import statistics, subprocess, sys, time
program, runs = sys.argv[1], int(sys.argv[2])
def measure(spec):
    start = time.perf_counter()
    subprocess.run([program, "compile", spec], stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - start) * 1000
specs = ["target/without-plugins.yaml", "examples/with-plugins.yaml"]
times = {spec: [] for spec in specs}
for _ in range(runs):  # alternating, so that both see the same machine
    for spec in specs:
        times[spec].append(measure(spec))
for spec, list_ in times.items():
    print(f"{spec}: least {min(list_):.2f} ms, median {statistics.median(list_):.2f} ms")
least = [min(times[spec]) for spec in specs]
print(f"three warm plugins: +{least[1] - least[0]:.2f} ms")
PYTHON
