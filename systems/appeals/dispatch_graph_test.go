package appeals

import (
	"cmp"
	"context"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shanzhi/core/learn"
	"shanzhi/districts"
	"shanzhi/internal/testkit"
)

// kin is the graph as a prior of dispatch: how often each unit had the appeals
// that share a node with one.
type kin map[string]map[string]float64

func (k kin) see(nodes []string, unit string) {
	for _, n := range nodes {
		if k[n] == nil {
			k[n] = map[string]float64{}
		}
		k[n][unit]++
	}
}

// weighed is a unit with how sure one is of it.
type weighed struct {
	unit string
	p    float64
}

// mix adds the units of a case's neighbours to a ranking: each node speaks with a
// weight that grows with how many appeals it had, up to most of the whole.
func (k kin) mix(ranked []weighed, nodes []string, most, doubt float64) []weighed {
	prior, all := map[string]float64{}, 0.0
	for _, n := range nodes {
		total := 0.0
		for _, c := range k[n] {
			total += c
		}
		if total == 0 {
			continue
		}
		w := total / (total + doubt)
		for unit, c := range k[n] {
			prior[unit] += w * c / total
		}
		all += w
	}
	if all == 0 {
		return ranked
	}
	weight := most * all / float64(len(nodes))
	out := map[string]float64{}
	for _, r := range ranked {
		out[r.unit] += (1 - weight) * r.p
	}
	for unit, p := range prior {
		out[unit] += weight * p / all
	}
	var list []weighed
	for _, u := range sortedKeysOf(out) {
		list = append(list, weighed{u, out[u]})
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(b.p, a.p) })
	return list
}

type hits struct{ n, top1, top3 int }

func (h *hits) add(ranked []weighed, unit string) {
	h.n++
	at := slices.IndexFunc(ranked, func(w weighed) bool { return w.unit == unit })
	if at == 0 {
		h.top1++
	}
	if at >= 0 && at < 3 {
		h.top3++
	}
}

func (h *hits) report(t *testing.T, what string) {
	t.Logf("%-34s top-1 %.4f top-3 %.4f of %d", what, float64(h.top1)/float64(h.n), float64(h.top3)/float64(h.n), h.n)
}

// kinCase is one answered appeal: what the ranker says, what it is tied to, and
// who had it.
type kinCase struct {
	ranked []weighed
	nodes  []string
	unit   string
}

// measureKin tells how the ranker does alone and with the neighbours, whose weight
// is chosen on the first half of the cases and told on the second; both learn on
// as the days go by.
func measureKin(t *testing.T, what string, k kin, cases []kinCase) {
	type setting struct{ most, doubt float64 }
	settings := []setting{{0, 1}}
	for _, m := range []float64{0.1, 0.2, 0.35, 0.5, 0.7} {
		for _, d := range []float64{2, 8, 30} {
			settings = append(settings, setting{m, d})
		}
	}
	half := len(cases) / 2
	first, second := make([]hits, len(settings)), make([]hits, len(settings))
	told := 0
	for i, c := range cases {
		for j, s := range settings {
			ranked := c.ranked
			if s.most > 0 {
				ranked = k.mix(c.ranked, c.nodes, s.most, s.doubt)
			}
			if i < half {
				first[j].add(ranked, c.unit)
			} else {
				second[j].add(ranked, c.unit)
			}
		}
		for _, n := range c.nodes {
			if k[n] != nil {
				told++
				break
			}
		}
		k.see(c.nodes, c.unit)
	}
	best := 0
	for j := range settings {
		if first[j].top1 > first[best].top1 {
			best = j
		}
	}
	t.Logf("%s: %d of %d cases have a neighbour; chosen weight %.2f, doubt %.0f", what, told, len(cases), settings[best].most, settings[best].doubt)
	second[0].report(t, what+", ranker alone")
	second[best].report(t, what+", with the graph")
}

