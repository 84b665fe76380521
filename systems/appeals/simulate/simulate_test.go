package simulate_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"cel.dev/cel-go/cel"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"shanzhi/districts"
	"shanzhi/internal/testkit"
	"shanzhi/systems/appeals/simulate"
)

var shanghai = time.FixedZone("CST", 8*3600)

func date(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, shanghai) }

func baoan(t testing.TB) fs.FS {
	t.Helper()
	fsys, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

func generator(t testing.TB, o simulate.Options) *simulate.Generator {
	t.Helper()
	g, err := simulate.New(baoan(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// each calls f with every appeal of the stream.
func each(t testing.TB, o simulate.Options, f func(simulate.Appeal)) {
	t.Helper()
	g := generator(t, o)
	for a, ok := g.Next(); ok; a, ok = g.Next() {
		f(a)
	}
}

func digest(t *testing.T, o simulate.Options) uint64 {
	h := fnv.New64a()
	each(t, o, func(a simulate.Appeal) {
		redo := simulate.Redo{}
		if a.Course.Redo != nil {
			redo = *a.Course.Redo
		}
		a.Course.Redo = nil
		fmt.Fprintf(h, "%+v %+v\n", a, redo)
	})
	return h.Sum64()
}

func TestSameSeedSameStream(t *testing.T) {
	o := simulate.Options{Seed: 7, From: date(2025, 6, 1), To: date(2025, 6, 6)}
	one := digest(t, o)
	if two := digest(t, o); one != two {
		t.Errorf("the same options gave %x and %x", one, two)
	}
	o.Seed = 8
	if other := digest(t, o); other == one {
		t.Error("another seed gave the same stream")
	}
}

func TestStreamIsOrderedNumberedAndMarked(t *testing.T) {
	from, to := date(2025, 3, 3), date(2025, 3, 10)
	var last simulate.Appeal
	each(t, simulate.Options{Seed: 1, From: from, To: to}, func(a simulate.Appeal) {
		if a.No != last.No+1 || a.Time.Before(last.Time) {
			t.Fatalf("No %d at %v follows No %d at %v", a.No, a.Time, last.No, last.Time)
		}
		if a.Time.Before(from) || !a.Time.Before(to) {
			t.Fatalf("No %d at %v is outside the stream", a.No, a.Time)
		}
		if !a.Synthetic || a.Note != simulate.Note || strings.Contains(a.Text, "合成") {
			t.Fatalf("No %d is not marked as it should be", a.No)
		}
		if a.Title == "" || a.Text == "" || a.Kind == "" || a.Channel == "" {
			t.Fatalf("No %d is incomplete: %+v", a.No, a)
		}
		last = a
	})
	if last.No == 0 {
		t.Fatal("no appeals")
	}
}

func TestRhythm(t *testing.T) {
	// Eight weeks with a made-up holiday of seven days.
	from := date(2025, 3, 3)
	holiday := func(y int, m time.Month, d int) bool {
		day := time.Date(y, m, d, 0, 0, 0, 0, shanghai)
		return !day.Before(date(2025, 4, 14)) && day.Before(date(2025, 4, 21))
	}
	o := simulate.Options{Seed: 3, From: from, To: from.AddDate(0, 0, 56), PerDay: 2000,
		Scale: simulate.Scale{Storms: -1},
		Workday: func(y int, m time.Month, d int) bool {
			wd := time.Date(y, m, d, 0, 0, 0, 0, shanghai).Weekday()
			return wd != time.Saturday && wd != time.Sunday && !holiday(y, m, d)
		}}
	byDay, byHour, enquiries := map[string]float64{}, [24]float64{}, [24]float64{}
	perWeekday, all := [7]float64{}, 0.0
	each(t, o, func(a simulate.Appeal) {
		all++
		byDay[a.Time.Format(time.DateOnly)]++
		byHour[a.Time.Hour()]++
		if a.Kind == "consult" {
			enquiries[a.Time.Hour()]++
		}
		if !holiday(a.Time.Date()) {
			perWeekday[a.Time.Weekday()]++
		}
	})
	if mean := all / 56; mean < 1850 || mean > 2250 {
		t.Errorf("%.0f a day, asked for 2,000", mean)
	}
	if r := perWeekday[time.Monday] / perWeekday[time.Sunday]; r < 1.15 {
		t.Errorf("Monday is %.2f of Sunday", r)
	}
	if r := byDay["2025-04-16"] / byDay["2025-04-09"]; r > 0.85 {
		t.Errorf("the holiday's Wednesday is %.2f of the one before", r)
	}
	if byHour[10] < 5*byHour[3] || byHour[20] < byHour[6] {
		t.Errorf("hours: %v", byHour)
	}
	if share := enquiries[10] / byHour[10] / (enquiries[23] / byHour[23]); share < 2 {
		t.Errorf("enquiries are %.2f times as frequent at ten as at night", share)
	}
}

// The real holidays make the real Spring Festival quiet.
func TestSpringFestivalIsQuiet(t *testing.T) {
	raw, err := os.ReadFile(testkit.Shared(t, "holidays", "2025.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Days []struct {
			Date     string
			IsOffDay bool
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	off := map[string]bool{}
	for _, d := range file.Days {
		off[d.Date] = d.IsOffDay
	}
	days := map[string]int{}
	each(t, simulate.Options{Seed: 5, From: date(2025, 1, 6), To: date(2025, 2, 10), Workday: func(y int, m time.Month, d int) bool {
		day := time.Date(y, m, d, 0, 0, 0, 0, shanghai)
		if o, ok := off[day.Format(time.DateOnly)]; ok {
			return !o
		}
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}}, func(a simulate.Appeal) { days[a.Time.Format(time.DateOnly)]++ })
	if festival, usual := days["2025-01-30"], days["2025-01-09"]; festival*2 > usual {
		t.Errorf("%d on the second day of the year, %d on an ordinary Thursday", festival, usual)
	}
}

type rule struct {
	row       map[string]string
	priority  int
	condition cel.Program
}

func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := baoan(t).Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		r := map[string]string{}
		for i, h := range lines[0] {
			r[h] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

// The true unit is the one that the rules name when they are read and applied
// by other code than the generator's.
func TestTrueUnitFollowsTheRules(t *testing.T) {
	env, err := cel.NewEnv(
		cel.Variable("place_type", cel.StringType), cel.Variable("street", cel.StringType), cel.Variable("community", cel.StringType),
		cel.Variable("hour", cel.IntType), cel.Variable("weekday", cel.IntType), cel.Variable("kind", cel.StringType),
		cel.Variable("keywords", cel.ListType(cel.StringType)))
	if err != nil {
		t.Fatal(err)
	}
	programs := map[string]cel.Program{}
	var rules []rule
	for _, row := range table(t, "appeals/duty_rules.csv") {
		r := rule{row: row}
		r.priority, _ = strconv.Atoi(row["priority"])
		if c := row["condition"]; c != "" {
			if programs[c] == nil {
				ast, issues := env.Compile(c)
				if issues.Err() != nil {
					t.Fatal(issues.Err())
				}
				if programs[c], err = env.Program(ast); err != nil {
					t.Fatal(err)
				}
			}
			r.condition = programs[c]
		}
		rules = append(rules, r)
	}
	sort.SliceStable(rules, func(i, j int) bool {
		return rules[i].priority < rules[j].priority ||
			rules[i].priority == rules[j].priority && len(strings.TrimSuffix(rules[i].row["item"], "*")) > len(strings.TrimSuffix(rules[j].row["item"], "*"))
	})
	office := map[string]string{}
	units := map[string]bool{}
	for _, u := range table(t, "organisation.csv") {
		units[u["code"]] = true
		if u["kind"] == "street" || u["kind"] == "community" {
			office[u["place"]] = u["code"]
		}
	}
	conditional := 0
	check := func(a simulate.Appeal, item, unit string) {
		for _, r := range rules {
			if prefix, wild := strings.CutSuffix(r.row["item"], "*"); item != prefix && !(wild && strings.HasPrefix(item, prefix)) {
				continue
			}
			if r.condition != nil {
				out, _, err := r.condition.Eval(map[string]any{"place_type": a.Truth.PlaceType, "street": a.Truth.Street, "community": a.Truth.Community,
					"hour": a.Time.Hour(), "weekday": (int(a.Time.Weekday())+6)%7 + 1, "kind": a.Kind, "keywords": a.Truth.Keywords})
				if err != nil {
					t.Fatal(err)
				}
				if out.Value() != true {
					continue
				}
				conditional++
			}
			want := r.row["lead"]
			switch want {
			case "street":
				want = office[a.Truth.Street]
			case "community":
				want = office[a.Truth.Community]
			case "rotation:cables": // always the first of it
				want = table(t, "appeals/rotations.csv")[0]["unit"]
			}
			if want == "" {
				want = r.row["fallback"]
			}
			if unit != want {
				t.Fatalf("No %d, item %s at %s %s %s, %v, kind %s, keywords %v: unit %s, rules say %s (%s)", a.No, item,
					a.Truth.Street, a.Truth.Community, a.Truth.PlaceType, a.Time, a.Kind, a.Truth.Keywords, unit, want, r.row["condition"])
			}
			return
		}
		t.Fatalf("no rule for %s", item)
	}
	worded := 0
	each(t, simulate.Options{Seed: 11, From: date(2025, 8, 1), To: date(2025, 8, 9)}, func(a simulate.Appeal) {
		for _, w := range a.Truth.Keywords {
			worded++
			if !strings.Contains(a.Text, w) && !strings.Contains(a.Title, w) {
				t.Fatalf("keyword %q is not in %q", w, a.Text)
			}
		}
		if len(a.Truth.Also) == 0 {
			check(a, a.Truth.Item, a.Truth.Unit)
		} else if !units[a.Truth.Also[0].Unit] {
			t.Fatalf("no unit for the second demand: %+v", a.Truth)
		}
		for _, co := range a.Truth.CoUnits {
			if !units[co] {
				t.Fatalf("co-unit %q", co)
			}
		}
	})
	if conditional < 500 || worded == 0 {
		t.Errorf("only %d appeals met a condition, %d a word", conditional, worded)
	}
}

func TestTruePlaceIsARealOne(t *testing.T) {
	raw, err := fs.ReadFile(baoan(t), "communities.geojson")
	if err != nil {
		t.Fatal(err)
	}
	var fc struct {
		Features []struct {
			Properties struct{ Code, Parent string }
			Geometry   struct{ Coordinates orb.MultiPolygon }
		}
	}
	if err := json.Unmarshal(raw, &fc); err != nil {
		t.Fatal(err)
	}
	area, parent := map[string]orb.MultiPolygon{}, map[string]string{}
	for _, f := range fc.Features {
		area[f.Properties.Code], parent[f.Properties.Code] = f.Geometry.Coordinates, f.Properties.Parent
	}
	kinds := map[string]string{}
	for _, p := range table(t, "gazetteer.csv") {
		kinds[p["name"]+p["community"]] = p["kind"]
	}
	placed, wrong, pinned, addressed, neither := 0, 0, 0, 0, 0
	each(t, simulate.Options{Seed: 2, From: date(2025, 5, 1), To: date(2025, 5, 8)}, func(a simulate.Appeal) {
		tr := a.Truth
		if tr.Place == "" {
			if tr.Street != "" || tr.Community != "" || a.Location.Pinned || a.Location.Address != "" {
				t.Fatalf("no place, and yet %+v %+v", tr, a.Location)
			}
			return
		}
		placed++
		if kinds[tr.Place+tr.Community] != tr.PlaceType || parent[tr.Community] != tr.Street {
			t.Fatalf("%+v", tr)
		}
		if !planar.MultiPolygonContains(area[tr.Community], orb.Point{tr.Lon, tr.Lat}) {
			t.Fatalf("%v, %v is outside %s", tr.Lon, tr.Lat, tr.Community)
		}
		if tr.WrongPlace {
			wrong++
		}
		if a.Location.Pinned {
			pinned++
		}
		if a.Location.Address != "" {
			addressed++
		}
		if !a.Location.Pinned && a.Location.Address == "" {
			neither++
		}
	})
	for name, n := range map[string]int{"wrong places": wrong, "pins": pinned, "addresses": addressed, "neither": neither} {
		if share := float64(n) / float64(placed); share < 0.02 || share > 0.7 {
			t.Errorf("%s: %.3f", name, share)
		}
	}
}

func TestStormsBreakOverLowPlaces(t *testing.T) {
	var rivers []orb.Point
	for _, p := range table(t, "gazetteer.csv") {
		if p["kind"] == "river" {
			lon, _ := strconv.ParseFloat(p["lon"], 64)
			lat, _ := strconv.ParseFloat(p["lat"], 64)
			rivers = append(rivers, orb.Point{lon, lat})
		}
	}
	count := func(seed uint64, storms float64) (storm, flood, dry int, days map[string]int) {
		days = map[string]int{}
		each(t, simulate.Options{Seed: seed, From: date(2025, 6, 1), To: date(2025, 8, 1), Scale: simulate.Scale{Storms: storms}}, func(a simulate.Appeal) {
			if !strings.HasPrefix(a.Truth.Topic, "storm-") || a.Truth.RepeatOf > 0 {
				return
			}
			storm++
			days[a.Truth.Topic]++
			if strings.HasPrefix(a.Truth.Item, "15") {
				flood++
			}
			near := math.Inf(1)
			for _, r := range rivers {
				near = min(near, math.Hypot((r[0]-a.Truth.Lon)*103, (r[1]-a.Truth.Lat)*111))
			}
			if near > 1.3 { // km: a place within 0.8 km and a point near the place
				dry++
			}
		})
		return
	}
	storm, flood, dry, days := count(4, 1)
	most := 0
	for _, n := range days {
		most = max(most, n)
	}
	if len(days) < 2 || most < 200 {
		t.Fatalf("storms: %v", days)
	}
	if dry > 0 || flood*4 < storm {
		t.Errorf("of %d appeals of storms %d are of water, %d far from it", storm, flood, dry)
	}
	if none, _, _, _ := count(4, -1); none != 0 {
		t.Errorf("%d appeals of storms, though there are none", none)
	}
	// How many storms there are, and how great, is chance: several summers.
	once, twice := 0, 0
	for seed := range uint64(3) {
		a, _, _, _ := count(seed+1, 1)
		b, _, _, _ := count(seed+1, 2)
		once, twice = once+a, twice+b
	}
	if twice < once*5/4 {
		t.Errorf("storms doubled from %d to %d appeals", once, twice)
	}
}

func TestMassEventsAreOneTopic(t *testing.T) {
	kinds, people := map[string]bool{}, map[string]map[int64]bool{}
	each(t, simulate.Options{Seed: 6, From: date(2025, 4, 1), To: date(2025, 9, 1), PerDay: 400}, func(a simulate.Appeal) {
		if a.Truth.Topic == "" {
			return
		}
		name, _, _ := strings.Cut(a.Truth.Topic, "-")
		kinds[name] = true
		if people[a.Truth.Topic] == nil {
			people[a.Truth.Topic] = map[int64]bool{}
		}
		people[a.Truth.Topic][a.Appellant.ID] = true
	})
	for _, want := range []string{"storm", "power", "water", "site", "shutdown", "admission"} {
		if !kinds[want] {
			t.Errorf("no %s from April to August: %v", want, kinds)
		}
	}
	most := 0
	for _, who := range people {
		most = max(most, len(who))
	}
	if most < 50 {
		t.Errorf("no event brought more than %d people", most)
	}
}

var (
	mobile   = regexp.MustCompile(`1[3-9]\d[- ]?\d{4}[- ]?\d{4}`)
	resident = regexp.MustCompile(`\d{17}[\dX]`)
	plate    = regexp.MustCompile(`粤[A-Z][A-Z0-9]{5,6}`)
)

func TestPersonalDataIsEvidentlySynthetic(t *testing.T) {
	texts, with := 0, 0
	each(t, simulate.Options{Seed: 9, From: date(2025, 10, 9), To: date(2025, 10, 30)}, func(a simulate.Appeal) {
		texts++
		all := a.Title + a.Text + a.Location.Address + a.Course.Reply.Text
		found := false
		for _, id := range resident.FindAllString(all, -1) {
			found = true
			if !strings.HasPrefix(id, "990000") || !valid(id) {
				t.Fatalf("identity number %q", id)
			}
			all = strings.ReplaceAll(all, id, "")
		}
		for _, phone := range mobile.FindAllString(all, -1) {
			found = true
			if !strings.HasPrefix(phone, "160") {
				t.Fatalf("phone %q in %q", phone, all)
			}
		}
		for _, p := range plate.FindAllString(all, -1) {
			found = true
			if !strings.Contains(p, "I") {
				t.Fatalf("plate %q", p)
			}
		}
		if found && !a.Truth.PersonalData {
			t.Fatalf("the truth does not own up to the personal data in %q", a.Text)
		}
		if a.Truth.PersonalData {
			with++
		}
		if p := a.Appellant.Phone; a.Secrecy == simulate.Anonymous && a.Appellant != (simulate.Appellant{}) || p != "" && (len(p) != 11 || p[:4] != "1600") {
			t.Fatalf("appellant %+v, %s", a.Appellant, a.Secrecy)
		}
	})
	if share := float64(with) / float64(texts); share < 0.03 || share > 0.1 {
		t.Errorf("%.3f of the texts contain personal data", share)
	}
}

// valid checks the check digit of GB 11643.
func valid(id string) bool {
	sum := 0
	for i, w := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(id[i]-'0') * w
	}
	return "10X98765432"[sum%11] == id[17]
}

func TestTextsDiffer(t *testing.T) {
	texts := map[string]bool{}
	n, odd := 0, map[string]int{}
	each(t, simulate.Options{Seed: 12, From: date(2025, 9, 1), To: date(2025, 10, 16)}, func(a simulate.Appeal) {
		n++
		texts[a.Text] = true
		for name, is := range map[string]bool{"typos": a.Truth.Typos > 0, "dialect": a.Truth.Dialect, "sarcasm": a.Truth.Sarcasm, "demands": len(a.Truth.Also) > 0} {
			if is {
				odd[name]++
			}
		}
	})
	if distinct := float64(len(texts)) / float64(n); distinct < 0.97 {
		t.Errorf("%.3f of %d texts are distinct", distinct, n)
	}
	for _, name := range []string{"typos", "dialect", "sarcasm", "demands"} {
		if share := float64(odd[name]) / float64(n); share < 0.01 || share > 0.15 {
			t.Errorf("%s: %.3f", name, share)
		}
	}
}

func TestCitizensPersist(t *testing.T) {
	byID, byPhone, calls := map[int64]simulate.Appellant{}, map[string]int64{}, map[int64]int{}
	frequent := map[int64]bool{}
	each(t, simulate.Options{Seed: 13, From: date(2025, 1, 1), To: date(2025, 4, 1)}, func(a simulate.Appeal) {
		p := a.Appellant
		if p.ID == 0 {
			return
		}
		p.IDNumber = "" // not always given
		if known, ok := byID[p.ID]; ok && known != p {
			t.Fatalf("%+v was %+v", p, known)
		}
		if id, ok := byPhone[p.Phone]; ok && id != p.ID {
			t.Fatalf("%s is the phone of %d and %d", p.Phone, id, p.ID)
		}
		byID[p.ID], byPhone[p.Phone] = p, p.ID
		calls[p.ID]++
		frequent[p.ID] = a.Truth.Frequent
	})
	most, mostID, once := 0, int64(0), 0
	for id, n := range calls {
		if n > most {
			most, mostID = n, id
		}
		if n == 1 {
			once++
		}
	}
	if most < 8 || !frequent[mostID] || once*2 < len(calls) {
		t.Errorf("most calls %d, of a frequent caller: %v; %d of %d called once", most, frequent[mostID], once, len(calls))
	}
}

func TestRepeatsReferToWhatTheyRepeat(t *testing.T) {
	seen := map[int64]simulate.Appeal{}
	repeats, others, recurring := 0, 0, 0
	each(t, simulate.Options{Seed: 14, From: date(2025, 3, 1), To: date(2025, 3, 25)}, func(a simulate.Appeal) {
		seen[a.No] = a
		first, ok := seen[a.Truth.Matter]
		if !ok {
			t.Fatalf("No %d is about matter %d, which is not known", a.No, a.Truth.Matter)
		}
		if a.Truth.Topic == "" && (first.Truth.Item != a.Truth.Item || first.Truth.Place != a.Truth.Place) {
			t.Fatalf("No %d: %+v is not the matter of %+v", a.No, a.Truth, first.Truth)
		}
		if a.Truth.Matter != a.No && a.Truth.RepeatOf == 0 {
			others++
		}
		if a.Truth.RepeatOf > 0 {
			repeats++
			before := seen[a.Truth.RepeatOf]
			if before.Appellant.ID > 0 && a.Appellant.ID > 0 && before.Appellant.ID != a.Appellant.ID {
				t.Fatalf("No %d repeats what another person said", a.No)
			}
		}
		if a.Truth.Recurs {
			recurring++
			if a.Time.Sub(seen[a.Truth.RepeatOf].Time) < 4*24*time.Hour {
				t.Fatalf("No %d recurs at once", a.No)
			}
		}
	})
	n := float64(len(seen))
	if float64(others)/n < 0.03 || float64(repeats)/n < 0.01 || recurring == 0 {
		t.Errorf("of %v: %d by others, %d repeats, %d recurrences", n, others, repeats, recurring)
	}
}

func TestCourse(t *testing.T) {
	type tally struct{ n, sum float64 }
	stars := map[simulate.Quality]*tally{simulate.Solved: {}, simulate.Explained: {}, simulate.Formal: {}}
	var handled, late, returned, wrong, redone, refused, direct, reached, visited float64
	formal := map[string]int{}
	each(t, simulate.Options{Seed: 15, From: date(2025, 5, 6), To: date(2025, 7, 1)}, func(a simulate.Appeal) {
		c := a.Course
		if c.Refused != "" {
			refused++
			if !c.Replied.IsZero() {
				t.Fatalf("refused and answered: %+v", c)
			}
			return
		}
		if c.Reply.Text == "" || c.Replied.Before(a.Time) || c.Closed.Before(c.Replied) {
			t.Fatalf("No %d: %+v", a.No, c)
		}
		if c.Direct {
			direct++
			return
		}
		handled++
		for i, order := range []bool{c.Dispatched.Before(a.Time), c.Assigned.Before(c.Dispatched), c.Signed.Before(c.Assigned),
			c.Replied.Before(c.Signed), !c.Contacted.IsZero() && (c.Contacted.Before(c.Signed) || c.Contacted.After(c.Replied)),
			c.Late != c.Replied.After(c.Due), c.FirstUnit != a.Truth.Unit && len(c.Returns) == 0,
			c.Redo != nil && (c.Redo.Ordered.Before(c.Replied) || c.Redo.Replied.Before(c.Redo.Ordered)),
			c.Visit.Reached && (c.Visit.Attempts == 0 || c.Visit.Result < 1 || c.Visit.Result > 5),
			!c.Visit.Reached && c.Visit.Result != 0} {
			if order {
				t.Fatalf("No %d, check %d: %v %+v", a.No, i, a.Time, c)
			}
		}
		if c.Late {
			late++
		}
		if len(c.Returns) > 0 {
			returned++
		}
		if c.FirstUnit != a.Truth.Unit {
			wrong++
		}
		if c.Redo != nil {
			redone++
		}
		if c.Visit.Attempts > 0 {
			visited++
			if c.Visit.Reached {
				reached++
			}
		}
		if c.Reply.Quality == simulate.Formal {
			formal[c.Reply.Text]++
		}
		s := stars[c.Reply.Quality]
		if c.FirstRating > 0 {
			s.n++
			s.sum += float64(c.FirstRating)
		}
	})
	mean := func(q simulate.Quality) float64 { return stars[q].sum / stars[q].n }
	if !(mean(simulate.Solved) > mean(simulate.Explained)+0.4 && mean(simulate.Explained) > mean(simulate.Formal)+0.4) {
		t.Errorf("stars: solved %.2f, explained %.2f, formal %.2f", mean(simulate.Solved), mean(simulate.Explained), mean(simulate.Formal))
	}
	for name, share := range map[string][3]float64{
		"late": {late / handled, 0.01, 0.1}, "returned": {returned / handled, 0.03, 0.15}, "wrongly dispatched": {wrong / handled, 0.02, 0.1},
		"redone": {redone / handled, 0.02, 0.12}, "refused": {refused / handled, 0.005, 0.04}, "direct": {direct / handled, 0.03, 0.2}, "reached": {reached / visited, 0.7, 0.95},
	} {
		if share[0] < share[1] || share[0] > share[2] {
			t.Errorf("%s: %.3f", name, share[0])
		}
	}
	most := 0
	for _, n := range formal {
		most = max(most, n)
	}
	if most < 50 {
		t.Errorf("empty replies are not copied: the most frequent came %d times", most)
	}
}

func TestBacklogScalesLateness(t *testing.T) {
	late := func(scale float64) (n int) {
		each(t, simulate.Options{Seed: 16, From: date(2025, 3, 3), To: date(2025, 3, 17), Scale: simulate.Scale{Backlog: scale}}, func(a simulate.Appeal) {
			if a.Course.Late {
				n++
			}
		})
		return
	}
	none, usual, much := late(-1), late(1), late(3)
	if none != 0 || much < usual*2 {
		t.Errorf("late: %d without backlog, %d, %d with three times as much", none, usual, much)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	from, to := date(2025, 1, 1), date(2025, 1, 2)
	for name, o := range map[string]simulate.Options{
		"no time":     {From: from, To: from},
		"backwards":   {From: to, To: from},
		"negative":    {From: from, To: to, PerDay: -1},
		"not a rate":  {From: from, To: to, PerDay: math.NaN()},
		"endless day": {From: from, To: to, PerDay: math.Inf(1)},
	} {
		if _, err := simulate.New(baoan(t), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// hamlet is a pack of another kind: one street, one community, one duty item,
// nothing of Bao'an.
func hamlet() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"pack.yaml":                     file("id: hamlet\ntimezone: Europe/Paris\n"),
		"places.csv":                    file("code,name,name_en,level,parent,lon,lat\nh,小城,H,district,,1,1\ns,南街道,S,street,h,1,1\nc,河边社区,C,community,s,1,1\n"),
		"organisation.csv":              file("code,name,name_en,short,parent,kind,place,aliases,valid_from,valid_to\nu1,市政处,U,市政处,,department,,,2020-01-01,\nu2,街道办,U,街道办,,street,s,,2020-01-01,\n"),
		"communities.geojson":           file(`{"features":[{"properties":{"code":"c"},"geometry":{"coordinates":[[[[0.9,0.9],[1.1,0.9],[1.1,1.1],[0.9,1.1],[0.9,0.9]]]]}}]}`),
		"gazetteer.csv":                 file("name,kind,community,lon,lat,aliases\n河边路,road,c,1,1,\n"),
		"appeals/duty_items.csv":        file("code,l1,l2,l3,definition,includes,excludes,keywords,urgency,handle_class,kinds,evidence,visit,legal_basis,examples,objects,problems,frequency\n110101,市政,道路,路面破损,,,,,normal,general,complaint,photo,y,条例,,路面,破损;有个坑,1000\n"),
		"appeals/duty_rules.csv":        file("item,condition,lead,co_units,fallback,priority,valid_from,valid_to,note\n11*,hour < 12,street,,u1,100,2020-01-01,,\n11*,,u1,street,u2,1000,2020-01-01,,\n"),
		"appeals/channels.csv":          file("code,name,name_en,group,description,external_id,share\nphone,电话,P,phone,,n,1\n"),
		"appeals/return_reasons.csv":    file("code,name,name_en,description,evidence\nother,其他,O,,\n"),
		"appeals/refusals.csv":          file("code,name,name_en,basis,alternative,text\nno,不受理,N,法,无,无\n"),
		"appeals/emergency_words.csv":   file("word,category,number,urgency\n着火,fire,119,critical\n"),
		"appeals/limits.yaml":           file(hamletLimits),
		"calendars/office.yaml":         file("name: office\n"),
		"appeals/kinds.csv":             file("code,name\ncomplaint,投诉\n"),
		"streets.geojson":               file(`{"features":[]}`),
		"a file that nobody asked for":  file("x"),
		"appeals/another such file.csv": file("x"),
	}
}

const hamletLimits = `default: d
presets:
  d:
    calendars: {critical: always, urgent: always, livelihood: always, normal: always}
    dispatch: {critical: 1h, urgent: 1h, livelihood: 1h, normal: 1h}
    sign: {critical: 1h, urgent: 1h, livelihood: 1h, normal: 1d}
    contact: {critical: 1h, urgent: 1h, livelihood: 1h, normal: 1d}
    handle:
      critical: {consult: 1d, general: 1d, complex: 1d}
      urgent: {consult: 1d, general: 1d, complex: 1d}
      livelihood: {consult: 1d, general: 1d, complex: 1d}
      normal: {consult: 7d, general: 7d, complex: 15d}
    extension: {max_length: 7d}
    return: {within: {critical: 1h, urgent: 1h, livelihood: 1h, normal: 1d}}
`

func TestAnotherPackWorks(t *testing.T) {
	g, err := simulate.New(hamlet(), simulate.Options{From: date(2025, 3, 1), To: date(2025, 4, 20), PerDay: 20})
	if err != nil {
		t.Fatal(err)
	}
	units, n := map[string]bool{}, 0
	for a, ok := g.Next(); ok; a, ok = g.Next() {
		n++
		units[a.Truth.Unit] = true
		if want := map[bool]string{true: "u2", false: "u1"}[a.Time.Hour() < 12]; a.Truth.Unit != want {
			t.Fatalf("%v: %s", a.Time, a.Truth.Unit)
		}
		if name := a.Time.Location().String(); name != "Europe/Paris" {
			t.Fatalf("time in %s", name)
		}
	}
	if n < 600 || len(units) != 2 {
		t.Errorf("%d appeals to %v", n, units)
	}
}

func TestBrokenPacksAreRefused(t *testing.T) {
	for name, broken := range map[string]struct{ file, from, to string }{
		"no such file":        {"gazetteer.csv", "", ""},
		"no default rule":     {"appeals/duty_rules.csv", "11*,,u1", "12*,,u1"},
		"unknown unit":        {"appeals/duty_rules.csv", "11*,,u1", "11*,,u9"},
		"bad condition":       {"appeals/duty_rules.csv", "hour < 12", "hour <"},
		"not a condition":     {"appeals/duty_rules.csv", "hour < 12", "hour + 12"},
		"bad priority":        {"appeals/duty_rules.csv", "u1,100,", "u1,soon,"},
		"unknown community":   {"gazetteer.csv", "road,c,", "road,d,"},
		"not a coordinate":    {"gazetteer.csv", "c,1,1", "c,1,east"},
		"unknown street":      {"places.csv", "community,s,", "community,x,"},
		"negative frequency":  {"appeals/duty_items.csv", "有个坑,1000", "有个坑,-1"},
		"not a share":         {"appeals/channels.csv", "n,1", "n,NaN"},
		"nothing to say":      {"appeals/duty_items.csv", "破损;有个坑", ""},
		"unknown zone":        {"pack.yaml", "Europe/Paris", "Europe/Atlantis"},
		"no limit":            {"appeals/limits.yaml", "normal: {consult: 7d, general: 7d, complex: 15d}", "normal: {}"},
		"bad limit":           {"appeals/limits.yaml", "complex: 15d", "complex: soon"},
		"unknown preset":      {"appeals/limits.yaml", "default: d", "default: e"},
		"torn table":          {"places.csv", "s,南街道,S,street,h,1,1", "s,南街道"},
		"community not drawn": {"communities.geojson", `"code":"c"`, `"code":"x"`},
		"not GeoJSON":         {"communities.geojson", `{"features"`, `features`},
	} {
		fsys := hamlet()
		if broken.from == "" {
			delete(fsys, broken.file)
		} else {
			text := string(fsys[broken.file].Data)
			if !strings.Contains(text, broken.from) {
				t.Fatalf("%s: %q is not in %s", name, broken.from, broken.file)
			}
			fsys[broken.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, broken.from, broken.to, 1))}
		}
		if _, err := simulate.New(fsys, simulate.Options{From: date(2025, 3, 1), To: date(2025, 3, 2)}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func ExampleGenerator() {
	pack, _ := fs.Sub(districts.FS, "baoan")
	g, err := simulate.New(pack, simulate.Options{Seed: 1, From: date(2025, 6, 1), To: date(2025, 6, 2), PerDay: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, _ := g.Next()
	fmt.Println(a.No, a.Synthetic, a.Time.Format(time.DateOnly))
	// Output: 1 true 2025-06-01
}

func BenchmarkNext(b *testing.B) {
	g := generator(b, simulate.Options{Seed: 1, From: date(2020, 1, 1), To: date(2030, 1, 1), PerDay: 5000})
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := g.Next(); !ok {
			b.Fatal("the stream ended")
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appeals/s")
}
