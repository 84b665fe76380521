package learn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var begin = time.Date(2024, 3, 1, 8, 0, 0, 0, time.UTC)

var townItems = []struct {
	dept  string // or "", where the street answers
	words [3]string
}{
	{"水务局", [3]string{"污水管道破裂", "下水道堵塞", "井盖冒水"}},
	{"交警大队", [3]string{"货车违停", "红绿灯故障", "车辆逆行"}},
	{"", [3]string{"垃圾无人清运", "占道经营摆摊", "楼道堆放杂物"}},
	{"住建局", [3]string{"工地夜间施工", "物业收费纠纷", "电梯停运"}},
	{"", [3]string{"路面积水坑洼", "绿化带被破坏", "广告牌破损"}},
}

// town makes cases of a town of which the law is known: each of its items is
// answered by a department, or by the street where it lies; one case in slips
// goes to a unit at random. Texts name the item in one of three ways among words
// that say nothing.
func town(n int, slips float64, seed uint64) []Example {
	rng := rand.New(rand.NewPCG(seed, 7))
	streets := []string{"东街道", "西街道", "南街道"}
	filler := []string{"您好，", "麻烦处理一下。", "在小区门口，", "已经三天了，", "附近居民反映，", "请尽快，", "谢谢。"}
	out := make([]Example, n)
	for i := range out {
		it, street := townItems[rng.IntN(len(townItems))], streets[rng.IntN(len(streets))]
		unit := it.dept
		if unit == "" {
			unit = street + "办"
		}
		if rng.Float64() < slips {
			unit = []string{"水务局", "交警大队", "住建局", "东街道办", "西街道办", "南街道办"}[rng.IntN(6)]
		}
		body := filler[rng.IntN(len(filler))] + it.words[rng.IntN(3)] + filler[rng.IntN(len(filler))]
		out[i] = Example{Text: []string{body}, Features: []string{street, []string{"电话", "微信", "网格"}[rng.IntN(3)]}, Label: unit, Time: begin.Add(time.Duration(i) * time.Hour)}
	}
	return out
}

var townSchema = Schema{Text: []string{"诉求"}, Features: []string{"街道", "渠道"}}

