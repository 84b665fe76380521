package appeals

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// askedSource keeps what a register was asked.
type askedSource struct {
	rule.FactSource
	asked []rule.FactQuery
	fail  error
}

func (a *askedSource) Fetch(ctx context.Context, q rule.FactQuery) ([]rule.Said, error) {
	a.asked = append(a.asked, q)
	if a.fail != nil {
		return nil, a.fail
	}
	return a.FactSource.Fetch(ctx, q)
}

// Profile tags: who may look at whose, for what; only the tags of the purpose are asked
// for; each look is logged before the register answers, and the appellant sees it.
func TestProfileTags(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		sim := &adapter.FactSimulator{Now: d.Store.Now}
		var register *askedSource
		for _, x := range sim.Sources() {
			if x.Name() == "画像标签" {
				register = &askedSource{FactSource: x}
			}
		}
		d.Facts = rule.NewSources(d.Store.Now, register)
		lon, lat := 113.86, 22.58
		file := func(in Intake, unit string) store.ID {
			in.Text, in.Lon, in.Lat = lamp, &lon, &lat
			return d.fileOne(t, in, unit).ID
		}
		known := vault.Identity{vault.Name: "欧阳建国", vault.Phone: "13800001234", vault.IDNumber: "11010519491231002X"}
		open := file(Intake{Appellant: known}, "st-xixiang")
		hidden := file(Intake{Appellant: known, Secrecy: Confidential}, "st-xixiang")
		nobody := file(Intake{Secrecy: Anonymous}, "st-xixiang")
		against := file(Intake{Appellant: known, About: "st-xixiang"}, "st-xixiang")
		handler, dispatcher, follow := d.as("handler@st-xixiang"), d.as("dispatcher@platform"), d.as("follow_up@platform")

		for _, c := range []struct {
			name  string
			who   account.Actor
			of    store.ID
			in    TagAsk
			want  string
			asked string // the tags that the register is asked for
		}{
			{"handler, appellant", handler, open, TagAsk{Subject: "resident", Purpose: "visit"}, "", "bereaved_support disabled elder_alone minimum_living veteran"},
			{"dispatcher, appellant", dispatcher, open, TagAsk{Subject: "resident", Purpose: "dispatch"}, "", "elder_alone"},
			{"a purpose of others", handler, open, TagAsk{Subject: "resident", Purpose: "dispatch"}, "not_your_purpose", ""},
			{"no purpose", handler, open, TagAsk{Subject: "resident", Purpose: "curiosity"}, "purpose:unknown", ""},
			{"another unit", d.as("handler@st-xinan"), open, TagAsk{Subject: "resident", Purpose: "visit"}, "not_found", ""},
			{"the citizen", d.citizen(open), open, TagAsk{Subject: "resident", Purpose: "visit"}, "not_your_purpose", ""},
			{"hidden from units", handler, hidden, TagAsk{Subject: "resident", Purpose: "visit"}, "not_of_appellant", ""},
			{"hidden, by the platform", dispatcher, hidden, TagAsk{Subject: "resident", Purpose: "dispatch"}, "", "elder_alone"},
			{"anonymous", dispatcher, nobody, TagAsk{Subject: "resident", Purpose: "dispatch"}, "not_of_appellant", ""},
			{"by whom it complains of", handler, against, TagAsk{Subject: "resident", Purpose: "visit"}, "not_of_appellant", ""},
			{"building of a complaint", handler, against, TagAsk{Subject: "building", Purpose: "visit"}, "", "gas_cylinder old_building under_works urban_village"},
			{"building, no such purpose", follow, open, TagAsk{Subject: "building", Purpose: "follow"}, "subject:not_of_purpose", ""},
			{"enterprise by name", dispatcher, open, TagAsk{Subject: "enterprise", Enterprise: "鸿运达电子有限公司", Purpose: "dispatch"}, "", "abnormal_list key_enterprise pollution_permit wage_arrears"},
			{"enterprise by code", dispatcher, open, TagAsk{Subject: "enterprise", Enterprise: "91440300708461136t", Purpose: "dispatch"}, "", "abnormal_list key_enterprise pollution_permit wage_arrears"},
			{"no enterprise", dispatcher, open, TagAsk{Subject: "enterprise", Purpose: "dispatch"}, "enterprise:required", ""},
			{"a phone is no enterprise", dispatcher, open, TagAsk{Subject: "enterprise", Enterprise: "13800001234", Purpose: "dispatch"}, "enterprise:not_an_enterprise", ""},
		} {
			register.asked = nil
			c.in.Note = "核对情况 13800001234"
			before := d.count(t, `SELECT count(*) FROM tag_look`)
			got, err := d.AskTags(ctx, c.who, c.of, c.in)
			if code(err) != c.want {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
				continue
			}
			if looked := d.count(t, `SELECT count(*) FROM tag_look`) - before; (looked == 1) != (c.want == "") || (len(register.asked) == 1) != (c.want == "") {
				t.Errorf("%s: %d looks logged, %d asked", c.name, looked, len(register.asked))
			}
			if c.want != "" {
				continue
			}
			q := register.asked[0]
			var names []string
			for _, n := range sortedKeysOf(q.Facts) {
				names = append(names, strings.TrimPrefix(n, "tag."))
			}
			if strings.Join(names, " ") != c.asked || q.Purpose != c.in.Purpose || len(got.Tags) != len(names) {
				t.Errorf("%s: asked %v for %s, told %d", c.name, names, q.Purpose, len(got.Tags))
			}
			if id := q.Keys["id_no"]; (id != "") != (c.in.Subject == "resident") {
				t.Errorf("%s: asked by %v", c.name, q.Keys)
			}
			note, err := store.Get[string](ctx, d.Store, `SELECT note FROM tag_look WHERE id = ?`, int64(got.Look))
			if err != nil || strings.Contains(note, "13800001234") || !strings.Contains(note, "核对") {
				t.Errorf("%s: the log says %q", c.name, note)
			}
		}

		// The appellant sees each look at their own, and none at a building.
		looks, err := d.Vault.Looks(ctx, d.citizen(open).Person)
		n := 0
		for _, l := range looks {
			if l.What == "tags" && strings.Contains(l.Reason, "画像标签") {
				n++
			}
		}
		if err != nil || n != 3 { // two of one appeal, one of the other
			t.Errorf("the appellant sees %d looks: %+v %v", n, looks, err)
		}

		// A register that is silent is said so, and the look stays in the log.
		register.fail = errors.New("down")
		if _, err := d.AskTags(ctx, dispatcher, open, TagAsk{Subject: "resident", Purpose: "dispatch", Note: "核对"}); code(err) != "tags_failed" {
			t.Errorf("a silent register: %v", err)
		}
		if d.count(t, `SELECT count(*) FROM tag_look WHERE outcome = 'failed'`) != 1 || d.count(t, `SELECT count(*) FROM tag_look WHERE outcome = 'asked'`) != 0 {
			t.Error("what came of a look is not written")
		}
		register.fail = nil
		// What is old is said to be.
		sim.Tell("画像标签", "tag.elder_alone", "", adapter.FactStale)
		if got, err := d.AskTags(ctx, dispatcher, open, TagAsk{Subject: "resident", Purpose: "dispatch", Note: "核对"}); err != nil || !got.Tags[0].Known || !got.Tags[0].Stale {
			t.Errorf("two years old: %+v %v", got, err)
		}
		sim.Tell("画像标签", "tag.elder_alone", "", adapter.FactAbsent)
		if got, err := d.AskTags(ctx, dispatcher, open, TagAsk{Subject: "resident", Purpose: "dispatch", Note: "核对"}); err != nil || got.Tags[0].Known || got.Tags[0].Holds {
			t.Errorf("nothing known: %+v %v", got, err)
		}

		// Of a closed appeal who follows up may ask, and who handled it no more.
		closed := d.replied(lamp, "13800005678", true)
		if _, err := d.Act(ctx, d.citizen(closed), closed, 0, []Step{{"rate", map[string]any{"solved": "yes", "result": 5, "manner": 5, "speed": 5, "contacted": true}}}); err != nil {
			t.Fatal(err)
		}
		if m, err := d.TagChoice(ctx, handler, closed); err != nil || len(m.Purposes) != 0 {
			t.Errorf("a handler of a closed one: %+v %v", m.Purposes, err)
		}
		if m, err := d.TagChoice(ctx, follow, closed); err != nil || len(m.Purposes) != 1 || m.Purposes[0].ID != "follow" {
			t.Errorf("who follows up on a closed one: %+v %v", m.Purposes, err)
		}

		// The log counts by unit and purpose, pages, and takes no day that is none.
		all, err := d.TagLog(ctx, TagLogFilter{})
		sum := 0
		for _, c := range all.Counts {
			sum += c.N
		}
		if err != nil || sum != len(all.Looks) || int64(sum) != d.count(t, `SELECT count(*) FROM tag_look`) {
			t.Errorf("%d counted, %d listed, %v", sum, len(all.Looks), err)
		}
		if more, err := d.TagLog(ctx, TagLogFilter{Before: all.Looks[0].ID.String(), Subject: "building"}); err != nil || len(more.Looks) != 1 || more.Looks[0].Subject != "building" {
			t.Errorf("%+v %v", more.Looks, err)
		}
		for field, bad := range map[string]TagLogFilter{"from:not_a_day": {From: "2026-13-01"}, "to:not_a_day": {To: "today"}, "before:not_an_id": {Before: "x"}} {
			if _, err := d.TagLog(ctx, bad); code(err) != field {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestTagSettingsAreChecked(t *testing.T) {
	good := "source: a\npurposes: [{id: p, name: {zh: 甲}, roles: [handler]}]\ntags: [{id: t, of: resident, kind: care, name: {zh: 乙}, purposes: [p], fresh: 1}]\n"
	if b, err := readTags(fstest.MapFS{"appeals/tags.yaml": {Data: []byte(good)}}); err != nil || len(b.Tags) != 1 {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"source: a", "source: ''"}, {"roles: [handler]", "roles: []"}, {"of: resident", "of: dog"}, {"kind: care", "kind: x"}, {"purposes: [p], fresh", "purposes: [q], fresh"}, {"purposes: [p], fresh", "purposes: [], fresh"}, {"fresh: 1", "fresh: 0"}, {"{zh: 乙}", "{en: b}"}, {"fresh: 1", "fresh: 1, more: 2"}} {
		if _, err := readTags(fstest.MapFS{"appeals/tags.yaml": {Data: []byte(strings.Replace(good, c[0], c[1], 1))}}); err == nil {
			t.Errorf("%s is taken", c[1])
		}
	}
	if b, err := readTags(fstest.MapFS{}); err != nil || len(b.Tags) != 0 {
		t.Error("a pack without tags:", err)
	}
}
