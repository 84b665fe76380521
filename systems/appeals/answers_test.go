package appeals

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/answer"
	"shanzhi/core/calendar"
	"shanzhi/core/knowledge"
	"shanzhi/core/store"
	"shanzhi/districts"
)

// The questions were labelled before anything answered them. What may be fitted
// on and what is held out are measured apart; the floors lie a little below what
// was measured.
func TestShippedKnowledgeAnswersLabelledQuestions(t *testing.T) {
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	x, err := AnswersOf(files)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open("testdata/questions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := answer.ReadLabelled(file)
	if err != nil {
		t.Fatal(err)
	}
	for part, least := range map[string]answer.Report{
		"tune": {Found: 0.95, Coverage: 0.88, Precision: 0.97, Holds: 0.95, Refusal: 0.98},
		"held": {Found: 0.85, Coverage: 0.65, Precision: 0.95, Holds: 0.80, Refusal: 0.96},
	} {
		var of []answer.Labelled
		for _, l := range all {
			if l.Part == part {
				of = append(of, l)
			}
		}
		r, _ := x.Evaluate(of, answer.Asking{At: time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)})
		t.Logf("%s: %d questions, %d answerable: found %.3f, coverage %.3f, precision %.3f, holds %.3f, refusal %.3f", part, r.Questions, r.Answerable, r.Found, r.Coverage, r.Precision, r.Holds, r.Refusal)
		if r.Found < least.Found || r.Coverage < least.Coverage || r.Precision < least.Precision || r.Holds < least.Holds || r.Refusal < least.Refusal {
			t.Errorf("%s falls below its floor: %+v", part, r)
		}
	}
}

// A pack's knowledge is checked with the pack.
func TestKnowledgeOfAPack(t *testing.T) {
	shipped, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	const head = "code,title,body,unit,audience,valid_from,valid_to\n"
	for body, want := range map[string]string{
		head + "K1,甲,乙。,no-such-unit,,,\n":                         "no unit no-such-unit",
		head + "K1,甲,乙。,dp-renli,,,\nK1,丙,丁。,dp-renli,,,\n":        "stands in line 2 already",
		head + "K1,,乙。,dp-renli,,,\n":                              "line 2: title is needed",
		head + "K1,甲,乙。,dp-renli,everybody,,\n":                    "neither public nor internal",
		head + "K1,甲,乙。,dp-renli,,2026-13-01,\n":                   "is not a day",
		head + "K1,甲,乙。,dp-renli,public,2026-02-01,2026-01-01\n":   "lies before valid_from",
		"code,title\nK1,甲\n":                                       "body",
		head + "K1,甲,乙。,dp-renli,internal,2026-01-01,2026-01-01\n": "",
		head + "K1,甲,乙。,dp-renli,,,\n":                             "",
	} {
		files := fstest.MapFS{knowledge.File: {Data: []byte(body)}}
		for _, name := range []string{"pack.yaml", "organisation.csv", "appeals/duty_items.csv", "appeals/duty_rules.csv"} {
			raw, err := fs.ReadFile(shipped, name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: raw}
		}
		_, err := AnswersOf(files)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

// Solved matters answer staff who may see them, and nobody else: not a citizen,
// not another unit, and not out of what was kept to few, is about a unit, is
// open still, or was not solved.
func TestSolvedMattersAnswer(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		var n int
		closed := func(solved string) store.ID {
			n++
			id := d.replied(lamp, "1380000001"+string(rune('0'+n)), true)
			if err := d.citizenDoes(id, "rate", map[string]any{"contacted": true, "solved": solved, "result": int64(5)}); err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := closed("yes")
		closed("partly")
		d.replied(lamp, "13800000019", true) // open
		for _, change := range []string{"secrecy = 'confidential'", "about = 'st-xixiang'"} {
			other := closed("yes")
			if err := d.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE appeal SET `+change+` WHERE id = ?`, other)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		asked := &knowledge.Service{Store: d.Store, Dir: d.Dir, Packs: d.Packs, Book: calendar.NewBook(), Bus: d.Bus, Notices: d.Notices, Log: slog.Default(), Sources: []knowledge.Source{d.Service}}
		if err := asked.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := asked.Ready(ctx, true); err != nil {
			t.Fatal(err)
		}
		const question = "流塘路路灯坏了十天晚上看不清路"
		for desk, told := range map[string]bool{"": false, "reviewer@platform": true, "handler@st-xixiang": true, "handler@st-shiyan": false} {
			var who account.Actor
			if desk != "" {
				who = d.as(desk)
			}
			a, err := asked.Ask(ctx, knowledge.Asked{Question: question, Who: who, Typing: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := a.Source != nil && a.Source.Kind == SolvedDocument; got != told {
				t.Errorf("%q is told of a solved matter: %v, want %v", desk, got, told)
			}
			if told && (a.Source.ID != d.state(id).No || !strings.Contains(a.Answer, "电缆")) {
				t.Errorf("%q: %+v", desk, a)
			}
		}
		docs, err := d.Solved(ctx)
		if err != nil || len(docs) != 1 {
			t.Errorf("%d solved, %v", len(docs), err)
		}
	})
}