func train(t *testing.T, examples []Example, o Options) *Model {
	t.Helper()
	if o.Now.IsZero() {
		o.Now = begin
	}
	m, err := Train(context.Background(), examples, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func predict(t *testing.T, m *Model, e Example) Prediction {
	t.Helper()
	p, err := m.Predict(e, maxCandidates)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLearnsTheLawOfATown(t *testing.T) {
	all := town(900, 0.05, 1)
	m := train(t, all[:600], Options{Schema: townSchema})
	r, err := Evaluate(context.Background(), m, all[600:])
	if err != nil {
		t.Fatal(err)
	}
	// One in twenty is a slip that nothing tells; five in six of these are wrong.
	if r.Top1 < 0.92 || r.Top3 < 0.95 || r.Rows != 300 || r.Accuracy != r.Top1 {
		t.Errorf("%+v", r)
	}
	// The probabilities are honest: the mean confidence is the share of right answers.
	if r.ECE > 0.06 {
		t.Errorf("calibration error %.3f", r.ECE)
	}
	last := r.PrecisionAtCoverage[len(r.PrecisionAtCoverage)-1]
	if last.Coverage != 1 || math.Abs(last.Precision-r.Top1) > 1e-9 {
		t.Errorf("at full coverage the precision must be that of all rows: %+v", last)
	}
	// The same words go to the street in which they were said.
	for _, street := range []string{"东街道", "西街道", "南街道"} {
		p := predict(t, m, Example{Text: []string{"占道经营摆摊"}, Features: []string{street, "电话"}})
		if p.Candidates[0].Label != street+"办" {
			t.Errorf("%s: %+v", street, p.Candidates[:3])
		}
		why := fmt.Sprint(p.Why)
		if !strings.Contains(why, street) {
			t.Errorf("the street decided and is no reason: %s", why)
		}
	}
	p := predict(t, m, Example{Text: []string{"您好，下水道堵塞"}, Features: []string{"东街道", "电话"}})
	if !slices.ContainsFunc(p.Why, func(r Reason) bool { return r.Of == 0 && strings.Contains("下水道堵塞", r.Text) }) {
		t.Errorf("words decided and are no reason: %+v", p.Why)
	}
}

// The probabilities of a case add up, and its candidates stand in order.
func TestProbabilities(t *testing.T) {
	m := train(t, town(400, 0.1, 2), Options{Schema: townSchema})
	rapid.Check(t, func(t *rapid.T) {
		e := Example{Text: []string{rapid.StringOf(rapid.RuneFrom([]rune("水道堵塞垃圾货车 abc１９\n\x00�"))).Draw(t, "text")},
			Features: []string{rapid.SampledFrom([]string{"东街道", "", "北街道", "\xff"}).Draw(t, "street"), rapid.String().Draw(t, "channel")}}
		p, err := m.Predict(e, maxCandidates)
		if err != nil {
			t.Fatal(err)
		}
		sum := p.POther
		for i, c := range p.Candidates {
			sum += c.P
			if !(c.P >= 0) || i > 0 && c.P > p.Candidates[i-1].P {
				t.Fatalf("%+v", p.Candidates)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("probabilities add up to %v", sum)
		}
	})
}

func TestSameSeedSameModel(t *testing.T) {
	all := town(300, 0.1, 3)
	a, b := train(t, all, Options{Schema: townSchema, Seed: 4, Workers: 1}), train(t, all, Options{Schema: townSchema, Seed: 4, Workers: 3})
	var wa, wb writer
	a.write(&wa)
	b.write(&wb)
	if !bytes.Equal(wa.b, wb.b) || !reflect.DeepEqual(a.Meta, b.Meta) {
		t.Error("the same examples and seed gave two models")
	}
	c := train(t, all, Options{Schema: townSchema, Seed: 5})
	var wc writer
	c.write(&wc)
	if bytes.Equal(wa.b, wc.b) {
		t.Error("another seed changed nothing")
	}
}

// What was saved answers as what was loaded, to the bit, observations included.
func TestSaveLoad(t *testing.T) {
	all := town(400, 0.1, 6)
	m := train(t, all[:300], Options{Schema: townSchema})
	if err := m.Observe(Example{Text: []string{"天上掉石头"}, Features: []string{"东街道", "电话"}, Label: "天文台", Time: begin.AddDate(1, 0, 0)}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "town.model")
	hash, err := m.Save(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.Meta.Hash != hash || got.Meta.Rows != 300 || !reflect.DeepEqual(got.Meta.Schema, townSchema) || !slices.Equal(got.Labels(), m.Labels()) {
		t.Errorf("%+v, hash %s", got.Meta, hash)
	}
	for _, e := range all[300:] {
		if a, b := predict(t, m, e), predict(t, got, e); !reflect.DeepEqual(a, b) {
			t.Fatalf("saved %+v\nloaded %+v", a, b)
		}
	}
	if _, err := Compare(context.Background(), got, m, all[300:301]); !errors.Is(err, ErrExamples) {
		t.Errorf("the loaded model forgot up to when it had learned: %v", err)
	}
}

func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good")
	if _, err := train(t, town(100, 0, 7), Options{Schema: townSchema}).Save(good); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	load := func(b []byte) error {
		path := filepath.Join(dir, "bad")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path)
		return err
	}
	for _, n := range []int{0, 1, 8, 20, len(raw) / 2, len(raw) - 1} {
		if err := load(raw[:n]); !errors.Is(err, ErrFile) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	for _, at := range []int{0, 8, 12, 40, len(raw) / 3, len(raw) - 1} {
		b := bytes.Clone(raw)
		b[at] ^= 0x10
		if err := load(b); !errors.Is(err, ErrFile) {
			t.Errorf("byte %d changed: %v", at, err)
		}
	}
	if err := load(append(bytes.Clone(raw), 0)); !errors.Is(err, ErrFile) {
		t.Errorf("a byte too many: %v", err)
	}
	if _, err := Load(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := train(t, town(100, 0, 7), Options{Schema: townSchema}).Save(filepath.Join(dir, "no", "folder")); err == nil {
		t.Error("saved into a folder that is not there")
	}
}

func TestBadExamples(t *testing.T) {
	e := func(label string, text ...string) Example { return Example{Text: text, Label: label} }
	one := Schema{Text: []string{"t"}}
	for name, c := range map[string]struct {
		s    Schema
		rows []Example
		want string
	}{
		"none":             {one, nil, "0 rows"},
		"one row":          {one, []Example{e("a", "x")}, "1 rows"},
		"one label":        {one, []Example{e("a", "x"), e("a", "y")}, "same label"},
		"no label":         {one, []Example{e("a", "x"), e("", "y")}, "row 2 has no label"},
		"missing column":   {one, []Example{e("a", "x"), e("b")}, "row 2"},
		"no column":        {Schema{}, []Example{{Label: "a"}, {Label: "b"}}, "no column"},
		"a value too many": {one, []Example{e("a", "x", "y"), e("b", "x")}, "row 1"},
	} {
		_, err := Train(context.Background(), c.rows, Options{Schema: c.s})
		if !errors.Is(err, ErrExamples) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := train(t, []Example{e("a", "x"), e("b", "y")}, Options{Schema: one}) // the least that can be learned from
	if p := predict(t, m, e("", "x")); len(p.Candidates) != 2 {
		t.Errorf("%+v", p)
	}
	if _, err := m.Predict(Example{}, 3); !errors.Is(err, ErrExamples) {
		t.Errorf("a case of another schema: %v", err)
	}
	if err := m.Observe(e("", "x")); !errors.Is(err, ErrExamples) {
		t.Errorf("observed without a label: %v", err)
	}
	if _, err := CrossValidate(context.Background(), town(3, 0, 1), 5, Options{Schema: townSchema}); !errors.Is(err, ErrExamples) {
		t.Errorf("five parts of three rows: %v", err)
	}
	if _, err := Replay(context.Background(), []Example{e("a", "x"), e("b", "y")}, []Example{e("a", "x")}, Options{Schema: one}); !errors.Is(err, ErrExamples) {
		t.Errorf("a replay without times: %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(cancelled, town(200, 0, 1), Options{Schema: townSchema}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A reorganisation: what the roads office did, a new office does. Without
// learning on, the model keeps answering with the old one; observing brings the
// new one in after a few cases, and the replay, which does both, follows.
func TestObserveFollowsAReorganisation(t *testing.T) {
	all := town(800, 0, 8)
	for i := range all {
		for n, it := range townItems {
			if slices.ContainsFunc(it.words[:], func(w string) bool { return strings.Contains(all[i].Text[0], w) }) {
				all[i].Features = append(all[i].Features, fmt.Sprint("事项", n))
			}
		}
		if i >= 600 && all[i].Label == "水务局" {
			all[i].Label = "排水中心"
		}
	}
	schema := townSchema
	schema.Features = append(slices.Clone(schema.Features), "事项")
	m := train(t, all[:600], Options{Schema: schema})
	wet := Example{Text: []string{"下水道堵塞"}, Features: []string{"东街道", "电话", "事项0"}}
	if p := predict(t, m, wet); p.Candidates[0].Label != "水务局" {
		t.Fatalf("%+v", p.Candidates[:3])
	}
	static, err := Evaluate(context.Background(), m, all[600:])
	if err != nil {
		t.Fatal(err)
	}
	replay, err := Replay(context.Background(), all[:600], all[600:], Options{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	if static.Top1 > 0.85 || replay.Top1 < static.Top1+0.05 {
		t.Errorf("static %.3f, replay %.3f", static.Top1, replay.Top1)
	}
	if static.NewLabels == 0 || replay.NewLabels >= static.NewLabels {
		t.Errorf("new labels: static %d, replay %d", static.NewLabels, replay.NewLabels)
	}
	before := predict(t, m, wet)
	rank := func(p Prediction, label string) int {
		return slices.IndexFunc(p.Candidates, func(c Candidate) bool { return c.Label == label })
	}
	for range 3 {
		seen := wet
		seen.Label, seen.Time = "排水中心", begin.AddDate(1, 0, 0)
		if err := m.Observe(seen); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := rank(before, "排水中心"), rank(predict(t, m, wet), "排水中心"); a >= 0 || b < 0 || b > 2 {
		t.Errorf("rank of the observed unit: %d, then %d", a, b)
	}
}

// "Not in the list": what is like nothing in the list is called so more often
// than what is ordinary, and at most about one ordinary case in twenty is.
func TestOddity(t *testing.T) {
	all := town(900, 0.02, 9)
	m := train(t, all[:700], Options{Schema: townSchema})
	called := func(examples []Example) (share float64) {
		for _, e := range examples {
			if predict(t, m, e).Unknown {
				share += 1 / float64(len(examples))
			}
		}
		return share
	}
	var strange []Example
	for _, s := range []string{"申请办理护照延期手续", "学校食堂价格太高", "咨询公积金提取比例", "医院挂号系统打不开", "图书馆开放时间太短", "候鸟保护区有人捕鸟"} {
		strange = append(strange, Example{Text: []string{s}, Features: []string{"北街道", "来信"}})
	}
	ordinary, odd := called(all[700:]), called(strange)
	if ordinary > 0.12 || odd < 0.5 {
		t.Errorf("called unknown: %.2f of the ordinary, %.2f of the strange", ordinary, odd)
	}
}

func TestCompare(t *testing.T) {
	all := town(700, 0.05, 10)
	good := train(t, all[:500], Options{Schema: townSchema})
	wrong := slices.Clone(all[:500])
	for i := range wrong {
		wrong[i].Label = all[(i+7)%500].Label
	}
	bad := train(t, wrong, Options{Schema: townSchema})
	c, err := Compare(context.Background(), bad, good, all[500:])
	if err != nil || !c.Promote || c.OnlyChallenger <= c.OnlyChampion {
		t.Errorf("the better must be promoted: %+v %v", c, err)
	}
	c, err = Compare(context.Background(), good, bad, all[500:])
	if err != nil || c.Promote || c.PWorse > 0.001 || c.Reason == "" {
		t.Errorf("the worse must not be: %+v %v", c, err)
	}
	if c, err = Compare(context.Background(), good, good, all[500:]); err != nil || !c.Promote || c.PWorse != 1 {
		t.Errorf("an equal one is newer, and taken: %+v %v", c, err)
	}
	if _, err := Compare(context.Background(), good, bad, all[480:]); !errors.Is(err, ErrExamples) {
		t.Errorf("cases that were learned from: %v", err)
	}
	if _, err := Compare(context.Background(), good, bad, nil); !errors.Is(err, ErrExamples) {
		t.Errorf("no cases: %v", err)
	}
}

func TestBinomialTail(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want float64
	}{{0, 0, 1}, {0, 9, 1}, {5, 5, 1.0 / 32}, {8, 10, 56.0 / 1024}, {1, 1, 0.5}, {60, 100, 0.02844397}} {
		if got := binomialTail(c.k, c.n); math.Abs(got-c.want) > 1e-7 {
			t.Errorf("%d of %d: %v, want %v", c.k, c.n, got, c.want)
		}
	}
}

// The figures, by hand: a answered a, b answered a, b answered b, c (never met)
// answered b.
func TestReport(t *testing.T) {
	s := scorer{outcomes: []outcome{
		{truth: "a", answer: "a", p: 0.9, pTruth: 0.9, rank: 0, met: true},
		{truth: "b", answer: "a", p: 0.4, pTruth: 0.3, rank: 2, met: true},
		{truth: "b", answer: "b", p: 0.8, pTruth: 0.8, rank: 0, met: true},
		{truth: "c", answer: "b", p: 0.5, rank: math.MaxInt, unknown: true},
	}}
	r := s.report()
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	near("accuracy", r.Accuracy, 0.5)
	near("top 3", r.Top3, 0.75)
	near("macro F1", r.MacroF1, (2.0/3+0.5+0)/3)
	near("log loss", r.LogLoss, -(math.Log(0.9)+math.Log(0.3)+math.Log(0.8)+math.Log(1e-6))/4)
	if r.Labels != 3 || r.NewLabels != 1 || r.Unknown != 1 || r.UnknownRight != 1 {
		t.Errorf("%+v", r)
	}
	for _, p := range r.PrecisionAtCoverage {
		if p.Coverage == 0.5 {
			near("precision of the surer half", p.Precision, 1)
			near("its least probability", p.P, 0.8)
		}
	}
	if empty := (&scorer{}).report(); empty.Rows != 0 || empty.MacroF1 != 0 {
		t.Errorf("%+v", empty)
	}
}

// Thousands of labels fit into a bounded number of weights, and learning them
// still works where there is something to learn.
func TestWeightsAreBounded(t *testing.T) {
	var all []Example
	for i := range 1200 {
		item := fmt.Sprintf("%c%c%c", '一'+rune(i%400)*7, '丁'+rune(i%400)*11, '七'+rune(i%400)*13)
		all = append(all, Example{Text: []string{"关于" + item + "的事"}, Label: item})
	}
	o := Options{Schema: Schema{Text: []string{"t"}}, MaxWeights: 3000}
	m := train(t, all, o)
	if n := len(m.words.machines.w); n > 3000 {
		t.Errorf("%d weights", n)
	}
	o.MaxWeights = 0
	m = train(t, all, o)
	right := 0
	for _, e := range all[:400] {
		if predict(t, m, e).Candidates[0].Label == e.Label {
			right++
		}
	}
	if right < 380 {
		t.Errorf("%d of 400 labels found again", right)
	}
}

// Observing while others ask: the race detector watches.
func TestConcurrent(t *testing.T) {
	all := town(300, 0.1, 11)
	m := train(t, all[:200], Options{Schema: townSchema})
	done := make(chan error)
	go func() {
		for _, e := range all[200:] {
			e.Label += "新"
			if err := m.Observe(e); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for _, e := range all[200:] {
		predict(t, m, e)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func BenchmarkPredict(b *testing.B) {
	all := town(2000, 0.1, 12)
	m, err := Train(context.Background(), all, Options{Schema: townSchema})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := m.Predict(all[i%len(all)], 3); err != nil {
			b.Fatal(err)
		}
	}
}
