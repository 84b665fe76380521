package appeals

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/job"
	"shanzhi/core/store"
)

// Drift is a count of the board that is not what the rows say.
type Drift struct {
	Measure string `json:"measure"`
	Day     string `json:"day,omitempty"`
	Dim     string `json:"dim"`
	Key     string `json:"key"`
	Counted int64  `json:"counted"`
	Rows    int64  `json:"rows"`
}

// Nights adds the system's work of every night.
func (s *Service) Nights(n *job.Nights) {
	n.Add(job.Night{Name: "appeals.dispatch", At: s.district.Load().dispatch.Training.at, Work: s.trainAtNight})
	n.Add(job.Night{Name: "appeals.open_day", At: 5 * time.Minute, Work: s.keepOpenDay})
	n.Add(job.Night{Name: "appeals.freeze", At: s.district.Load().assess.at, Work: s.freezeAtNight})
	n.Add(job.Night{Name: "appeals.closing", At: 3*time.Hour + 30*time.Minute, Work: s.looksAtNight})
	n.Add(job.Night{Name: "appeals.leads", At: s.district.Load().leads.Forecast.night, Work: s.forecastAtNight})
	n.Add(job.Night{Name: "appeals.topics", At: s.district.Load().topics.night, Work: s.topicsAtNight})
	n.Add(job.Night{Name: "appeals.city", At: s.district.Load().city.night, Work: s.reconcileCityAtNight})
	n.Add(job.Night{Name: "appeals.quality", At: s.district.Load().quality.night, Work: s.qualityAtNight})
	n.Add(job.Night{Name: "appeals.figures", At: 4*time.Hour + 30*time.Minute, Work: s.sumDaysAtNight})
	for i, at := range s.district.Load().reports.hours() {
		name := "appeals.reports"
		if i > 0 {
			name += "." + strconv.Itoa(i+1)
		}
		n.Add(job.Night{Name: name, At: at, Work: s.MakeDueReports})
	}
	n.Add(job.Night{Name: "appeals.reconcile", At: 3 * time.Hour, Work: func(ctx context.Context) (any, error) {
		now := s.Store.Now()
		drifts, err := s.Reconcile(ctx, now.AddDate(0, 0, -reconcileDays), now)
		return map[string]any{"days": reconcileDays, "drifts": len(drifts)}, err
	}})
}

// reconcileDays is how many days back the counts are compared every night.
const reconcileDays = 62

// Reconcile counts the rows of each local day from one to before another, and
// what stands open now, and sets right the counts of the board that differ,
// leaving a record of each. It takes one short transaction a day, so the house
// stays open.
func (s *Service) Reconcile(ctx context.Context, from, to time.Time) ([]Drift, error) {
	var all []Drift
	zone := s.district.Load().zone
	check := func(day time.Time) error {
		var drifts []Drift
		err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
			drifts, err = s.reconcileDay(ctx, tx, day, zone)
			return err
		})
		all = append(all, drifts...)
		return err
	}
	if err := check(time.Time{}); err != nil {
		return all, err
	}
	from, to = from.In(zone), to.In(zone)
	for day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone); day.Before(to); day = day.AddDate(0, 0, 1) {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		if err := check(day); err != nil {
			return all, err
		}
	}
	return all, nil
}

// reconcileDay compares the counts of a day; the zero day is what stands now.
func (s *Service) reconcileDay(ctx context.Context, tx *store.Tx, day time.Time, zone *time.Location) ([]Drift, error) {
	name := ""
	if !day.IsZero() {
		name = day.Format(time.DateOnly)
	}
	rows := map[tallyKey]int64{}
	type counted struct {
		Place, Unit, Item, State string
		Late                     bool
		N                        int64
	}
	count := func(measure, where string, args ...any) error {
		groups, err := store.Select[counted](ctx, tx, `SELECT place, unit, item, state, late, count(*) AS n FROM matter WHERE flow = 'appeal' AND `+where+` GROUP BY place, unit, item, state, late`, args...)
		for _, g := range groups {
			add := func(measure, dim, key string) { rows[tallyKey{measure, name, dim, key}] += g.N }
			measures := []string{measure}
			if measure == "open" {
				add("open", "state", g.State)
				if g.Late {
					measures = append(measures, "late")
				}
			}
			for _, m := range measures {
				add(m, "all", "")
				add(m, "street", streetOf(g.Place))
				add(m, "unit", g.Unit)
				add(m, "item", g.Item)
			}
		}
		return err
	}
	var err error
	if day.IsZero() {
		err = count("open", `system = ? AND open`, System)
	} else {
		next := day.AddDate(0, 0, 1)
		if err = count("filed", `id >= ? AND id < ?`, int64(store.IDAt(day)), int64(store.IDAt(next))); err == nil {
			err = count("closed", `closed_at >= ? AND closed_at < ? AND NOT open`, store.At(day), store.At(next))
		}
	}
	if err != nil {
		return nil, err
	}
	type tally struct {
		Measure, Dim, Key string
		N                 int64
	}
	tallied, err := store.Select[tally](ctx, tx, `SELECT measure, dim, key, n FROM appeal_tally WHERE day = ? AND measure IN ('filed', 'closed', 'open', 'late') AND n <> 0`, name)
	if err != nil {
		return nil, err
	}
	have := map[tallyKey]int64{}
	for _, t := range tallied {
		have[tallyKey{t.Measure, name, t.Dim, t.Key}] += t.N
	}
	// What the follower has not seen yet will be added by it.
	if err := s.untold(ctx, tx, zone, func(k tallyKey, n int64) {
		if k.day == name {
			have[k] += n
		}
	}); err != nil {
		return nil, err
	}
	var drifts []Drift
	put := map[tallyKey]int64{}
	for k := range merged(rows, have) {
		if rows[k] == have[k] {
			continue
		}
		drifts = append(drifts, Drift{k.measure, k.day, k.dim, k.key, have[k], rows[k]})
		put[k] = rows[k] - have[k]
	}
	if len(drifts) == 0 {
		return nil, nil
	}
	slices.SortFunc(drifts, func(a, b Drift) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if err := writeTallies(ctx, tx, put); err != nil {
		return nil, err
	}
	return drifts, audit.Write(ctx, tx, audit.Record{Action: "appeal.reconcile", Object: "board/" + name}, map[string]any{"counts": len(drifts), "first": drifts[0]})
}

func merged(a, b map[tallyKey]int64) map[tallyKey]bool {
	out := map[tallyKey]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

// untold gives the changes of counts that are committed but not yet counted.
func (s *Service) untold(ctx context.Context, tx *store.Tx, zone *time.Location, add func(k tallyKey, n int64)) error {
	events, err := s.Bus.Unseen(ctx, tx, tallyConsumer)
	for _, e := range events {
		var h caseflow.Happened
		if !strings.HasPrefix(e.Subject, System+".") || json.Unmarshal(e.Body, &h) != nil || h.Flow != "appeal" {
			continue
		}
		tallies(h, e.At.Time, zone, add)
	}
	return err
}
