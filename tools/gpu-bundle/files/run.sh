#!/bin/sh
# Measures training on this machine's GPU; README.txt says what it does. Flags as of `npm run bench:gpu`: ./run.sh --help
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if [ -e "$here/peers/bench_jax.py" ]; then set -- "--peers=$here/peers" "$@"; fi
exec "$here/start.sh" "$here/tools/bench/gpu.mjs" --backends=webgpu "--out=$here/results" "$@"
