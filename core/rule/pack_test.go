package rule_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/rule"
)

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

const small = `pack: elder
name: {zh: 高龄津贴}
effective: {from: 2024-01-01, until: 2030-01-01}
law: [{ref: 示例第一条}]
params:
  min_age: {type: int, values: [{from: 2024-01-01, value: 80}, {from: 2026-01-01, value: 79}]}
facts:
  person.birth_date: {type: date, say: {zh: 出生日期}, sources: [人口库], max_age: 24h, on_missing: human}
  person.alive: {type: bool, say: {zh: 在世}, sources: [殡葬, 医保], need: 2, on_missing: human}
  bank.match: {type: bool, say: {zh: 账户}, sources: [银行, 申请人], on_missing: supplement}
derive:
  - {name: age, type: int, expr: "fullYears(person.birth_date, application.date)"}
checks:
  - {id: age, say: {zh: 年龄}, expr: "age >= params.min_age", fail: human, law: 1}
  - {id: alive, say: {zh: 在世}, expr: "person.alive", fail: human, law: 1}
  - {id: account, say: {zh: 账户}, expr: "bank.match", fail: supplement, law: 1}
approve: all
grant:
  - {name: fen, type: int, expr: "age >= 90 ? 30000 : 20000"}
`

func read(t testing.TB, text string) *rule.Pack {
	t.Helper()
	p, err := rule.ReadPack(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Each thing that could let a slip approve, and each that an author may forget, is
// refused with what is wrong.
func TestPacksThatMayNotBe(t *testing.T) {
	read(t, small)
	for name, c := range map[string]struct{ old, new, want string }{
		"or":                   {`expr: "person.alive"`, `expr: "person.alive || bank.match"`, "one comparison at a time"},
		"and":                  {`expr: "person.alive"`, `expr: "person.alive && bank.match"`, "one comparison at a time"},
		"a choice":             {`expr: "person.alive"`, `expr: "person.alive ? true : bank.match"`, "one comparison at a time"},
		"two comparisons":      {`expr: "age >= params.min_age"`, `expr: "(age >= params.min_age) == person.alive"`, "one comparison at a time"},
		"a slip in a name":     {`expr: "person.alive"`, `expr: "person.alife"`, "undeclared reference"},
		"asking whether it is": {`expr: "person.alive"`, `expr: "has(person.alive)"`, "undeclared reference"},
		"a fact of any type":   {`bank.match: {type: bool`, `bank.match: {type: any`, "no type"},
		"a word for a number":  {`expr: "age >= params.min_age"`, `expr: "age >= '80'"`, "no matching overload"},
		"now":                  {`expr: "person.alive"`, `expr: "person.birth_date < now()"`, "undeclared reference"},
		"a pattern":            {`expr: "person.alive"`, `expr: "string(age).matches('8.*')"`, "may not be used"},
		"no law":               {`law: [{ref: 示例第一条}]`, `law: []`, "stands on a clause"},
		"a law that is not":    {`fail: human, law: 1}`, `fail: human, law: 2}`, "no clause 2"},
		"approve by itself":    {`approve: all`, `approve: any`, "write all"},
		"refuse":               {`fail: supplement, law: 1`, `fail: refuse, law: 1`, "neither human nor supplement"},
		"a constant":           {`expr: "person.alive"`, `expr: "true"`, "asks nothing of any fact"},
		"no sentence":          {`say: {zh: 年龄}, expr`, `say: {en: age}, expr`, "the citizen reads it"},
		"more sources":         {`need: 2`, `need: 3`, "3 of 2 sources"},
		"an unknown word":      {`approve: all`, "approve: all\nrefuse: some", "unknown field"},
		"a fact for nothing":   {`facts:`, "facts:\n  person.shoe: {type: int, say: {zh: 鞋码}, sources: [申请人], on_missing: human}", "never used"},
		"a day that is not":    {`from: 2024-01-01, until`, `from: 2024-02-30, until`, "not a day"},
		"an age that is not":   {`max_age: 24h`, `max_age: soon`, "not a length of time"},
		"params out of order":  {`{from: 2026-01-01, value: 79}`, `{from: 2023-01-01, value: 79}`, "not after the one before"},
		"a param of no number": {`value: 79`, `value: "79"`, "not of type int"},
		"two of one name":      {`- {id: alive`, `- {id: age`, "not a name of its own"},
		"nothing asked":        {small[strings.Index(small, "checks:"):strings.Index(small, "approve:")], "checks: []\n", "nothing is asked"},
	} {
		text := strings.Replace(small, c.old, c.new, 1)
		if text == small {
			t.Fatalf("%s: the test changes nothing", name)
		}
		if _, err := rule.ReadPack(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestDecide(t *testing.T) {
	p := read(t, small)
	at := time.Date(2025, 11, 20, 10, 0, 0, 0, zone)
	word := func(v any, source string, ago time.Duration) rule.Fact {
		return rule.Fact{Value: v, Source: source, AsOf: at.Add(-ago)}
	}
	good := func() rule.Facts {
		return rule.Facts{"person.birth_date": {word("1945-11-20", "人口库", time.Hour)}, "person.alive": {word(true, "殡葬", time.Hour), word(true, "医保", time.Hour)}, "bank.match": {word(true, "银行", time.Hour)}}
	}
	for name, c := range map[string]struct {
		at      time.Time
		change  func(f rule.Facts)
		outcome rule.Outcome
		check   string
		answer  rule.Answer
		why     string
	}{
		"all pass":        {at, func(rule.Facts) {}, rule.Approve, "age", rule.Pass, ""},
		"a day too young": {at, func(f rule.Facts) { f["person.birth_date"][0].Value = "1945-11-21" }, rule.Human, "age", rule.Fail, ""},
		"under a later parameter": {time.Date(2026, 1, 1, 0, 0, 0, 0, zone), func(f rule.Facts) {
			f["person.birth_date"][0] = rule.Fact{Value: "1946-12-31", Source: "人口库", AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, zone)}
		}, rule.Approve, "age", rule.Pass, ""},
		"absent":                      {at, func(f rule.Facts) { delete(f, "person.birth_date") }, rule.Human, "age", rule.Missing, "absent"},
		"null":                        {at, func(f rule.Facts) { f["person.birth_date"][0].Value = nil }, rule.Human, "age", rule.Missing, "absent"},
		"too old":                     {at, func(f rule.Facts) { f["person.birth_date"][0].AsOf = at.Add(-24*time.Hour - time.Second) }, rule.Human, "age", rule.Missing, "stale"},
		"as old as may be":            {at, func(f rule.Facts) { f["person.birth_date"][0].AsOf = at.Add(-24 * time.Hour) }, rule.Approve, "age", rule.Pass, ""},
		"of the future":               {at, func(f rule.Facts) { f["person.birth_date"][0].AsOf = at.Add(time.Second) }, rule.Human, "age", rule.Missing, "future"},
		"no day":                      {at, func(f rule.Facts) { f["person.birth_date"][0].Value = "1945/11/20" }, rule.Human, "age", rule.Missing, "malformed"},
		"a number in words":           {at, func(f rule.Facts) { f["person.birth_date"][0].Value = 1945.0 }, rule.Human, "age", rule.Missing, "malformed"},
		"true in words":               {at, func(f rule.Facts) { f["bank.match"][0].Value = "true" }, rule.Supplement, "account", rule.Missing, "malformed"},
		"whose word does not count":   {at, func(f rule.Facts) { f["person.birth_date"][0].Source = "申请人" }, rule.Human, "age", rule.Missing, "source"},
		"one of two sources":          {at, func(f rule.Facts) { f["person.alive"] = f["person.alive"][:1] }, rule.Human, "alive", rule.Missing, "sources"},
		"one source twice":            {at, func(f rule.Facts) { f["person.alive"][1].Source = "殡葬" }, rule.Human, "alive", rule.Missing, "sources"},
		"two sources disagree":        {at, func(f rule.Facts) { f["person.alive"][1].Value = false }, rule.Human, "alive", rule.Conflict, "conflict"},
		"the newest word counts":      {at, func(f rule.Facts) { f["bank.match"] = append(f["bank.match"], word(false, "银行", 2*time.Hour)) }, rule.Approve, "account", rule.Pass, ""},
		"the applicant may bring":     {at, func(f rule.Facts) { delete(f, "bank.match") }, rule.Supplement, "account", rule.Missing, "absent"},
		"what was brought does not":   {at, func(f rule.Facts) { f["bank.match"][0].Value = false }, rule.Supplement, "account", rule.Fail, ""},
		"disagreement goes to people": {at, func(f rule.Facts) { f["bank.match"] = append(f["bank.match"], word(false, "申请人", 0)) }, rule.Human, "account", rule.Conflict, "conflict"},
		"worst of several": {at, func(f rule.Facts) {
			f["bank.match"][0].Value = false
			f["person.alive"] = []rule.Fact{word(false, "殡葬", 0), word(false, "医保", 0)}
		}, rule.Human, "alive", rule.Fail, ""},
	} {
		facts := good()
		c.change(facts)
		d := p.Decide(rule.Case{At: c.at, Facts: facts}, zone)
		if d.Outcome != c.outcome && !(name == "under a later parameter") {
			t.Errorf("%s: %s, want %s: %s", name, d.Outcome, c.outcome, d.Bytes())
			continue
		}
		i := slices.IndexFunc(d.Checks, func(r rule.CheckResult) bool { return r.Check == c.check })
		if d.Checks[i].Answer != c.answer {
			t.Errorf("%s: %s answered %s, want %s", name, c.check, d.Checks[i].Answer, c.answer)
		}
		if c.why != "" && !slices.ContainsFunc(d.Checks[i].Facts, func(f rule.Used) bool { return f.Why == c.why }) {
			t.Errorf("%s: not told why (%s): %+v", name, c.why, d.Checks[i].Facts)
		}
		if (len(d.Grant) > 0) != (d.Outcome == rule.Approve) {
			t.Errorf("%s: %s grants %v", name, d.Outcome, d.Grant)
		}
	}
	for name, at := range map[string]time.Time{"before it was in force": time.Date(2023, 12, 31, 23, 59, 0, 0, zone), "when it is no longer": time.Date(2030, 1, 1, 0, 0, 0, 0, zone)} {
		if d := p.Decide(rule.Case{At: at, Facts: good()}, zone); d.Outcome != rule.Human || d.Why != "not_in_force" {
			t.Errorf("%s: %s", name, d.Bytes())
		}
	}
}

// Whatever is said by whomever: a fact taken away never approves; the same case gives
// the same bytes, also after it was written down and read again; all that passed was
// said by one whose word counts.
func TestNothingMissingApproves(t *testing.T) {
	p := read(t, small)
	at := time.Date(2025, 11, 20, 10, 0, 0, 0, zone)
	rapid.Check(t, func(r *rapid.T) {
		facts := rule.Facts{}
		for name, values := range map[string][]any{
			"person.birth_date": {"1930-01-01", "1945-11-20", "1945-11-21", "x", nil}, "person.alive": {true, true, false, 1, nil}, "bank.match": {true, true, false, "true"},
		} {
			for range rapid.IntRange(0, 3).Draw(r, name) {
				facts[name] = append(facts[name], rule.Fact{Value: rapid.SampledFrom(values).Draw(r, "value"), Source: rapid.SampledFrom([]string{"人口库", "殡葬", "医保", "银行", "申请人", ""}).Draw(r, "source"),
					AsOf: at.Add(-time.Duration(rapid.IntRange(-1, 30).Draw(r, "hours")) * time.Hour), Receipt: rapid.SampledFrom([]string{"", "R1"}).Draw(r, "receipt")})
			}
		}
		c := rule.Case{At: at, Facts: facts}
		d := p.Decide(c, zone)
		raw, err := json.Marshal(c)
		if err != nil {
			r.Fatal(err)
		}
		var again rule.Case
		if err := json.Unmarshal(raw, &again); err != nil {
			r.Fatal(err)
		}
		if got := p.Decide(again, zone); string(got.Bytes()) != string(d.Bytes()) {
			r.Fatalf("other bytes:\n%s\n%s", d.Bytes(), got.Bytes())
		}
		for name := range facts {
			less := rule.Facts{}
			for k, v := range facts {
				if k != name {
					less[k] = v
				}
			}
			if got := p.Decide(rule.Case{At: at, Facts: less}, zone); got.Outcome == rule.Approve {
				r.Fatalf("without %s it is approved", name)
			}
		}
		if d.Outcome == rule.Approve {
			for _, check := range d.Checks {
				for _, f := range check.Facts {
					if f.Why != "" || f.Source == "" || check.Answer != rule.Pass {
						r.Fatalf("approved on %+v", check)
					}
				}
			}
		}
	})
}

func TestFullYears(t *testing.T) {
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"1945-11-20", "2025-11-19", 79}, {"1945-11-20", "2025-11-20", 80}, {"1945-11-20", "2025-11-21", 80},
		{"2008-02-29", "2026-02-27", 17}, {"2008-02-29", "2026-02-28", 18}, {"2008-02-29", "2028-02-28", 19}, {"2008-02-29", "2028-02-29", 20},
		{"2025-01-01", "2024-12-31", 0}, {"2025-01-01", "2024-01-01", -1}, {"2000-01-31", "2000-01-31", 0},
	} {
		if got := rule.FullYears(day(c.from), day(c.to)); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestReadCase(t *testing.T) {
	p := read(t, small)
	now := time.Date(2025, 11, 20, 10, 0, 0, 0, zone)
	for name, text := range map[string]string{
		"bare":         `{"person.birth_date": "1940-01-01", "person.alive": true, "bank.match": true}`,
		"in facts":     `{"at": "2025-11-20", "facts": {"person.birth_date": "1940-01-01", "person.alive": true, "bank.match": true}}`,
		"with sources": `{"facts": {"person.birth_date": {"value": "1940-01-01", "source": "人口库", "as_of": "2025-11-20T09:00:00+08:00"}, "person.alive": [{"value": true, "source": "殡葬"}, {"value": true, "source": "医保"}], "bank.match": {"value": true}}}`,
	} {
		c, err := p.ReadCase(strings.NewReader(text), now, zone)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := p.Decide(c, zone); d.Outcome != rule.Approve {
			t.Errorf("%s: %s", name, d.Bytes())
		}
	}
	for text, want := range map[string]string{
		`[]`:                               "an object of JSON",
		`{`:                                "an object of JSON",
		`{"person.brith_date": 1}`:         `no fact "person.brith_date"`,
		`{"at": "yesterday"}`:              "not a moment",
		`{"at": 3}`:                        "not a moment",
		`{"facts": 3}`:                     "an object is expected",
		`{"bank.match": {"source2": "x"}}`: "an object with value",
		`{"bank.match": {"value": true, "as_of": "x"}}`: "not a moment",
	} {
		if _, err := p.ReadCase(strings.NewReader(text), now, zone); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q in it", text, err, want)
		}
	}
}

// Cases that show too little are told apart from those that show all.
func TestTry(t *testing.T) {
	p := read(t, small)
	cases, err := rule.ReadExamples(strings.NewReader(`
- name: 符合
  at: 2025-11-20
  facts: {person.birth_date: 1945-01-01, person.alive: true, bank.match: true}
  outcome: approve
- {name: 不符, like: 符合, facts: {bank.match: false}, outcome: approve}
`))
	if err != nil {
		t.Fatal(err)
	}
	trial, err := p.Try(cases, zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(trial.Wrong) != 1 || !strings.HasPrefix(trial.Wrong[0], "不符") || trial.Ready() {
		t.Errorf("%+v", trial)
	}
	cases[1].Outcome = rule.Supplement
	if trial, err = p.Try(cases, zone); err != nil {
		t.Fatal(err)
	}
	for _, gap := range []string{"age: FAIL", "age: MISSING", "age: stale", "alive: CONFLICT", "account: MISSING"} {
		if !slices.Contains(trial.Gaps, gap) {
			t.Errorf("the gap %s is not told: %v", gap, trial.Gaps)
		}
	}
	if !slices.Contains(trial.Survived, "alive: left out") {
		t.Errorf("mistakes that nothing notices are not told: %v", trial.Survived)
	}
	more, err := p.Propose(cases, zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range more {
		if !e.Made {
			t.Errorf("%s does not say that nobody wrote it", e.Name)
		}
	}
	if trial, err = p.Try(append(cases, more...), zone); err != nil || !trial.Ready() {
		t.Errorf("with what was proposed: %+v (%v)", trial, err)
	}
	for _, bad := range []rule.Examples{
		{{Name: "a"}, {Name: "a"}}, {{Name: "a", Like: "b"}}, {{Name: "a", Checks: map[string]rule.Answer{"x": rule.Pass}}},
		{{Name: "a", At: "2025-01-01", Facts: map[string]any{"x.y": 1}}}, {{Name: "a", At: "2025-01-01", Stale: []string{"bank.match"}}},
	} {
		if _, err := p.Try(bad, zone); err == nil {
			t.Errorf("%+v was tried", bad)
		}
	}
}

func BenchmarkDecideTwelveChecks(b *testing.B) {
	var facts, checks strings.Builder
	said := rule.Facts{}
	at := time.Date(2025, 11, 20, 10, 0, 0, 0, zone)
	for i := range 12 {
		fmt.Fprintf(&facts, "  f.n%d: {type: int, say: {zh: 数}, sources: [库], max_age: 24h, on_missing: human}\n", i)
		fmt.Fprintf(&checks, "  - {id: c%d, say: {zh: 数}, expr: \"f.n%d >= %d\", fail: human, law: 1}\n", i, i, i)
		said[fmt.Sprintf("f.n%d", i)] = []rule.Fact{{Value: float64(i), Source: "库", AsOf: at, Receipt: "R"}}
	}
	p := read(b, "pack: twelve\nname: {zh: 十二项}\neffective: {from: 2024-01-01}\nlaw: [{ref: 示例}]\nfacts:\n"+facts.String()+"checks:\n"+checks.String()+"approve: all\n")
	c := rule.Case{At: at, Facts: said}
	for b.Loop() {
		if d := p.Decide(c, zone); d.Outcome != rule.Approve {
			b.Fatal(string(d.Bytes()))
		}
	}
}
