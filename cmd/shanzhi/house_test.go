package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"shanzhi/internal/testkit"
)

// The rules of the house that a machine can check: core imports no system, no
// system another, and every system has the same rooms, so that whoever knows
// one knows all.
func TestRulesOfTheHouse(t *testing.T) {
	root := testkit.Root()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".")) && path != root {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range file.Imports {
			to, _ := strconv.Unquote(imp.Path.Value)
			to, ours := strings.CutPrefix(to, "shanzhi/")
			if !ours {
				if strings.HasSuffix(rel, "_test.go") {
					continue
				}
				if to == "C" {
					t.Errorf("%s uses cgo: only cmd/shanzhi-lake may", rel)
				}
				continue
			}
			from := strings.Split(rel, "/")
			target := strings.Split(to, "/")
			switch {
			case from[0] == "core" && target[0] == "systems":
				t.Errorf("%s: core imports the system %s", rel, target[1])
			case from[0] == "systems" && target[0] == "systems" && from[1] != target[1]:
				t.Errorf("%s: the system %s imports the system %s", rel, from[1], target[1])
			case (from[0] == "core" || from[0] == "systems") && target[0] == "cmd":
				t.Errorf("%s imports the program", rel)
			case target[0] == "internal" && !strings.HasSuffix(rel, "_test.go") && from[0] != "internal":
				t.Errorf("%s imports a test's helper", rel)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySystemHasTheSameRooms(t *testing.T) {
	systems, err := os.ReadDir(filepath.Join(testkit.Root(), "systems"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sys := range systems {
		dir := filepath.Join(testkit.Root(), "systems", sys.Name())
		for _, room := range []string{"doc.go", "service.go", "store.go", "http.go", "web", "migrations"} {
			if _, err := os.Stat(filepath.Join(dir, room)); err != nil {
				t.Errorf("system %s has no %s", sys.Name(), room)
			}
		}
		body, err := os.ReadFile(filepath.Join(testkit.Root(), "cmd", "shanzhi", "systems.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), `"shanzhi/systems/`+sys.Name()+`"`) {
			t.Errorf("system %s is not named in cmd/shanzhi/systems.go", sys.Name())
		}
	}
	core, err := os.ReadDir(filepath.Join(testkit.Root(), "core"))
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range core {
		files, _ := filepath.Glob(filepath.Join(testkit.Root(), "core", room.Name(), "*.go"))
		if !slices.ContainsFunc(files, func(f string) bool {
			raw, _ := os.ReadFile(f)
			return strings.Contains(string(raw), "// Package "+room.Name()+" ")
		}) {
			t.Errorf("core/%s does not say what it is for", room.Name())
		}
	}
}
