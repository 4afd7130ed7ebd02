#!/bin/sh
# Types and tests of the player's ES modules. Node is for contributors only; without it both are skipped.
set -e
if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  echo "skipped: tsc and node --test (no Node on this machine; install Node 20 or newer)"
  exit 0
fi
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --silent
npm run --silent types
npm run --silent test
