package services

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/rule"
)

// Each shipped pack may be published by the same gate as any other: all its checks are
// seen at work, and no small mistake in it would go unnoticed.
func TestShippedPacksAreReady(t *testing.T) {
	names, err := fs.Glob(Decisions, "decisions/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", 8*3600)
	packs := 0
	for _, name := range names {
		base, is := strings.CutSuffix(name, ".yaml")
		if !is || strings.HasSuffix(base, ".cases") {
			continue
		}
		packs++
		t.Run(base, func(t *testing.T) {
			f, err := Decisions.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := rule.ReadPack(f)
			if err != nil {
				t.Fatal(err)
			}
			if !p.Illustrative || "decisions/"+p.ID != base {
				t.Errorf("%s is in %s and illustrative: %v", p.ID, name, p.Illustrative)
			}
			g, err := Decisions.Open(base + ".cases.yaml")
			if err != nil {
				t.Fatal(err)
			}
			cases, err := rule.ReadExamples(g)
			if err != nil {
				t.Fatal(err)
			}
			if os.Getenv("SHANZHI_PROPOSE") != "" {
				more, err := p.Propose(cases, zone)
				if err != nil {
					t.Fatal(err)
				}
				out, err := os.OpenFile(base+".cases.yaml", os.O_APPEND|os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				if err := more.Write(out); err != nil {
					t.Fatal(err)
				}
				cases = append(cases, more...)
			}
			trial, err := p.Try(cases, zone)
			if err != nil {
				t.Fatal(err)
			}
			if trial.Mutants == 0 || !trial.Ready() {
				t.Errorf("%+v", trial)
			}
			if !slices.ContainsFunc(cases, func(e rule.Example) bool { return e.Outcome == rule.Supplement }) || !slices.ContainsFunc(cases, func(e rule.Example) bool { return e.Outcome == rule.Human }) {
				t.Error("a pack shows all three outcomes")
			}
		})
	}
	if packs != 10 {
		t.Errorf("%d packs are shipped", packs)
	}
}
