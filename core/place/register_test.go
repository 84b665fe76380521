package place

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/event"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func onBoth(t *testing.T, test func(t *testing.T, r *Register)) {
	for name, dsn := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(t.TempDir(), "p.db") }, "postgres": func() string { return testkit.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(context.Background(), dsn(), store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			if err := db.Migrate(context.Background(), audit.Room(), event.Room(), vault.Room(), account.Room(), Room()); err != nil {
				t.Fatal(err)
			}
			test(t, &Register{Store: db})
		})
	}
}

func (r *Register) do(fn func(ctx context.Context, tx *store.Tx) error) error {
	return r.Store.Write(context.Background(), fn)
}

func on(day int) Order {
	return Order{Day: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day).Format(time.DateOnly), Reason: "test"}
}

func refusal(err error) string {
	var r *Refused
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// A community is cut anew: its buildings go to two new ones and their codes change
// with those of every room; each old code still leads to its room.
func TestACommunityCutAnewResolvesOldCodes(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Register) {
		var community Object
		var parts []Object
		var rooms []string
		move := map[store.ID]int{}
		err := r.do(func(ctx context.Context, tx *store.Tx) (err error) {
			if community, err = r.Create(ctx, tx, PlaceDraft{Kind: ObjectCommunity, Name: "劳动社区", Codes: map[Scheme]string{House: "440306018001", Statistics: "440306018001"}}, on(0)); err != nil {
				return err
			}
			for b := 1; b <= 4; b++ {
				building, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Parent: community.ID, Name: fmt.Sprintf("%d栋", b), Codes: map[Scheme]string{House: fmt.Sprintf("44030601800101%05d", b)}}, on(0))
				if err != nil {
					return err
				}
				move[building.ID] = b % 2
				for f := 1; f <= 2; f++ {
					floor, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectFloor, Parent: building.ID, Name: fmt.Sprintf("%d层", f), Detail: PlaceDetail{Floor: f}}, on(0))
					if err != nil {
						return err
					}
					for u := 1; u <= 2; u++ {
						code := fmt.Sprintf("44030601800101%05d%06d", b, f*100+u)
						if _, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectUnit, Parent: floor.ID, Name: fmt.Sprintf("%d0%d", f, u), Codes: map[Scheme]string{House: code}}, on(0)); err != nil {
							return err
						}
						rooms = append(rooms, code)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = r.do(func(ctx context.Context, tx *store.Tx) (err error) {
			parts, err = r.Split(ctx, tx, community.ID, 1, []PlaceDraft{
				{Name: "劳动社区", Codes: map[Scheme]string{House: "440306018001"}}, {Name: "新劳社区", Codes: map[Scheme]string{House: "440306018099"}},
			}, move, on(400))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		moved := 0
		for i, code := range rooms {
			res, err := r.Resolve(ctx, r.Store, Code{House, code}, on(10).Day)
			if err != nil || len(res.Holdings) != 1 || len(res.Holdings[0].Now) != 1 {
				t.Fatalf("%s: %+v %v", code, res, err)
			}
			h := res.Holdings[0]
			if h.Then.Codes[House] != code || h.Then.Name != h.Now[0].Name {
				t.Errorf("%s was %+v", code, h.Then)
			}
			want := code
			if b := i/4 + 1; b%2 == 1 {
				want = "440306018099" + code[12:]
				moved++
			}
			if got := h.Now[0].Codes[House]; got != want {
				t.Errorf("%s is now %s, not %s", code, got, want)
			}
			// And the new code, asked of the day before, was nobody's.
			if res, _ := r.Resolve(ctx, r.Store, Code{House, want}, on(399).Day); want != code && len(res.Holdings) != 0 {
				t.Errorf("%s was %+v before it was given", want, res)
			}
		}
		if moved != 8 {
			t.Errorf("%d rooms moved", moved)
		}
		res, err := r.Resolve(ctx, r.Store, Code{House, "440306018001"}, "")
		if err != nil || len(res.Holdings) != 2 || res.Holdings[0].Then.ID != parts[0].ID || len(res.Holdings[1].Now) != 2 {
			t.Errorf("%+v %v", res, err)
		}
		if before, err := r.Forebears(ctx, r.Store, parts[1].ID); err != nil || len(before) != 1 || before[0].ID != community.ID {
			t.Errorf("%+v %v", before, err)
		}
		if problems, err := r.Problems(ctx, r.Store); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}

// What the law of the register forbids.
func TestTheRegisterRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Register) {
		var b, other Object
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(r.do(func(ctx context.Context, tx *store.Tx) (err error) {
			if b, err = r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "1栋", Codes: map[Scheme]string{House: "4403060180010100001", "amap": "B0FF"}}, on(0)); err != nil {
				return err
			}
			other, err = r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "2栋", Codes: map[Scheme]string{House: "4403060180010100002"}}, on(0))
			return err
		}))
		state := func(s ObjectState) *ObjectState { return &s }
		for what, tc := range map[string]struct {
			code string
			do   func(ctx context.Context, tx *store.Tx) error
		}{
			"a code twice": {"taken", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "3栋", Codes: map[Scheme]string{House: "4403060180010100001"}}, on(5))
				return err
			}},
			"a room's code for a building": {"bad_code", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "3栋", Codes: map[Scheme]string{House: "4403060180010100003000101"}}, on(5))
				return err
			}},
			"a unit in nothing": {"no_parent", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectUnit, Name: "101"}, on(5))
				return err
			}},
			"a building in a building": {"wrong_parent", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Parent: b.ID, Name: "101"}, on(5))
				return err
			}},
			"a day that is none": {"not_date", func(ctx context.Context, tx *store.Tx) error {
				return r.Retire(ctx, tx, b.ID, 1, Order{Day: "2020-02-30"})
			}},
			"its first day": {"too_early", func(ctx context.Context, tx *store.Tx) error { return r.Retire(ctx, tx, b.ID, 1, on(0)) }},
			"no name": {"required", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "  "}, on(5))
				return err
			}},
			"a step that there is not": {"refused_state", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Change(ctx, tx, b.ID, 1, PlaceEdit{State: state(Planned)}, on(5))
				return err
			}},
			"one becomes one": {"too_few", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Split(ctx, tx, b.ID, 1, []PlaceDraft{{Name: "a"}}, nil, on(5))
				return err
			}},
			"with itself": {"twice", func(ctx context.Context, tx *store.Tx) error {
				_, err := r.Merge(ctx, tx, []store.ID{b.ID, b.ID}, PlaceDraft{Name: "a"}, 0, on(5))
				return err
			}},
		} {
			if err := r.do(tc.do); refusal(err) != tc.code {
				t.Errorf("%s: %v, not %s", what, err, tc.code)
			}
		}
		if err := r.do(func(ctx context.Context, tx *store.Tx) error { return r.Retire(ctx, tx, b.ID, 7, on(5)) }); !errors.Is(err, ErrChanged) {
			t.Errorf("a change of what was not seen: %v", err)
		}
		must(r.do(func(ctx context.Context, tx *store.Tx) error { return r.Retire(ctx, tx, b.ID, 1, on(9)) }))
		if err := r.do(func(ctx context.Context, tx *store.Tx) error { return r.Retire(ctx, tx, b.ID, 2, on(10)) }); refusal(err) != "retired" {
			t.Errorf("what ended ended again: %v", err)
		}
		// The number is free again, and both days of it resolve.
		must(r.do(func(ctx context.Context, tx *store.Tx) error {
			_, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "新1栋", Codes: map[Scheme]string{House: "4403060180010100001"}}, on(9))
			return err
		}))
		for day, name := range map[int]string{0: "1栋", 8: "1栋", 9: "新1栋", 100: "新1栋"} {
			res, err := r.Resolve(context.Background(), r.Store, Code{House, "4403060180010100001"}, on(day).Day)
			if err != nil || len(res.Holdings) != 1 || res.Holdings[0].Then.Name != name {
				t.Errorf("on day %d: %+v %v", day, res, err)
			}
		}
		if pairs, err := r.Crosswalk(context.Background(), r.Store, House, "amap", on(3).Day); err != nil || len(pairs) != 1 || pairs[0] != [2]string{"4403060180010100001", "B0FF"} {
			t.Errorf("%v %v", pairs, err)
		}
		_ = other
	})
}

