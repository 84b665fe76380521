package halls

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"shanzhi/core/store"
)

// Estimate is how long somebody will wait, and how sure that is.
type Estimate struct {
	Seconds int `json:"seconds"`
	Low     int `json:"low" doc:"In eight of ten cases it was between low and high"`
	High    int `json:"high"`
	Raw     int `json:"raw,omitempty" doc:"Before it was fitted to what was measured"`
	Ahead   int `json:"ahead" doc:"Called before them"`
	Windows int `json:"windows" doc:"That serve them now"`
}

// measure is what was measured in a hall.
type measure struct {
	serve map[string]float64 // mean seconds at the window, by kind
	fit   map[int]fitted     // how waits came out against the raw estimate, by local hour; -1 all
}

// fitted are quantiles of (wait + 60 s) / (raw + 60 s).
type fitted struct{ low, mid, high float64 }

// unfitted holds until enough was measured.
var unfitted = fitted{0.45, 1, 1.8}

// measures are kept a while: what one more visit changes is little.
type measures struct {
	mu    sync.Mutex
	at    time.Time
	halls map[string]*measure
}

const measureFor = 5 * time.Minute

// waited is a wait that was foretold and has come.
type waited struct {
	Hall, Kind string
	QueuedAt   store.Time // of the first time it was queued, near enough: its number's
	EstRaw     *int
	FirstUs    int64
	ServeUs    int64
	State      string
	Services   TicketServices
}

// served are the times at the window that a visit shows, by kind: of each service its own.
// A visit from before they were kept apart shows that of the kind it ended with.
func (r *waited) served(each func(kind string, seconds float64)) {
	apart := false
	for _, x := range r.Services {
		if x.ServeUS > 0 {
			if apart = true; x.Done {
				each(x.Kind, float64(x.ServeUS)/1e6)
			}
		}
	}
	if !apart && r.State == string(Finished) && r.ServeUs > 0 {
		each(r.Kind, float64(r.ServeUs)/1e6)
	}
}

func learn(rows []waited, zone *time.Location, least int) map[string]*measure {
	out := map[string]*measure{}
	type sum struct {
		n int
		s float64
	}
	served := map[[2]string]*sum{}
	ratios := map[string]map[int][]float64{}
	for _, r := range rows {
		if out[r.Hall] == nil {
			out[r.Hall] = &measure{map[string]float64{}, map[int]fitted{}}
			ratios[r.Hall] = map[int][]float64{}
		}
		r.served(func(kind string, seconds float64) {
			k := [2]string{r.Hall, kind}
			if served[k] == nil {
				served[k] = &sum{}
			}
			served[k].n++
			served[k].s += seconds
		})
		if r.EstRaw != nil {
			ratio := (float64(r.FirstUs)/1e6 + 60) / (float64(*r.EstRaw) + 60)
			hour := r.QueuedAt.In(zone).Hour()
			ratios[r.Hall][hour] = append(ratios[r.Hall][hour], ratio)
			ratios[r.Hall][-1] = append(ratios[r.Hall][-1], ratio)
		}
	}
	for k, x := range served {
		if x.n >= 5 {
			out[k[0]].serve[k[1]] = x.s / float64(x.n)
		}
	}
	for hall, hours := range ratios {
		for hour, list := range hours {
			if len(list) < least {
				continue
			}
			slices.Sort(list)
			at := func(q float64) float64 { return list[min(len(list)-1, int(q*float64(len(list))))] }
			out[hall].fit[hour] = fitted{at(0.1), at(0.5), at(0.9)}
		}
	}
	return out
}

// measure of a hall, read anew when it is old.
func (s *Service) measure(ctx context.Context, h *Hall) (*measure, error) {
	m := &s.measured
	m.mu.Lock()
	defer m.mu.Unlock()
	now := s.Store.Now()
	if m.halls == nil || now.Sub(m.at) > measureFor || now.Before(m.at) {
		b := s.book.Load()
		rows, err := store.Select[waited](ctx, s.Store, `SELECT hall, kind, taken_at AS queued_at, est_raw, first_us, serve_us, state, services FROM hall_ticket WHERE day >= ? AND called_at IS NOT NULL AND no <> ''`, s.local(now).AddDate(0, 0, -b.rules.Estimate.Days).Format(time.DateOnly))
		if err != nil {
			return nil, err
		}
		m.halls, m.at = learn(rows, b.zone, b.rules.Estimate.Least), now
	}
	if x := m.halls[h.Code]; x != nil {
		return x, nil
	}
	return &measure{}, nil
}

func (m *measure) seconds(h *Hall, kind string) float64 {
	if x := m.serve[kind]; x > 0 {
		return x
	}
	if k := h.kind(kind); k != nil {
		return float64(k.Minutes) * 60
	}
	return 600
}

// post is a window that is open: what it takes, and whether somebody is at it.
type post struct {
	window   *HallWindow
	channels []Channel
	skills   []string // of its clerk; nil is all
	busy     bool
}

func (p *post) serves(x Waiting) bool { return p.window.serves(x, p.channels, p.skills) }

