package services

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/rule"
	"shanzhi/districts"
)

// answersPack says what a pack would never learn from those who fill in a form.
func answersPack(p *rule.Pack, h *Handling) error {
	keys := map[string]bool{"id_no": true, "name": true, "phone": true}
	told := map[string]bool{}
	for _, q := range h.Form.Schema.Properties {
		if _, key, ok := strings.Cut(q.Element, "."); ok {
			keys[key], told[q.Element] = true, true
		}
	}
	for name, f := range p.Facts {
		if f.Key != "" && !keys[f.Key] {
			return fmt.Errorf("%s: nothing in the form is the key %s, by which %s is asked for", p.ID, f.Key, name)
		}
		_, short, _ := strings.Cut(name, ".")
		if name != rule.ApplicationDate && slices.Equal(f.Sources, []string{rule.Applicant}) && h.Form.Schema.Properties[short] == nil && !told[name] {
			return fmt.Errorf("%s: the form does not ask for %s, which the applicant alone can say", p.ID, short)
		}
	}
	return nil
}

// Each shipped pack may be published by the same gate as any other: all its checks are
// seen at work, and no small mistake in it would go unnoticed.
func TestShippedPacksAreReady(t *testing.T) {
	names, err := fs.Glob(Decisions, "decisions/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", 8*3600)
	baoan, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	handled, err := readHandling(baoan)
	if err != nil {
		t.Fatal(err)
	}
	applied := map[string]string{} // item by the pack that its form asks
	for key, h := range handled {
		applied[h.Instant] = key
	}
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
			if applied[p.ID] == "" {
				t.Errorf("no form of %s leads to it: nobody can apply for what it decides", handlingFolder)
			} else if err := answersPack(p, handled[applied[p.ID]]); err != nil {
				t.Error(err)
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
