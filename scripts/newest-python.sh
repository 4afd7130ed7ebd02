#!/bin/sh
# Prints the newest Python from 3.11 on that really runs: those on the PATH, then those that pyenv keeps.
for minor in 20 19 18 17 16 15 14 13 12 11; do
  for python in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python3; do
    if "$python" -c 'import ctypes, ensurepip, sqlite3, ssl, venv' >/dev/null 2>&1; then
      command -v "$python"
      exit 0
    fi
  done
done
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v python3 && exit 0
echo "No Python from 3.11 on was found. Install one from python.org or your system's packages, then try again." >&2
exit 1
