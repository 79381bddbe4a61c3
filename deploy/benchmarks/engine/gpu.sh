#!/usr/bin/env bash
# The engine's benchmarks on a fresh machine with a GPU, an image with PyTorch and transformers, and no network.
#
#   gpu.sh fetch WHEELS [engine|all] [HAVE]
#       Where there is a network: the wheels that such an image lacks (engine: for the engine alone, about 20 MB;
#       all: for the whole server too, everything of constraints.txt but PyTorch and what the file HAVE names, such as
#       a `pip freeze` of the image), into the folder WHEELS as portions wheels.tar.00, 01, … of at most PORTION bytes.
#       TARGET names the Python they are for.
#   gpu.sh run OUT SIZE [option …]
#       On the machine: installs the portions of the folder $WHEELS, when it is set, beside what is there, then
#       `lexhub bench engine --size SIZE`. Leaves the table, engine.json and the picture in OUT, one folder a size.
#
# One size a command keeps each under ten minutes on an H200, the aim of the issue:
#   gpu.sh run OUT 8b                      the engine, generate and the whole server
#   gpu.sh run OUT 1.7b --skip-server      the keyword role
# Without ray (fetch engine), give --skip-server for every size.
set -euo pipefail

root=$(cd "$(dirname "$0")/../../.." && pwd)
python=${PYTHON:-python3}
engine="pydantic pydantic_core annotated-types typing-inspection llguidance platformdirs transformers regex"

fetch() {
  local into=$1 what=${2:-engine} have=${3:-/dev/null} wheels=$1/wheels pinned platforms=()
  mkdir -p "$wheels"
  for version in 2_39 2_35 2_34 2_31 2_28 2_27 2_24 2_17; do platforms+=(--platform "manylinux_${version}_x86_64"); done
  if [ "$what" = all ]; then
    # Names there and here may differ in case, and in - for _. What the engine needs is fetched at our version anyway.
    pinned=$(awk -F '[= @]' -v engine="$engine" -v listed="$have" '
      BEGIN { split(tolower(engine), names, " "); for (at in names) { gsub("_", "-", names[at]); ours[names[at]] } }
      { name = tolower($1); gsub("_", "-", name) }
      FILENAME == listed { have[name]; next }
      /==/ && name in ours { print; next }
      /==/ && !(name in have) && name !~ /^(torch|bitsandbytes|jieba|mypy.*|ruff|pytest.*|import-linter|grimp|openai|types-.*)$/
    ' "$have" "$root/constraints.txt")
  else
    pinned=$(for name in $engine; do grep -iE "^$name==" "$root/constraints.txt"; done)
  fi
  # shellcheck disable=SC2086 # one requirement a word
  "$python" -m pip download --quiet --no-deps --only-binary=:all: --implementation cp \
    --python-version "${TARGET:-3.12}" "${platforms[@]}" --platform manylinux2014_x86_64 -d "$wheels" $pinned
  if [ "$what" = all ]; then "$python" -m pip wheel --quiet --no-deps -w "$wheels" -c "$root/constraints.txt" jieba; fi
  tar -C "$wheels" -cf - . | split -d -b "${PORTION:-12582912}" - "$into/wheels.tar."
  rm -r "$wheels"
  ls -l "$into"
}

install() {
  local unpacked=$scratch/wheels site=$scratch/site
  mkdir "$unpacked"
  cat "$WHEELS"/wheels.tar.* | tar -C "$unpacked" -xf -
  "$python" -m pip install --quiet --no-index --no-deps --no-compile --target "$site" "$unpacked"/*.whl
  rm -r "$unpacked"
  export PYTHONPATH="$root:$site"
}

run() {
  local out=$1 size=$2
  shift 2
  export PYTHONPATH="$root" PYTHONUNBUFFERED=1
  # In memory where there is room for 16 GB of weights: they are loaded once for each contender.
  scratch=$(mktemp -d -p "$(df --output=avail /dev/shm | tail -1 | awk '{print ($1 > 24000000) ? "/dev/shm" : "/tmp"}')")
  trap 'rm -rf "$scratch"' EXIT
  if [ -n "${WHEELS:-}" ]; then install; fi
  mkdir -p "$out/$size"
  cd "$root"
  COLUMNS=160 "$python" -m deploy.cli bench engine --size "$size" --repeat "${REPEAT:-1}" \
    --work "$scratch/checkpoints" --out "$out/$size" "$@" 2>&1 | tee "$out/$size/table.txt"
}

command=${1:-}
case "$command" in
  fetch | run) shift && "$command" "$@" ;;
  *) sed -n '2,17s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
