#!/bin/sh
# Runs a command with a TMPDIR of its own and takes it away afterwards: in memory where
# there is room for what the tests write, since a test's databases live for a second and
# are synced to the disk all the same. What Go builds stays on the disk.
set -u
room() { # in KiB, of memory that this machine or container may still use
	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	mem=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo 2>/dev/null)
	limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null)
	used=$(cat /sys/fs/cgroup/memory.current 2>/dev/null)
	case $limit in "" | max) left=$mem ;; *) left=$(((limit - ${used:-0}) / 1024)) ;; esac
	printf '%s\n' "${free:-0}" "${mem:-0}" "${left:-0}" | sort -n | head -1
}
export GOTMPDIR="${GOTMPDIR:-${TMPDIR:-/tmp}}"
if [ -w /dev/shm ] && [ "$(room)" -gt 8000000 ]; then
	dir=$(mktemp -d /dev/shm/shanzhi.XXXXXX)
else
	dir=$(mktemp -d)
fi
chmod 1777 "$dir" # PostgreSQL runs as a user of its own
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
TMPDIR="$dir" SHANZHI_SCRATCH="$dir" "$@"
