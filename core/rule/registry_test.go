package rule_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/event"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

// registry is a registry with its records and what they need.
type registry struct {
	*rule.Registry
	records *rule.Records
	vault   *vault.Vault
	store   *store.Store
	dir     *account.Directory
}

func onBoth(t *testing.T, test func(t *testing.T, g registry)) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "r.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			s, err := store.Open(ctx, dsn(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			if err := s.Migrate(ctx, audit.Room(), event.Room(), vault.Room(), account.Room(), rule.Room()); err != nil {
				t.Fatal(err)
			}
			keys, err := vault.OpenKeyring(t.TempDir(), "")
			if err != nil {
				t.Fatal(err)
			}
			v, err := vault.New(s, keys)
			if err != nil {
				t.Fatal(err)
			}
			g := registry{&rule.Registry{Store: s, Zone: func() *time.Location { return zone }}, &rule.Records{Store: s, Vault: v}, v, s, account.NewDirectory(s)}
			if err := g.Reload(ctx); err != nil {
				t.Fatal(err)
			}
			test(t, g)
		})
	}
}

// person is somebody with roles.
func (g registry) person(id int, roles ...string) account.Actor {
	var grants []account.Grant
	for _, r := range roles {
		grants = append(grants, account.Grant{Role: r})
	}
	return account.NewActor(g.dir, account.Account{ID: store.ID(id), Kind: account.Staff, Name: fmt.Sprint("person ", id)}, grants...)
}

