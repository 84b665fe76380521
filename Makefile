# Everything a newcomer, a developer and CI need. See CONTRIBUTING.md.
GO      ?= go
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
BIN     := bin/shanzhi
GOFLAGS_BUILD := -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
export CGO_ENABLED = 0

.PHONY: run build web test test-full bench lint dev clean needs

## run: build web and program, make the demonstration district, serve it
run: build
	@./$(BIN) serve --demo

build: $(BIN)

WEB_SRC := $(shell find web systems/*/web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
GO_SRC  := $(shell find cmd core systems districts web internal -name '*.go' -o -name '*.yaml' -o -name '*.csv' -o -name '*.sql' -o -name '*.geojson' 2>/dev/null | grep -v node_modules)

## web: build the screens into web/dist
web: web/dist/index.html
web/node_modules/.package-lock.json: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SRC)
	cd web && npm run build

$(BIN): web/dist/index.html $(GO_SRC) go.mod go.sum
	$(GO) build $(GOFLAGS_BUILD) -o $@ ./cmd/shanzhi

## needs: install what the tests run against, where it is absent (Debian)
needs:
	@sh scripts/needs.sh

## test: the whole suite
test: needs lint build
	sh scripts/scratch.sh $(GO) test -timeout 10m ./...
	cd web && npx vue-tsc --noEmit && npx vitest run
	cd web && timeout 1500 sh ../scripts/scratch.sh node --test --test-concurrency=2 e2e/*.test.mjs

## test-full: test, and what is slow
test-full: test
	SHANZHI_FULL=1 sh scripts/scratch.sh $(GO) test -timeout 60m -count=1 ./...

bench: build
	./$(BIN) bench appeals --records 100000 --users 50 --seconds 20 --json

lint:
	@test -z "$$(gofmt -l cmd core systems districts internal web/*.go)" || { echo "gofmt:"; gofmt -l cmd core systems districts internal web/*.go; exit 1; }
	$(GO) vet ./...

## dev: serve, and build anew on each change
dev:
	@sh scripts/dev.sh

clean:
	rm -rf bin web/node_modules web/dist/assets web/dist/index.html web/dist/sw.js
