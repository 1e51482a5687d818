#!/usr/bin/env bash
# What the tests need from the system: a browser, and a font of each language that it reads the pages in.
# On Debian as root it is installed; elsewhere it is named, and the tests go on without a browser.
set -euo pipefail

has_browser() {
    local name
    # The names that browser.py looks for.
    for name in chromium chromium-browser google-chrome chrome; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

missing=()
has_browser || missing+=(chromium)
if ! command -v fc-list >/dev/null; then
    missing+=(fontconfig fonts-dejavu-core fonts-wqy-zenhei)
else
    [ -n "$(fc-list :lang=en)" ] || missing+=(fonts-dejavu-core)
    [ -n "$(fc-list :lang=zh-cn)" ] || missing+=(fonts-wqy-zenhei)
fi
# Puts the browser where there is no network.
command -v unshare >/dev/null || missing+=(util-linux)
command -v make >/dev/null || missing+=(make)
[ "${#missing[@]}" -gt 0 ] || exit 0

install() {
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null; then
    echo "== installing ${missing[*]}"
    install || echo "== apt-get failed" >&2
else
    echo "== the tests also need, by their Debian names: ${missing[*]}" >&2
fi
if ! has_browser; then
    echo "!! NO BROWSER (chromium or google-chrome): THE BROWSER TESTS OF tests/test_report.py WILL BE SKIPPED." >&2
fi
