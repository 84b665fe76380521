package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/core/parallel"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/systems/cim"
)

// newBenchAddress makes `shanzhi bench address`.
func newBenchAddress() *cobra.Command {
	var buildings, queries int
	var asJSON bool
	c := &cobra.Command{
		Use:   "address",
		Short: "Addresses parsed and matched against a made-up register, beside a plain trigram search of the same; codes checked",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out, err := benchAddress(buildings, queries)
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	c.Flags().IntVar(&buildings, "buildings", 20000, "buildings of the register")
	c.Flags().IntVar(&queries, "queries", 4000, "addresses asked")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	return c
}

// benchAsked is how one way of asking did.
type benchAsked struct {
	PerSecond float64 `json:"addresses_per_second"`
	P50       float64 `json:"ms_p50"`
	P95       float64 `json:"ms_p95"`
	Building  float64 `json:"building_right"`
	Room      float64 `json:"room_right,omitempty"`
	Sure      float64 `json:"sure,omitempty"`       // share of answers that stand without a look
	SureRight float64 `json:"sure_right,omitempty"` // of those, right
}

type benchAddressReport struct {
	Cores     int        `json:"cores"`
	Buildings int        `json:"buildings"`
	Rooms     int        `json:"rooms"`
	Build     float64    `json:"index_seconds"`
	Memory    float64    `json:"index_mb"`
	Queries   int        `json:"queries"`
	Match     benchAsked `json:"match"`
	Parse     benchAsked `json:"parse"`
	Trigram   benchAsked `json:"peer_trigram"`
	Codes     float64    `json:"codes_per_second"`
}

// asked is an address as somebody would write it, and what is meant.
type asked struct {
	text     string
	building int
	room     string
}

func benchAddress(buildings, queries int) (out benchAddressReport, err error) {
	if buildings < 1 || queries < 1 {
		return out, fmt.Errorf("--buildings and --queries must be 1 or more")
	}
	files, err := packAt("baoan")
	if err != nil {
		return out, err
	}
	made, err := cim.MakeUp(files, buildings)
	if err != nil {
		return out, err
	}
	p := address.Shipped()
	p.Parse("深圳市宝安区西乡街道流塘路12号") // what is read once is read now
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	x := made.Index(p)
	out.Build = time.Since(began).Seconds()
	runtime.GC()
	runtime.ReadMemStats(&after)
	out.Memory = float64(after.HeapAlloc-before.HeapAlloc) / (1 << 20)
	out.Cores, out.Buildings, out.Queries = runtime.GOMAXPROCS(0), len(made.Buildings), queries
	for _, b := range made.Buildings {
		out.Rooms += b.Floors * b.Units
	}
	list := writeAddresses(made, queries)
	out.Match = askAll(list, func(q asked) (bool, bool, bool) {
		m := x.Match(q.text)
		right := m.Level != address.LevelNone && int(m.Building) == q.building
		room := right && (q.room == "" && m.Level == address.LevelBuilding || q.room != "" && m.Level == address.LevelRoom && strings.HasSuffix(m.Address, q.room))
		return right, room, m.Level != address.LevelNone && m.Confidence >= address.Sure
	})
	out.Parse = askAll(list, func(q asked) (bool, bool, bool) { p.Parse(q.text); return false, false, false })
	t := newTrigrams(made)
	some := list[:min(len(list), 500)] // it is slow
	out.Trigram = askAll(some, func(q asked) (bool, bool, bool) { return t.best(q.text) == q.building, false, false })
	codes := make([]string, 1000)
	for i := range codes {
		codes[i] = fmt.Sprintf("440306017%03d%02d%05d%06d", i%999+1, i%98+1, i*7%99998+1, i*13+1)
	}
	began = time.Now()
	const n = 2_000_000
	for i := range n {
		if _, err := place.ParseHouseCode(codes[i%1000]); err != nil {
			return out, err
		}
	}
	out.Codes = float64(n) / time.Since(began).Seconds()
	return out, nil
}

// askAll asks on all cores and measures.
func askAll(list []asked, ask func(asked) (building, room, sure bool)) (out benchAsked) {
	took := make([]float64, len(list))
	var building, room, sure, sureRight atomic.Int64
	began := time.Now()
	parallel.Each(len(list), 1, func(i int) {
		at := time.Now()
		b, r, s := ask(list[i])
		took[i] = float64(time.Since(at).Microseconds()) / 1000
		for _, c := range []struct {
			is bool
			n  *atomic.Int64
		}{{b, &building}, {r, &room}, {s, &sure}, {s && b, &sureRight}} {
			if c.is {
				c.n.Add(1)
			}
		}
	})
	seconds := time.Since(began).Seconds()
	slices.Sort(took)
	n := float64(len(list))
	out = benchAsked{PerSecond: n / seconds, P50: took[len(took)/2], P95: took[len(took)*95/100], Building: float64(building.Load()) / n, Room: float64(room.Load()) / n, Sure: float64(sure.Load()) / n}
	if s := sure.Load(); s > 0 {
		out.SureRight = float64(sureRight.Load()) / float64(s)
	}
	return out
}

// writeAddresses writes addresses of a register as people do: shortened, with
// characters that sound alike, in other forms, with words that do not belong.
func writeAddresses(made *cim.Registered, n int) []asked {
	r := rand.New(rand.NewPCG(5, 11))
	chance := func(p float64) bool { return r.Float64() < p }
	// Characters that are taken for each other, of one sound.
	alike := map[rune]rune{'花': '华', '园': '圆', '新': '心', '村': '邨', '福': '富', '海': '孩', '龙': '隆', '城': '成', '苑': '院', '嘉': '佳', '和': '合', '大': '达', '丽': '利', '景': '井', '宝': '保', '名': '明', '华': '花', '富': '福', '工': '公', '业': '叶', '塘': '糖', '湾': '弯', '桥': '乔', '安': '按'}
	short := map[string][]string{}
	for _, a := range made.Aliases {
		short[a.Of] = append(short[a.Of], a.Name)
	}
	out := make([]asked, n)
	for i := range out {
		at := r.IntN(len(made.Buildings))
		b := made.Buildings[at]
		var s strings.Builder
		for _, name := range made.Above {
			if chance(0.4) {
				s.WriteString(name)
			}
		}
		if chance(0.6) {
			s.WriteString(b.Street)
		}
		if chance(0.3) {
			s.WriteString(b.Community)
		}
		if chance(0.4) {
			s.WriteString(b.Road)
		}
		name := b.Name
		for of, others := range short {
			if rest, ok := strings.CutPrefix(name, of); ok && chance(0.3) {
				name = others[r.IntN(len(others))] + rest
				break
			}
		}
		if chance(0.12) { // one character of the name is another of its sound
			runes := []rune(name)
			for k := range runes {
				if other, ok := alike[runes[k]]; ok {
					runes[k] = other
					break
				}
			}
			name = string(runes)
		}
		room := ""
		if chance(0.75) {
			room = b.Label(1+r.IntN(b.Floors), 1+r.IntN(b.Units))
		}
		switch {
		case room != "" && strings.HasSuffix(name, "栋") && chance(0.2):
			s.WriteString(strings.TrimSuffix(name, "栋") + "-" + room)
		case strings.HasSuffix(name, "栋") && chance(0.3):
			s.WriteString(strings.TrimSuffix(name, "栋") + []string{"幢", "座", "号楼"}[r.IntN(3)])
			s.WriteString(room)
		default:
			s.WriteString(name)
			s.WriteString(room)
		}
		if room != "" && chance(0.4) {
			s.WriteString([]string{"室", "房", "号房"}[r.IntN(3)])
		}
		if chance(0.1) {
			s.WriteString([]string{"附近", "楼下", "菜鸟驿站", "（放门口）"}[r.IntN(4)])
		}
		out[i] = asked{s.String(), at, room}
	}
	return out
}

// trigrams is the plain search that is measured beside: three characters in a row of
// every building's address, the best by how many are shared (Dice).
type trigrams struct {
	of    map[string][]int32
	count []int
}

func newTrigrams(made *cim.Registered) *trigrams {
	t := &trigrams{of: map[string][]int32{}}
	for i, b := range made.Buildings {
		g := gramsOf(b.Address)
		t.count = append(t.count, len(g))
		for x := range g {
			t.of[x] = append(t.of[x], int32(i))
		}
	}
	return t
}

func gramsOf(s string) map[string]bool {
	out := map[string]bool{}
	r := []rune(s)
	for i := 0; i+3 <= len(r); i++ {
		out[string(r[i:i+3])] = true
	}
	return out
}

func (t *trigrams) best(s string) int {
	shared := map[int32]int{}
	g := gramsOf(s)
	for x := range g {
		for _, i := range t.of[x] {
			shared[i]++
		}
	}
	best, score := -1, 0.0
	for i, n := range shared {
		if d := 2 * float64(n) / float64(len(g)+t.count[i]); d > score || d == score && int(i) < best {
			best, score = int(i), d
		}
	}
	return best
}