// The graph as a prior on 6,000 real appeals of another district, in the order of
// their days: items, places and units, and no text. The last tenth of what is
// learned from and all of the test are lived through.
func TestGraphPriorOnPingshan(t *testing.T) {
	path := filepath.Join(testkit.Root(), "..", "shared", "data", "appeals", "pingshan_2018_first6000.csv")
	f, err := os.Open(path)
	if err != nil {
		t.Skip("the real appeals are not here: " + path)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	columns := []string{"SUB_TYPE_NAME", "COMMUNITY_NAME", "STREET_NAME", "MAIN_TYPE_NAME", "EVENT_TYPE_NAME", "EVENT_PROPERTY_NAME", "EVENT_SRC_NAME"}
	var all []learn.Example
	for _, r := range rows[1:] {
		day, err := time.Parse(time.DateOnly, r[at["CREATE_TIME"]][:10])
		if err != nil {
			t.Fatal(err)
		}
		e := learn.Example{Label: r[at["DISPOSE_UNIT_NAME"]], Time: day}
		for _, c := range columns {
			e.Features = append(e.Features, r[at[c]])
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b learn.Example) int { return a.Time.Compare(b.Time) })
	cut := len(all) * 7 / 10
	m, err := learn.Train(context.Background(), all[:cut], learn.Options{Schema: learn.Schema{Features: columns}, Seed: 1, Now: all[cut].Time})
	if err != nil {
		t.Fatal(err)
	}
	nodes := func(e learn.Example) []string {
		return []string{"item " + e.Features[0], "community " + e.Features[1], "item and community " + e.Features[0] + "/" + e.Features[1]}
	}
	k := kin{}
	for _, e := range all[:cut] {
		k.see(nodes(e), e.Label)
	}
	var cases []kinCase
	for _, e := range all[cut:] {
		p, err := m.Predict(e, 10)
		if err != nil {
			t.Fatal(err)
		}
		c := kinCase{nodes: nodes(e), unit: e.Label}
		for _, x := range p.Candidates {
			c.ranked = append(c.ranked, weighed{x.Label, x.P})
		}
		cases = append(cases, c)
		if err := m.Observe(e); err != nil {
			t.Fatal(err)
		}
	}
	measureKin(t, "Pingshan", k, cases)
}

// The graph as a prior on simulated appeals, whose right unit is known: ranked as
// dispatch ranks them, with the enterprises and places that their texts name. It
// takes a minute, and is run by name with SHANZHI_MEASURE set.
func TestGraphPriorOnSimulated(t *testing.T) {
	if os.Getenv("SHANZHI_MEASURE") == "" {
		t.Skip("set SHANZHI_MEASURE to measure")
	}
	ctx := context.Background()
	h := newHouse(t)
	files, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	to := h.Store.Now().In(h.Zone())
	if _, err := h.Simulate(ctx, files, Simulation{Seed: 5, From: to.AddDate(0, 0, -16), To: to, Until: to, PerDay: 300, Limit: 4500}); err != nil {
		t.Fatal(err)
	}
	all, err := h.pastCases(ctx, 20000)
	if err != nil {
		t.Fatal(err)
	}
	d, tree := h.district.Load(), h.Dir.Tree()
	cut := len(all) * 7 / 10
	nodes := func(c *dispatched, item string) (out []string) {
		for _, m := range d.mentions(d.readElements(c.title, c.title+"。"+c.text, c.at)) {
			out = append(out, m.kind+" "+m.key, m.kind+" "+m.key+"/"+item)
		}
		return append(out, "item "+item)
	}
	try := func(what string, office *ranker) {
		k := kin{}
		for i := range all[:cut] {
			k.see(nodes(&all[i], all[i].item), all[i].unit)
		}
		var cases []kinCase
		for i := range all[cut:] {
			c := &all[cut+i]
			ranked, _, _, err := d.weigh(office, c.dispatchCase, tree)
			if err != nil {
				t.Fatal(err)
			}
			calibrate(ranked, office.figures.Sharpness, office.figures.Doubt)
			kc := kinCase{unit: c.unit}
			top := ""
			for i, r := range ranked {
				if i == 0 {
					top = r.Item
				}
				kc.ranked = append(kc.ranked, weighed{r.Unit, r.P})
			}
			kc.nodes = nodes(c, top)
			cases = append(cases, kc)
		}
		measureKin(t, what, k, cases)
	}
	try("simulated, words and list alone", &ranker{})
	items, units := examples(all[:cut])
	o := learn.Options{Seed: 1, Workers: 2, MaxWeights: 1 << 21, Now: h.Store.Now(), Schema: itemSchema}
	item, err := learn.Train(ctx, items, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Schema = unitSchema
	unit, err := learn.Train(ctx, units, o)
	if err != nil {
		t.Fatal(err)
	}
	office := &ranker{}
	office.take(item, unit)
	if office.figures, err = d.measure(ctx, office, all[cut:cut+len(all)/10], tree); err != nil {
		t.Fatal(err)
	}
	try("simulated, list and ranker", office)
	office.figures.RuleAgreement = 0 // what practice alone tells, as in a district without a good list
	try("simulated, ranker without the list", office)
}
