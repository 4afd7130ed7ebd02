#!/bin/sh
# Sees to what pip cannot install: a Chromium, Node and dicom3tools. What cannot be had is said; its checks then skip with a reason.
# $1: the environment's Python.
python=$1

debian_package() { # $1: package; only as root on a machine with apt
  command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
  { apt-get install -y -qq "$1" || { apt-get update -qq && apt-get install -y -qq "$1"; }; } >/dev/null 2>&1
}

chromium_is_there() { "$python" -m tests.browser.chromium >/dev/null 2>&1; }

chromium_is_there ||
  { timeout 600 "$python" -m playwright install chromium >/dev/null 2>&1 && chromium_is_there; } ||
  debian_package chromium ||
  echo "No Chromium: the browser tests will be skipped. Install Chromium or run: $python -m playwright install chromium" >&2

command -v node >/dev/null 2>&1 || { debian_package nodejs && debian_package npm; } ||
  echo "No Node: the player's own tests and its type check will be skipped. Install Node 20 or newer." >&2

command -v dciodvfy >/dev/null 2>&1 || debian_package dicom3tools ||
  echo "No dciodvfy: the DICOM validity tests will be skipped. Install dicom3tools." >&2
exit 0
