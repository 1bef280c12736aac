#!/bin/sh
# Runs the Node.js of this folder: ./start.sh SCRIPT [ARGUMENT ...]
# Unpacks what is packed, once. Uses the libraries in lib/ only where the system has none of that name.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ready="$here/.ready"

fail() {
  echo "start.sh: $1" >&2
  exit 1
}

# unpack NAME: NAME.gz becomes NAME.
unpack() {
  [ -e "$1" ] && return 0
  gzip -dc "$1.gz" >"$1.part" 2>/dev/null ||
    python3 -c 'import gzip, shutil, sys; shutil.copyfileobj(gzip.open(sys.argv[1]), open(sys.argv[2], "wb"))' "$1.gz" "$1.part" ||
    fail "cannot unpack $1.gz: this needs gzip or python3, and a folder that can be written"
  chmod +x "$1.part"
  mv "$1.part" "$1"
}

# known LIBRARY: whether the linker finds it without this folder.
known() {
  case "$cache" in *"$1 "*) return 0 ;; esac
  old_ifs=$IFS
  IFS=:
  for folder in ${LD_LIBRARY_PATH:-}; do
    [ -n "$folder" ] && [ "$folder" != "$ready/lib" ] && [ -e "$folder/$1" ] && IFS=$old_ifs && return 0
  done
  IFS=$old_ifs
  return 1
}

[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || fail "expected Linux on x86-64, got $(uname -s) on $(uname -m)"
mkdir -p "$ready/lib" 2>/dev/null || fail "$here cannot be written: copy it to a folder that can"
while read -r packed; do unpack "$here/$packed"; done <"$here/packed.txt"

cache=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
for file in "$here"/lib/*; do
  name=${file##*/}
  if [ -e "$file" ] && ! known "$name"; then
    [ -e "$ready/lib/$name" ] || cp "$file" "$ready/lib/$name"
  else
    rm -f "$ready/lib/$name"
  fi
done
case "$(ls "$ready/lib"):${LD_LIBRARY_PATH:-}:" in
  :* | *":$ready/lib:"*) ;;
  *) export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$ready/lib" ;;
esac

# NVIDIA's Vulkan driver is sometimes there without the file that names it to the loader, or with the file elsewhere.
if [ -z "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ]; then
  found=$(ls /etc/vulkan/icd.d/*nvidia* /usr/share/vulkan/icd.d/*nvidia* /usr/local/share/vulkan/icd.d/*nvidia* 2>/dev/null || true)
  elsewhere=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
  if [ -z "$found" ] && [ -e "$elsewhere" ]; then
    export VK_DRIVER_FILES="$elsewhere" VK_ICD_FILENAMES="$elsewhere"
  elif [ -z "$found" ]; then
    for driver in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
      known "$driver" || continue
      printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}\n' "$driver" >"$ready/nvidia_icd.json"
      export VK_DRIVER_FILES="$ready/nvidia_icd.json" VK_ICD_FILENAMES="$ready/nvidia_icd.json"
      break
    done
  fi
fi

"$here/bin/node" --version >/dev/null || fail "bin/node does not start: it needs glibc 2.28 or newer and libstdc++ (see above)"
export PATH="$here/bin:$PATH"
exec "$here/bin/node" "$@"