// Every step of a life, and no other.
func TestEveryStepOfALife(t *testing.T) {
	all := []ObjectState{Planned, Rising, InUse, Vacant, Closed, Retired}
	reached := map[ObjectState]bool{Planned: true}
	for from, to := range stateSteps {
		if !slices.Contains(all, from) || slices.Contains(to, Retired) || slices.Contains(to, from) {
			t.Errorf("%s leads to %v", from, to)
		}
		for _, s := range to {
			reached[s] = true
		}
	}
	if len(stateSteps[Retired]) > 0 || len(reached) != 5 {
		t.Errorf("%v", reached)
	}
}

// Random lives: whatever is made, divided, joined, renumbered and ended, each code
// of each day past is what it was then, leads to all that has become of it, and the
// law holds throughout.
func TestCodesStayResolvable(t *testing.T) {
	onBoth(t, func(t *testing.T, r *Register) {
		ctx := context.Background()
		lives := 0
		rapid.Check(t, func(t *rapid.T) {
			if lives++; r.Store.Dialect() == store.Postgres && lives > 12 || lives > 40 {
				return
			}
			// The model: who had which code when, and who came of whom.
			type had struct {
				code   string
				object store.ID
				day    int
			}
			prefix := fmt.Sprintf("440306018%03d%02d", lives, 1+r.Store.Dialect())
			next := 0
			fresh := func() string { next++; return fmt.Sprintf("%s%05d", prefix, next) }
			var log []had
			code := map[store.ID]string{}
			heirs := map[store.ID][]store.ID{}
			var alive []store.ID
			day := 0
			remember := func() {
				for _, id := range alive {
					log = append(log, had{code[id], id, day})
				}
			}
			drop := func(id store.ID) { alive = slices.DeleteFunc(alive, func(x store.ID) bool { return x == id }) }
			seq := func(ctx context.Context, tx *store.Tx, id store.ID) int {
				o, err := r.Object(ctx, tx, id)
				if err != nil {
					t.Fatal(err)
				}
				return o.Seq
			}
			steps := rapid.IntRange(3, 14).Draw(t, "steps")
			for range steps {
				remember()
				day += rapid.IntRange(1, 3).Draw(t, "days")
				what := rapid.SampledFrom([]string{"create", "split", "merge", "absorb", "renumber", "retire", "reuse"}).Draw(t, "what")
				if len(alive) < 2 {
					what = "create"
				}
				pick := func() store.ID { return rapid.SampledFrom(alive).Draw(t, "which") }
				err := r.do(func(ctx context.Context, tx *store.Tx) error {
					switch what {
					case "create", "reuse":
						c := fresh()
						if what == "reuse" && len(log) > 0 {
							// A number that nobody has today may be given again.
							if old := rapid.SampledFrom(log).Draw(t, "old").code; !slices.ContainsFunc(alive, func(id store.ID) bool { return code[id] == old }) {
								c = old
							}
						}
						o, err := r.Create(ctx, tx, PlaceDraft{Kind: ObjectBuilding, Name: "b", Codes: map[Scheme]string{House: c}}, on(day))
						if err != nil {
							return err
						}
						code[o.ID], alive = c, append(alive, o.ID)
					case "split":
						id := pick()
						// One part keeps the number, as is usual.
						c := []string{code[id], fresh()}
						out, err := r.Split(ctx, tx, id, seq(ctx, tx, id), []PlaceDraft{{Name: "x", Codes: map[Scheme]string{House: c[0]}}, {Name: "y", Codes: map[Scheme]string{House: c[1]}}}, nil, on(day))
						if err != nil {
							return err
						}
						drop(id)
						for i, o := range out {
							code[o.ID], alive = c[i], append(alive, o.ID)
							heirs[id] = append(heirs[id], o.ID)
						}
					case "merge", "absorb":
						a := pick()
						b := pick()
						if a == b {
							return nil
						}
						stays, c := store.ID(0), fresh()
						if what == "absorb" {
							stays = a
						}
						o, err := r.Merge(ctx, tx, []store.ID{a, b}, PlaceDraft{Name: "m", Codes: map[Scheme]string{House: c}}, stays, on(day))
						if err != nil {
							return err
						}
						drop(b)
						heirs[b] = []store.ID{o.ID}
						if stays == 0 {
							drop(a)
							heirs[a] = []store.ID{o.ID}
							code[o.ID], alive = c, append(alive, o.ID)
						}
					case "renumber":
						id, c := pick(), fresh()
						if _, err := r.Change(ctx, tx, id, seq(ctx, tx, id), PlaceEdit{Codes: map[Scheme]string{House: c}}, on(day)); err != nil {
							return err
						}
						code[id] = c
					case "retire":
						id := pick()
						if err := r.Retire(ctx, tx, id, seq(ctx, tx, id), on(day)); err != nil {
							return err
						}
						drop(id)
					}
					return nil
				})
				if err != nil {
					t.Fatalf("%s on day %d: %v", what, day, err)
				}
			}
			remember()
			var become func(id store.ID) map[store.ID]bool
			become = func(id store.ID) map[store.ID]bool {
				if slices.Contains(alive, id) {
					return map[store.ID]bool{id: true}
				}
				out := map[store.ID]bool{}
				for _, h := range heirs[id] {
					for x := range become(h) {
						out[x] = true
					}
				}
				return out
			}
			for _, h := range log {
				res, err := r.Resolve(ctx, r.Store, Code{House, h.code}, on(h.day).Day)
				if err != nil || len(res.Holdings) != 1 {
					t.Fatalf("%s on day %d is %+v: %v", h.code, h.day, res, err)
				}
				then, want := res.Holdings[0].Then, become(h.object)
				if then.ID != h.object || then.Codes[House] != h.code {
					t.Fatalf("%s on day %d was %v with %v, not %v", h.code, h.day, then.ID, then.Codes, h.object)
				}
				if len(res.Holdings[0].Now) != len(want) {
					t.Fatalf("%s of day %d has become %+v, not %v", h.code, h.day, res.Holdings[0].Now, want)
				}
				for _, o := range res.Holdings[0].Now {
					if !want[o.ID] || o.Codes[House] != code[o.ID] {
						t.Fatalf("%s of day %d has become %+v", h.code, h.day, o)
					}
				}
			}
		})
		if problems, err := r.Problems(ctx, r.Store); err != nil || len(problems) > 0 {
			t.Errorf("%v %v", problems, err)
		}
	})
}