// foretell is the estimate for somebody who waits: the queue is played on, each open
// window calling who is next by the rules and taking the mean time of the kind, until
// they are called; then fitted to how such estimates came out in this hall at this hour.
// Nil where no open window serves them.
func (m *measure) foretell(h *Hall, r *QueueRules, waiting []Waiting, posts []post, x Waiting, hour int) *Estimate {
	e := &Estimate{}
	free := make([]float64, len(posts))
	for i, p := range posts {
		if p.serves(x) {
			e.Windows++
		}
		if p.busy {
			free[i] = m.seconds(h, p.window.Kinds[0]) / 2
		}
	}
	if e.Windows == 0 {
		return nil
	}
	if x.ID == 0 {
		x.ID = math.MaxInt64
	}
	left := slices.DeleteFunc(slices.Clone(waiting), func(o Waiting) bool { return o.ID == x.ID })
	left = append(left, x)
	raw := 0.0
	for called := int64(0); called != x.ID; {
		first := -1
		for i := range posts {
			if free[i] >= 0 && (first < 0 || free[i] < free[first]) {
				first = i
			}
		}
		p := posts[first]
		n := r.next(left, p.window, p.channels, p.skills)
		if n < 0 {
			free[first] = -1 // nothing left for it
			continue
		}
		raw, called = free[first], left[n].ID
		if called != x.ID && p.serves(x) {
			e.Ahead++
		}
		free[first] += m.seconds(h, left[n].Kind)
		left = slices.Delete(left, n, n+1)
	}
	f, ok := m.fit[hour]
	if !ok {
		if f, ok = m.fit[-1]; !ok {
			f = unfitted
		}
	}
	in := func(k float64) int { return int(math.Max(0, math.Round((raw+60)*k-60))) }
	e.Raw, e.Low, e.Seconds, e.High = int(math.Round(raw)), in(f.low), in(f.mid), max(in(f.high), 60)
	return e
}

// posts are the open windows of a hall.
func posts(h *Hall, sat []Sitting, busy map[string]bool) (out []post) {
	for _, x := range sat {
		if w := h.window(x.Window); w != nil {
			out = append(out, post{w, x.channels(), x.can(), busy[x.Window]})
		}
	}
	return out
}

// busyWindows are those that somebody is at or called to.
func busyWindows(ctx context.Context, q store.Querier, hall, day string) (map[string]bool, error) {
	codes, err := store.Select[string](ctx, q, `SELECT window_code FROM hall_ticket WHERE hall = ? AND day = ? AND state IN ('called', 'processing')`, hall, day)
	out := map[string]bool{}
	for _, c := range codes {
		out[c] = true
	}
	return out, err
}

// estimate foretells for somebody in a hall now.
func (s *Service) estimate(ctx context.Context, q store.Querier, h *Hall, x Waiting, now time.Time) (*Estimate, error) {
	at, err := s.standing(ctx, q, h, now)
	if err != nil {
		return nil, err
	}
	return at.estimate(x), nil
}

// standing is a hall at a moment: all that estimates ask for.
type standing struct {
	hall    *Hall
	rules   *QueueRules
	measure *measure
	waiting []Waiting
	posts   []post
	hour    int
}

func (s *Service) standing(ctx context.Context, q store.Querier, h *Hall, now time.Time) (*standing, error) {
	m, err := s.measure(ctx, h)
	if err != nil {
		return nil, err
	}
	day := s.today(now)
	waiting, err := queue(ctx, q, h, day)
	if err != nil {
		return nil, err
	}
	sat, err := sittings(ctx, q, h.Code)
	if err != nil {
		return nil, err
	}
	busy, err := busyWindows(ctx, q, h.Code, day)
	return &standing{h, &s.book.Load().rules, m, waiting, posts(h, sat, busy), s.local(now).Hour()}, err
}

func (at *standing) estimate(x Waiting) *Estimate {
	return at.measure.foretell(at.hall, at.rules, at.waiting, at.posts, x, at.hour)
}

// EstimateQuality is how estimates came out.
type EstimateQuality struct {
	Hall     string  `json:"hall"`
	Hour     int     `json:"hour" doc:"Local; -1 all"`
	N        int     `json:"n" doc:"Waits that were foretold and have come"`
	Foretold float64 `json:"mean_foretold_seconds"`
	MAE      float64 `json:"mean_absolute_error_seconds" doc:"Mean of the distance between what was foretold and what came"`
	Coverage float64 `json:"coverage" doc:"Share of waits that lay in the band; 0.8 is aimed at"`
	Wait     float64 `json:"mean_wait_seconds"`
	Since    string  `json:"since" doc:"First day of those that are measured"`
}

// EstimateQualities measures a hall's estimates over the days that the rules name.
func (s *Service) EstimateQualities(ctx context.Context, h *Hall) ([]EstimateQuality, error) {
	rows, err := store.Select[struct {
		TakenAt              store.Time
		Day                  string
		Est, EstLow, EstHigh int
		FirstUs              int64
	}](ctx, s.Store, `SELECT taken_at, day, est, est_low, est_high, first_us FROM hall_ticket WHERE hall = ? AND day >= ? AND est IS NOT NULL AND called_at IS NOT NULL`,
		h.Code, s.local(s.Store.Now()).AddDate(0, 0, -s.book.Load().rules.Estimate.Days).Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	by := map[int]*EstimateQuality{}
	for _, r := range rows {
		came := float64(r.FirstUs) / 1e6
		for _, hour := range []int{-1, s.local(r.TakenAt.Time).Hour()} {
			x := by[hour]
			if x == nil {
				x = &EstimateQuality{Hall: h.Code, Hour: hour, Since: r.Day}
				by[hour] = x
			}
			x.N++
			x.Since = min(x.Since, r.Day)
			x.Foretold += float64(r.Est)
			x.MAE += math.Abs(came - float64(r.Est))
			x.Wait += came
			if came >= float64(r.EstLow) && came <= float64(r.EstHigh) {
				x.Coverage++
			}
		}
	}
	out := []EstimateQuality{}
	for _, x := range by {
		n := float64(x.N)
		x.MAE, x.Coverage, x.Wait, x.Foretold = math.Round(x.MAE/n), math.Round(x.Coverage/n*1000)/1000, math.Round(x.Wait/n), math.Round(x.Foretold/n)
		out = append(out, *x)
	}
	slices.SortFunc(out, func(a, b EstimateQuality) int { return a.Hour - b.Hour })
	return out, nil
}
