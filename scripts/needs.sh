#!/bin/sh
# Installs what the tests run against, where it is absent: PostgreSQL with PostGIS,
# Chromium and fonts with Chinese glyphs. Debian's packages only.
set -eu
want=""
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || want="$want postgresql"
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || want="$want postgresql-postgis"
command -v chromium >/dev/null 2>&1 || want="$want chromium"
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || want="$want fonts-noto-cjk fontconfig"
[ -z "$want" ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
	echo "the tests need:$want (sudo apt-get install$want)" >&2
	exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $want >/dev/null
