#!/usr/bin/env bash
# Sends load to every door of the server, anonymous to signed, and prints what each lets through.
# Needs wrk, which it installs from Debian where it may.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v wrk >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get install -y --no-install-recommends wrk >/dev/null
  else
    echo "load.sh needs wrk: install it, for example by 'apt-get install wrk'." >&2
    exit 2
  fi
fi

exec dotnet run -c Release --project benchmarks/Signing.Benchmarks -- --load