// whole are the cases of a pack with those that the house proposes.
func whole(t testing.TB, p *rule.Pack, cases string) string {
	t.Helper()
	x, err := rule.ReadExamples(strings.NewReader(cases))
	if err != nil {
		t.Fatal(err)
	}
	more, err := p.Propose(x, zone)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := append(x, more...).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const smallCases = `- name: 符合
  at: 2026-11-20
  facts: {person.birth_date: 1940-01-01, person.alive: true, bank.match: true}
  outcome: approve
  grant: {fen: 20000}
- name: 标准调整前
  like: 符合
  at: 2025-11-20
  facts: {person.birth_date: 1945-11-20}
  outcome: approve
- name: 标准调整前，差一天
  like: 符合
  at: 2025-11-20
  facts: {person.birth_date: 1945-11-21}
  outcome: human
`

// Every step from every state by everybody: only the role whose step it is, only from
// where it may be done, and never by who has put their name to the version in another
// way.
func TestWhoMayDoWhatWithAVersion(t *testing.T) {
	const author, reviewer, lawyer, publisher, fresh = 1, 2, 3, 4, 5
	duty := map[rule.VersionStep][]string{
		rule.StepWrite: {rule.RoleAuthor}, rule.StepReview: {rule.RoleReviewer}, rule.StepClear: {rule.RoleLawyer}, rule.StepPublish: {rule.RolePublisher},
		rule.StepReturn: {rule.RoleReviewer, rule.RoleLawyer, rule.RolePublisher}, rule.StepRetire: {rule.RolePublisher},
	}
	from := map[rule.VersionStep]string{rule.StepWrite: "draft", rule.StepReview: "draft", rule.StepClear: "reviewed", rule.StepPublish: "lawful", rule.StepReturn: "draft reviewed lawful", rule.StepRetire: "draft published"}
	tried := 0
	for state, signed := range map[rule.VersionState]rule.Version{
		rule.VersionDraft: {}, rule.VersionReviewed: {Reviewer: reviewer}, rule.VersionLawful: {Reviewer: reviewer, Lawyer: lawyer},
		rule.VersionPublished: {Reviewer: reviewer, Lawyer: lawyer, Publisher: publisher}, rule.VersionRetired: {Reviewer: reviewer, Lawyer: lawyer, Publisher: publisher},
	} {
		v := signed
		v.State, v.Authors = state, []store.ID{author}
		mine := map[store.ID]rule.VersionStep{author: rule.StepWrite, v.Reviewer: rule.StepReview, v.Lawyer: rule.StepClear, v.Publisher: rule.StepPublish}
		for _, step := range rule.VersionSteps {
			for _, who := range []store.ID{author, reviewer, lawyer, publisher, fresh} {
				for _, role := range []string{rule.RoleAuthor, rule.RoleReviewer, rule.RoleLawyer, rule.RolePublisher, "examiner", "admin"} {
					tried++
					got := v.May(who, func(roles ...string) bool { return slices.Contains(roles, role) }, step)
					duties := duty[step]
					if step == rule.StepRetire && state == rule.VersionDraft {
						duties = []string{rule.RoleAuthor}
					}
					want := error(nil)
					signs := step != rule.StepReturn && step != rule.StepRetire
					has := mine[who]
					switch {
					case !strings.Contains(" "+from[step]+" ", " "+string(state)+" "):
						want = rule.ErrStep
					case !slices.Contains(duties, role):
						want = rule.ErrDuty
					case signs && has != "" && has != step:
						want = rule.ErrSamePerson
					}
					if !errors.Is(got, want) {
						t.Errorf("%s of a %s version by person %d as %s: %v, want %v", step, state, who, role, got, want)
					}
				}
			}
		}
	}
	if tried != 5*6*5*6 {
		t.Errorf("%d tries", tried)
	}
}

// A version goes through four hands, is published only when its gate is passed, decides
// on its days, and what stands of it is what its events make.
func TestFourPeoplePublish(t *testing.T) {
	onBoth(t, func(t *testing.T, g registry) {
		ctx := context.Background()
		author, reviewer, lawyer, publisher := g.person(1, rule.RoleAuthor, rule.RoleReviewer, rule.RolePublisher), g.person(2, rule.RoleReviewer, rule.RoleLawyer), g.person(3, rule.RoleLawyer, rule.RolePublisher), g.person(4, rule.RolePublisher)
		p := read(t, small)
		cases := whole(t, p, smallCases)
		if _, err := g.Draft(ctx, g.person(9, "examiner"), "elder", small, cases, ""); !errors.Is(err, rule.ErrDuty) {
			t.Errorf("a stranger wrote: %v", err)
		}
		if _, err := g.Draft(ctx, author, "other", small, cases, ""); !errors.Is(err, rule.ErrNotReady) {
			t.Errorf("a text of another pack: %v", err)
		}
		n, err := g.Draft(ctx, author, "elder", small, smallCases, "")
		if err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if _, err := g.Draft(ctx, author, "elder", small, cases, ""); !errors.Is(err, rule.ErrStep) {
			t.Errorf("two drafts at a time: %v", err)
		}
		act := func(who account.Actor, seq int64, step rule.VersionStep, reason string) error {
			_, err := g.Act(ctx, who, "elder", 1, rule.VersionAct{Step: step, Seq: seq, Reason: reason})
			return err
		}
		// Cases are missing: no check is seen to miss a fact, and no boundary is there.
		trial, err := g.Act(ctx, reviewer, "elder", 1, rule.VersionAct{Step: rule.StepReview, Seq: 1})
		if !errors.Is(err, rule.ErrNotReady) || len(trial.Gaps) == 0 || len(trial.Edges) == 0 || trial.Ready() {
			t.Errorf("reviewed with %+v (%v)", trial, err)
		}
		if _, err := g.Act(ctx, author, "elder", 1, rule.VersionAct{Step: rule.StepWrite, Seq: 1, Body: small + "\n# unfinished: [", Cases: cases}); err != nil {
			t.Fatalf("a draft may be unfinished: %v", err)
		}
		if err := act(author, 2, rule.StepReview, ""); !errors.Is(err, rule.ErrSamePerson) {
			t.Errorf("the author reviewed: %v", err)
		}
		if _, err := g.Act(ctx, author, "elder", 1, rule.VersionAct{Step: rule.StepWrite, Seq: 1, Body: small, Cases: cases}); !errors.Is(err, rule.ErrMoved) {
			t.Errorf("wrote over what was not seen: %v", err)
		}
		if _, err := g.Act(ctx, author, "elder", 1, rule.VersionAct{Step: rule.StepWrite, Seq: 2, Body: small, Cases: cases}); err != nil {
			t.Fatal(err)
		}
		for i, x := range []struct {
			who    account.Actor
			seq    int64
			step   rule.VersionStep
			reason string
			want   error
		}{
			{reviewer, 3, rule.StepReview, "", nil}, {reviewer, 4, rule.StepClear, "", rule.ErrSamePerson}, {lawyer, 4, rule.StepReturn, "", rule.ErrReason}, {lawyer, 4, rule.StepReturn, "依据不明", nil},
			{reviewer, 5, rule.StepReview, "", nil}, {lawyer, 6, rule.StepClear, "", nil}, {lawyer, 7, rule.StepPublish, "", rule.ErrSamePerson}, {author, 7, rule.StepPublish, "", rule.ErrSamePerson}, {publisher, 6, rule.StepPublish, "", rule.ErrMoved},
		} {
			if err := act(x.who, x.seq, x.step, x.reason); !errors.Is(err, x.want) {
				t.Fatalf("%d: %s: %v, want %v", i, x.step, err, x.want)
			}
		}
		if q, _ := g.InForce("elder", rule.DateOf(time.Date(2026, 5, 1, 0, 0, 0, 0, zone), zone)); q != nil {
			t.Error("a version that is not published is in force")
		}
		if err := act(publisher, 7, rule.StepPublish, ""); err != nil {
			t.Fatal(err)
		}
		if err := g.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[string]bool{"2023-12-31": false, "2024-01-01": true, "2026-11-20": true, "2029-12-31": true, "2030-01-01": false} {
			at, _ := time.ParseInLocation(time.DateOnly, day, zone)
			if q, v := g.InForce("elder", rule.DateOf(at, zone)); (q != nil) != want || want && (v.Trial == nil || !v.Trial.Ready() || v.Trial.Mutants == 0) {
				t.Errorf("on %s: %v %+v", day, q != nil, v)
			}
		}
		// A newer version that begins later leaves the days before to the one there was.
		later := strings.Replace(small, "from: 2024-01-01, until: 2030-01-01", "from: 2027-01-01, until: 2030-01-01", 1)
		late := whole(t, read(t, later), strings.NewReplacer("2026-11-20", "2027-11-20", "1940-01-01", "1941-01-01", "2025-11-20", "2027-11-21", "1945-11-20", "1948-11-21", "1945-11-21", "1948-11-22").Replace(smallCases))
		if _, err := g.Draft(ctx, author, "elder", later, late, "明年标准"); err != nil {
			t.Fatal(err)
		}
		for i, x := range []struct {
			who  account.Actor
			step rule.VersionStep
		}{{reviewer, rule.StepReview}, {lawyer, rule.StepClear}, {publisher, rule.StepPublish}} {
			if trial, err := g.Act(ctx, x.who, "elder", 2, rule.VersionAct{Step: x.step, Seq: int64(i + 1)}); err != nil {
				t.Fatalf("%v %+v", err, trial)
			}
		}
		_ = g.Reload(ctx)
		for day, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 2} {
			at, _ := time.ParseInLocation(time.DateOnly, day, zone)
			if _, v := g.InForce("elder", rule.DateOf(at, zone)); v == nil || v.Version != want {
				t.Errorf("on %s: %+v", day, v)
			}
		}
		if _, err := g.Act(ctx, publisher, "elder", 1, rule.VersionAct{Step: rule.StepRetire, Seq: 8, Reason: "标准已变"}); err != nil {
			t.Fatal(err)
		}
		_ = g.Reload(ctx)
		yesterday := rule.DateOf(time.Now().AddDate(0, 0, -1), zone)
		if _, v := g.InForce("elder", rule.DateOf(time.Now(), zone)); v != nil {
			t.Errorf("a retired version is in force: %+v", v)
		}
		if _, v := g.InForce("elder", yesterday); v == nil {
			t.Error("it was in force yesterday")
		}
		if wrong, err := g.Verify(ctx); err != nil || len(wrong) > 0 {
			t.Errorf("%v %v", wrong, err)
		}
		if err := g.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE decision_version SET publisher = 1 WHERE version = 1`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if wrong, err := g.Verify(ctx); err != nil || !slices.Equal(wrong, []string{"elder/1"}) {
			t.Errorf("a changed record: %v %v", wrong, err)
		}
	})
}

// published is the small pack, in use in a way.
func (g registry) published(t *testing.T, m rule.Mode) *rule.Pack {
	t.Helper()
	p := read(t, small)
	files := fstest.MapFS{"elder.yaml": {Data: []byte(small)}, "elder.cases.yaml": {Data: []byte(whole(t, p, smallCases))}}
	for range 2 { // the second time nothing is new
		if err := g.Adopt(context.Background(), files, "shipped", func(string) rule.Mode { return m }); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Reload(context.Background()); err != nil {
		t.Fatal(err)
	}
	return p
}

// What comes with the house is published and says so; a newer text of it is a draft for
// four people, and one that does not pass its gate is refused.
func TestAdopt(t *testing.T) {
	onBoth(t, func(t *testing.T, g registry) {
		ctx := context.Background()
		g.published(t, rule.Mode{Mode: rule.ModeOn})
		all, err := g.Versions(ctx, g.store, "elder")
		if err != nil || len(all) != 1 || all[0].Origin != "shipped" || all[0].State != rule.VersionPublished {
			t.Fatalf("%+v %v", all, err)
		}
		newer := strings.Replace(small, "name: {zh: 高龄津贴}", "name: {zh: 高龄老人津贴}", 1)
		files := fstest.MapFS{"elder.yaml": {Data: []byte(newer)}, "elder.cases.yaml": {Data: []byte(whole(t, read(t, newer), smallCases))}}
		for range 2 {
			if err := g.Adopt(ctx, files, "shipped", func(string) rule.Mode { return rule.Mode{} }); err != nil {
				t.Fatal(err)
			}
		}
		if all, _ = g.Versions(ctx, g.store, "elder"); len(all) != 2 || all[0].State != rule.VersionDraft || all[0].Origin != "shipped" {
			t.Errorf("%+v", all)
		}
		files = fstest.MapFS{"elder-b.yaml": {Data: []byte(strings.Replace(small, "pack: elder", "pack: elder-b", 1))}, "elder-b.cases.yaml": {Data: []byte(smallCases)}}
		if err := g.Adopt(ctx, files, "shipped", func(string) rule.Mode { return rule.Mode{} }); !errors.Is(err, rule.ErrNotReady) {
			t.Errorf("a pack with gaps came in: %v", err)
		}
	})
}

// An application is of a share or not for good, and whoever is in a share is in every
// larger one; shares are what they say.
func TestCanaryShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(1, 1<<60).Draw(t, "application")
		small, large := rapid.IntRange(1, 100).Draw(t, "share"), 0
		large = rapid.IntRange(small, 100).Draw(t, "larger share")
		in := func(share int) bool {
			return rule.Takes(rule.Mode{Pack: "elder", Mode: rule.ModeCanary, Share: share}, fmt.Sprint(id)) == ""
		}
		if in(small) && !in(large) {
			t.Fatalf("%d is in %d %% and not in %d %%", id, small, large)
		}
		if in(small) != in(small) || !in(100) {
			t.Fatal("not for good")
		}
	})
	n := 0
	for i := range 10000 {
		if rule.Takes(rule.Mode{Pack: "elder", Mode: rule.ModeCanary, Share: 10}, fmt.Sprint(i)) == "" {
			n++
		}
	}
	if n < 900 || n > 1100 {
		t.Errorf("10 %% of 10,000 are %d", n)
	}
}

// Switching is the publisher's, with a reason, of what one saw, and not before the shadow
// has shown enough; the kill switch is anybody's who answers for the rule, and takes the
// decision that is under way with it.
func TestModes(t *testing.T) {
	onBoth(t, func(t *testing.T, g registry) {
		ctx := context.Background()
		p := g.published(t, rule.Mode{Mode: rule.ModeShadow})
		publisher, lawyer := g.person(4, rule.RolePublisher), g.person(3, rule.RoleLawyer)
		set := func(who account.Actor, seq int64, reason string, despite bool, m rule.Mode) error {
			m.Pack, m.Seq = "elder", seq
			err := g.SetMode(ctx, who, rule.ModeChange{Mode: m, Reason: reason, Despite: despite, Needs: rule.ShadowNeeds{Days: 30, Cases: 2}})
			if rerr := g.Reload(ctx); rerr != nil {
				t.Fatal(rerr)
			}
			return err
		}
		c, err := p.ReadCase(strings.NewReader(`{"at": "2026-11-20T10:00:00+08:00", "person.birth_date": "1940-01-01", "person.alive": true, "bank.match": true}`), time.Time{}, zone)
		if err != nil {
			t.Fatal(err)
		}
		d := p.Decide(c, zone)
		keep := func(mode string) (id store.ID, err error) {
			err = g.store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				id, err = g.Keep(ctx, tx, g.records, p, c, d, zone, rule.About{Mode: mode, Object: "application/1"})
				return err
			})
			return id, err
		}
		on := rule.Mode{Mode: rule.ModeCanary, Share: 50, Cap: 2}
		if err := set(lawyer, 1, "启用", true, on); !errors.Is(err, rule.ErrDuty) {
			t.Errorf("the lawyer switched it on: %v", err)
		}
		if err := set(publisher, 1, " ", true, on); !errors.Is(err, rule.ErrReason) {
			t.Errorf("without a reason: %v", err)
		}
		if err := set(publisher, 0, "启用", true, on); !errors.Is(err, rule.ErrMoved) {
			t.Errorf("not as it was seen: %v", err)
		}
		if err := set(publisher, 1, "启用", false, on); !errors.Is(err, rule.ErrShadow) {
			t.Errorf("before the shadow has shown anything: %v", err)
		}
		// Two cases in the shadow, of which people decide one otherwise.
		for i, human := range []rule.Outcome{rule.Approve, rule.Human} {
			id, err := keep(rule.ModeShadow)
			if err != nil {
				t.Fatal(err)
			}
			if err := g.store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				said, err := g.Compare(ctx, tx, id, human, 7)
				if want := []string{"", "decision.shadow_differs"}[i]; said != want {
					t.Errorf("event %q, want %q", said, want)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if s, err := g.ShadowOf(ctx, g.store, "elder", rule.ShadowNeeds{Days: 30, Cases: 2}); err != nil || s.Cases != 2 || s.Agree != 1 || s.False != 1 || s.Enough || s.Disagrees != 0.5 {
			t.Errorf("%+v %v", s, err)
		}
		if err := set(publisher, 1, "启用", true, on); err != nil {
			t.Fatal(err)
		}
		events, err := g.ModeEvents(ctx, g.store, "elder")
		if err != nil || len(events) != 2 || events[0].Reason != "启用" || !strings.Contains(string(events[0].Found), `"false_approvals":1`) {
			t.Errorf("%+v %v", events, err)
		}
		for i := range 3 { // the cap of the day is two
			_, err := keep(rule.ModeCanary)
			if want := i == 2; errors.Is(err, rule.ErrClosed) != want || err != nil && !want {
				t.Errorf("approval %d: %v", i+1, err)
			}
		}
		if _, why, err := g.Takes(ctx, "elder", inShare(50)); err != nil || why != rule.NotOverCap {
			t.Errorf("over the cap: %q %v", why, err)
		}
		if err := set(publisher, 2, "放宽", true, rule.Mode{Mode: rule.ModeOn}); err != nil {
			t.Fatal(err)
		}
		if _, why, _ := g.Takes(ctx, "elder", "1"); why != "" {
			t.Errorf("it is on and does not decide: %s", why)
		}
		// Switched off by another process: this one does not know yet, and approves nothing.
		other := &rule.Registry{Store: g.store, Zone: g.Zone}
		if err := other.SetMode(ctx, lawyer, rule.ModeChange{Mode: rule.Mode{Pack: "elder", Mode: rule.ModeOn, Stopped: true, Seq: 3}, Reason: "发现错误批准"}); err != nil {
			t.Fatal(err)
		}
		before, _ := g.Stamp(ctx)
		if _, err := keep(rule.ModeOn); !errors.Is(err, rule.ErrClosed) {
			t.Errorf("approved after the kill switch: %v", err)
		}
		if err := g.Reload(ctx); err != nil {
			t.Fatal(err)
		}
		if _, why, _ := g.Takes(ctx, "elder", "1"); why != rule.NotStopped {
			t.Errorf("after the kill switch: %q", why)
		}
		if err := set(lawyer, 4, "恢复", true, rule.Mode{Mode: rule.ModeOn}); !errors.Is(err, rule.ErrDuty) {
			t.Errorf("the lawyer started it again: %v", err)
		}
		if err := set(publisher, 4, "已修正", true, rule.Mode{Mode: rule.ModeOn}); err != nil {
			t.Fatal(err)
		}
		if after, _ := g.Stamp(ctx); after == before {
			t.Error("the stamp does not change")
		}
		if wrong, err := g.Verify(ctx); err != nil || len(wrong) > 0 {
			t.Errorf("%v %v", wrong, err)
		}
	})
}

func inShare(share int) string {
	for i := 0; ; i++ {
		if rule.Takes(rule.Mode{Pack: "elder", Mode: rule.ModeCanary, Share: share}, fmt.Sprint(i)) == "" {
			return fmt.Sprint(i)
		}
	}
}

// pretend is a source that says what it is told.
type pretend struct {
	name string
	say  func(ctx context.Context, q rule.FactQuery) ([]rule.Said, error)
}

func (p pretend) Name() string { return p.name }
func (p pretend) Fetch(ctx context.Context, q rule.FactQuery) ([]rule.Said, error) {
	return p.say(ctx, q)
}

// Sources are asked at once, each for its facts alone, by mended keys; one that is slow,
// fails or panics leaves its facts absent and does not keep the others; one that keeps
// failing is left alone for a while and then tried by one.
func TestGather(t *testing.T) {
	p := read(t, strings.ReplaceAll(small, "sources: [人口库]", "sources: [人口库], key: id_no"))
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, zone)
	asked := 0
	sources := rule.NewSources(func() time.Time { return now },
		pretend{"人口库", func(_ context.Context, q rule.FactQuery) ([]rule.Said, error) {
			if q.Keys["id_no"] != "11010519491231002X" || q.Keys["name"] != "买买提·艾山" || len(q.Facts) != 1 {
				t.Errorf("asked by %+v", q)
			}
			return []rule.Said{{Name: "person.birth_date", Value: "1940-01-01", AsOf: now, Receipt: "R-1"}, {Name: "person.secret", Value: "not asked for", AsOf: now}}, nil
		}},
		pretend{"殡葬", func(ctx context.Context, _ rule.FactQuery) ([]rule.Said, error) {
			time.Sleep(50 * time.Millisecond)
			return []rule.Said{{Name: "person.alive", Value: true, AsOf: now}}, nil
		}},
		pretend{"医保", func(ctx context.Context, _ rule.FactQuery) ([]rule.Said, error) {
			select {} // it minds nothing
		}},
		pretend{"银行", func(context.Context, rule.FactQuery) ([]rule.Said, error) {
			asked++
			if asked == 2 {
				panic("it breaks")
			}
			return nil, errors.New("down")
		}})
	sources.Time = 150 * time.Millisecond
	keys := map[string]string{"id_no": "110105491231002", "name": " 买买提．艾山 "}
	gather := func() rule.Gathered {
		return sources.Gather(context.Background(), p, keys, map[string]any{"match": true}, now)
	}
	began := time.Now()
	got := gather()
	if took := time.Since(began); took > 700*time.Millisecond {
		t.Errorf("one after another: %v", took)
	}
	if names := slices.Sorted(maps.Keys(got.Facts)); fmt.Sprint(names) != "[bank.match person.alive person.birth_date]" || fmt.Sprint(got.Silent) != "[医保 银行]" {
		t.Fatalf("%v, silent %v", names, got.Silent)
	}
	if f := got.Facts["bank.match"]; len(f) != 1 || f[0].Source != rule.Applicant {
		t.Errorf("the applicant's word: %+v", f)
	}
	if f := got.Facts["person.birth_date"][0]; f.Source != "人口库" || f.Receipt != "R-1" {
		t.Errorf("%+v", f)
	}
	if d := p.Decide(rule.Case{At: now, Facts: got.Facts}, zone); d.Outcome != rule.Human {
		t.Errorf("with a source that is silent: %s", d.Outcome)
	}
	gather()
	gather()
	if asked != 5 {
		t.Errorf("the bank was asked %d times", asked)
	}
	standing := sources.Standing()
	if i := slices.IndexFunc(standing, func(s rule.SourceStanding) bool { return s.Name == "银行" }); !standing[i].Open {
		t.Errorf("%+v", standing)
	}
	now = now.Add(31 * time.Second)
	gather()
	if asked != 6 {
		t.Errorf("after a while one tries, not %d", asked-5)
	}
	keys["id_no"] = "110105491231003X"
	if got := gather(); got.Facts["person.birth_date"] != nil {
		t.Error("a number that is none was asked for")
	}
}
