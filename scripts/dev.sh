#!/bin/sh
# Serves the district and builds the program anew whenever a Go, SQL, YAML or
# CSV file changes; the screens are served by Vite, which reloads them itself.
set -u
trap 'kill 0' INT TERM EXIT
(cd web && SHANZHI_URL=http://localhost:8080 npm run dev) &
stamp() { find cmd core systems districts internal -type f \( -name '*.go' -o -name '*.sql' -o -name '*.yaml' -o -name '*.csv' \) -newer bin/.dev 2>/dev/null | head -n 1; }
mkdir -p bin
while :; do
	touch bin/.dev
	if go build -o bin/shanzhi-dev ./cmd/shanzhi; then
		./bin/shanzhi-dev serve --demo &
		pid=$!
	else
		pid=
	fi
	while [ -z "$(stamp)" ]; do sleep 1; done
	[ -n "$pid" ] && kill "$pid" && wait "$pid" 2>/dev/null
done
