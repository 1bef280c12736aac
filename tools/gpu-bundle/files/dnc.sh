#!/bin/sh
# The trainer: ./dnc.sh doctor, ./dnc.sh train --backend=webgpu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/start.sh" "$here/tools/dnc.mjs" "$@"
