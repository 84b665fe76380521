package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/core/metric"
	"shanzhi/core/rule"
	"shanzhi/core/store"
)

// qualityGrains are the rows by which the data of a channel is judged (分平台数据质量);
// what a row is stands in the pack's quality.yaml.
var qualityGrains = map[string]rule.Vars{
	"arrival":  {"channel": "string", "source": "string", "has_place": "bool", "has_item": "bool", "has_contact": "bool", "has_time": "bool", "read": "bool", "text_length": "int", "known_delay": "bool", "delay_hours": "double"},
	"day":      {"channel": "string", "count": "int", "expected": "double", "silent": "bool", "burst": "bool"},
	"delivery": {"channel": "string", "source": "string", "rows": "int", "refused_share": "double", "repeated_share": "double", "failed": "bool"},
}

// qualityBook is the pack's indicators of data quality, appeals/quality.yaml. A pack
// without the file judges nobody.
type qualityBook struct {
	metric.Book `yaml:",inline"`
	Weeks       int `yaml:"weeks"`
	SilentFrom  int `yaml:"silent_from"`
	Burst       struct {
		Times float64 `yaml:"times"`
		Least int     `yaml:"least"`
	} `yaml:"burst"`
	Night string `yaml:"night"`

	night time.Duration
}

func readQuality(files fs.FS, words *Words) (*qualityBook, error) {
	const name = "appeals/quality.yaml"
	b := &qualityBook{Weeks: 8, SilentFrom: 3, Night: "02:40"}
	b.Burst.Times, b.Burst.Least = 3, 20
	if err := readSettings(files, name, b); err != nil {
		return nil, err
	}
	var wrong []error
	var err error
	if b.night, err = timeOfDay(b.Night); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: night: %q is not a time of day such as 02:40", name, b.Night))
	}
	if b.Weeks < 1 || b.Weeks > 26 || b.SilentFrom < 1 || b.Burst.Times <= 1 || b.Burst.Least < 1 {
		wrong = append(wrong, fmt.Errorf("%s: weeks must be 1 to 26, silent_from and burst.least 1 or more, burst.times more than 1", name))
	}
	if err := b.Compile(qualityGrains); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
	}
	if len(b.Schemes) > 1 {
		wrong = append(wrong, fmt.Errorf("%s: there is one scheme", name))
	}
	for _, s := range b.Schemes {
		for _, g := range s.Groups {
			for _, c := range g.Units {
				if _, ok := words.Channel(c); !ok {
					wrong = append(wrong, fmt.Errorf("%s: groups: there is no channel %q", name, c))
				}
			}
		}
	}
	return b, errors.Join(wrong...)
}

// period is the bounds of a day (2026-11-26) or a month (2026-11) in the district's
// time.
func (s *Service) period(text string) (from, to time.Time, err error) {
	if len(text) == len("2026-11") {
		return s.month(text)
	}
	if from, err = time.ParseInLocation(time.DateOnly, text, s.Zone()); err != nil {
		return from, to, httpapi.FailField("period", "not_a_time")
	}
	return from, from.AddDate(0, 0, 1), nil
}

// Quality is how good the data of each channel was in a period.
type Quality struct {
	Period  string          `json:"period"`
	At      store.Time      `json:"at"`
	Results []metric.Result `json:"results" doc:"A channel stands in unit"`
}

// Quality judges the data of all channels in a day or a month, as of now.
func (s *Service) Quality(ctx context.Context, period string) (Quality, error) {
	out := Quality{Period: period, At: store.At(s.Store.Now()), Results: []metric.Result{}}
	from, to, err := s.period(period)
	if err != nil {
		return out, err
	}
	d := s.district.Load()
	if len(d.quality.Schemes) == 0 {
		return out, nil
	}
	scheme := d.quality.Schemes[0]
	rows, err := s.qualityRows(ctx, from, to)
	if err != nil {
		return out, err
	}
	var channels []string
	group := map[string]int{}
	for i, g := range scheme.Groups {
		for _, c := range g.Units {
			group[c] = i
			channels = append(channels, c)
		}
	}
	member := func(c string) (int, bool) { i, ok := group[c]; return i, ok }
	out.Results, err = d.quality.Assess(scheme, channels, member, rows, nil)
	return out, err
}

// arrived is an appeal as it came.
type arrived struct {
	Matter    store.ID
	Channel   string
	Source    string
	Item      string
	Place     string
	Address   string
	Lon       *float64
	Secrecy   Secrecy
	Applicant store.ID
	Length    int64
	Says      bool
	Read      bool
	Opened    store.Time `bun:"opened_at"`
}

// qualityRows reads the rows of all grains in a period.
func (s *Service) qualityRows(ctx context.Context, from, to time.Time) (map[string][]metric.Row, error) {
	if now := s.Store.Now(); to.After(now) {
		to = now
	}
	rows := map[string][]metric.Row{}
	came, err := store.Select[arrived](ctx, s.Store, `SELECT m.id AS matter, a.channel, a.source, m.item, m.place, a.address, a.lon, a.secrecy, m.applicant, length(a.text) AS length, m.opened_at,
		EXISTS (SELECT 1 FROM element_version e WHERE e.appeal = a.id AND e.body LIKE '%"when":[{%') AS says,
		EXISTS (SELECT 1 FROM element_version e WHERE e.appeal = a.id) AS read
		FROM matter m JOIN appeal a ON a.id = m.id WHERE m.id >= ? AND m.id < ? AND m.flow = 'appeal'`, int64(store.IDAt(from)), int64(store.IDAt(to)))
	if err != nil {
		return nil, err
	}
	there, err := s.takenThere(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var persons []store.ID
	for _, a := range came {
		if a.Applicant != 0 && a.Secrecy != Anonymous {
			persons = append(persons, a.Applicant)
		}
	}
	reachable, err := s.Vault.Reachable(ctx, s.Store, persons)
	if err != nil {
		return nil, err
	}
	channelOf := map[string]string{}
	for _, a := range came {
		at, known := there[a.Matter]
		delay := 0.0
		if known {
			delay = math.Max(0, a.Opened.Sub(at.Time).Hours())
		}
		if a.Source != "" {
			channelOf[a.Source] = a.Channel
		}
		rows["arrival"] = append(rows["arrival"], metric.Row{Key: int64(a.Matter), Unit: a.Channel, Facts: map[string]any{"channel": a.Channel, "source": a.Source,
			"has_place": a.Place != "" || a.Address != "" || a.Lon != nil, "has_item": a.Item != "", "has_contact": a.Secrecy == Anonymous || a.Applicant == 0 || reachable[a.Applicant],
			"has_time": known || a.Says, "read": known || a.Read, "text_length": a.Length, "known_delay": known, "delay_hours": delay}})
	}
	if rows["day"], err = s.qualityDays(ctx, from, to); err != nil {
		return nil, err
	}
	rows["delivery"], err = s.qualityDeliveries(ctx, from, to, channelOf)
	return rows, err
}

// takenThere is when what came in a period was taken where it came from, of those
// whose source says it: the city's orders, and leads.
func (s *Service) takenThere(ctx context.Context, from, to time.Time) (map[store.ID]store.Time, error) {
	out := map[store.ID]store.Time{}
	type order struct {
		Matter store.ID
		Body   string
	}
	orders, err := store.Select[order](ctx, s.Store, `SELECT o.matter, m.body FROM city_order o JOIN city_message m ON m.down AND m.no = o.no AND m.seq = 1 WHERE o.matter >= ? AND o.matter < ?`, int64(store.IDAt(from)), int64(store.IDAt(to)))
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		var d adapter.CityData
		if json.Unmarshal([]byte(o.Body), &d) == nil && !d.Received.IsZero() {
			out[o.Matter] = store.At(d.Received.Time)
		}
	}
	leads, err := store.Select[Lead](ctx, s.Store, `SELECT `+leadColumns+` FROM lead l WHERE l.state = 'filed' AND l.appeal >= ? AND l.appeal < ?`, int64(store.IDAt(from)), int64(store.IDAt(to)))
	for _, l := range leads {
		out[l.Appeal] = l.Found
	}
	return out, err
}

// qualityDays are the days of a period by channel, beside what is usual there on
// such a weekday.
func (s *Service) qualityDays(ctx context.Context, from, to time.Time) ([]metric.Row, error) {
	d := s.district.Load()
	before := from.AddDate(0, 0, -7*d.quality.Weeks)
	_, offset := from.In(d.zone).Zone()
	type counted struct {
		Channel string
		Day     int64
		N       int64
	}
	all, err := store.Select[counted](ctx, s.Store, `SELECT a.channel, (m.opened_at + ?) / 86400000000 AS day, count(*) AS n FROM matter m JOIN appeal a ON a.id = m.id WHERE m.id >= ? AND m.id < ? AND m.flow = 'appeal' GROUP BY 1, 2`,
		int64(offset)*1_000_000, int64(store.IDAt(before)), int64(store.IDAt(to)))
	if err != nil {
		return nil, err
	}
	day := func(t time.Time) int64 { return (t.Unix() + int64(offset)) / 86400 }
	counts, first := map[string]map[int64]int64{}, map[string]int64{}
	for _, c := range all {
		if counts[c.Channel] == nil {
			counts[c.Channel], first[c.Channel] = map[int64]int64{}, c.Day
		}
		counts[c.Channel][c.Day] = c.N
		first[c.Channel] = min(first[c.Channel], c.Day)
	}
	var out []metric.Row
	for _, channel := range sortedKeysOf(counts) {
		for at := from; at.Before(to) && !at.AddDate(0, 0, 1).After(s.Store.Now()); at = at.AddDate(0, 0, 1) {
			n, sum, weeks := counts[channel][day(at)], int64(0), 0
			for w := 1; w <= d.quality.Weeks; w++ {
				if past := day(at.AddDate(0, 0, -7*w)); past >= first[channel] {
					sum, weeks = sum+counts[channel][past], weeks+1
				}
			}
			expected := 0.0
			if weeks > 0 {
				expected = float64(sum) / float64(weeks)
			}
			key, _ := strconv.ParseInt(at.Format("20060102"), 10, 64)
			out = append(out, metric.Row{Key: key, Unit: channel, Facts: map[string]any{"channel": channel, "count": n, "expected": expected,
				"silent": n == 0 && expected >= float64(d.quality.SilentFrom), "burst": n >= int64(d.quality.Burst.Least) && float64(n) > d.quality.Burst.Times*expected}})
		}
	}
	return out, nil
}

// qualityDeliveries are the messages and batches that came in a period.
func (s *Service) qualityDeliveries(ctx context.Context, from, to time.Time, channelOf map[string]string) ([]metric.Row, error) {
	d := s.district.Load()
	var out []metric.Row
	add := func(key store.ID, channel, source string, rows, refused, repeated int64, failed bool) {
		share := func(n int64) float64 { return float64(n) / float64(max(rows, 1)) }
		out = append(out, metric.Row{Key: int64(key), Unit: channel, Facts: map[string]any{"channel": channel, "source": source, "rows": rows, "refused_share": share(refused), "repeated_share": share(repeated), "failed": failed}})
	}
	letters, err := store.Select[CityLetter](ctx, s.Store, `SELECT `+cityLetterColumns+` FROM city_message WHERE down AND came_at >= ? AND came_at < ?`, store.At(from), store.At(to))
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		add(l.ID, d.city.Channel, citySource, int64(1+l.Repeats), 0, int64(l.Repeats), l.State == cityFailed)
	}
	type run struct {
		ID                         store.ID
		Source, State              string
		Read, Imported, Had, Wrong int64
	}
	runs, err := store.Select[run](ctx, s.Store, `SELECT id, source, state, rows_read AS read, imported, present AS had, refused AS wrong FROM import_run WHERE created_at >= ? AND created_at < ? AND state IN ('done', 'failed')`, store.At(from), store.At(to))
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		channel, ok := channelOf[r.Source]
		if !ok {
			err := s.Store.QueryRow(ctx, `SELECT COALESCE((SELECT channel FROM appeal WHERE source = ? AND external <> '' LIMIT 1), '')`, r.Source).Scan(&channel)
			if err != nil {
				return nil, err
			}
			channelOf[r.Source] = channel
		}
		add(r.ID, channel, r.Source, r.Read, r.Wrong, r.Had, r.State == "failed")
	}
	return out, nil
}

// qualityAtNight keeps how good the data of yesterday was, and of its month so far.
func (s *Service) qualityAtNight(ctx context.Context) (any, error) {
	yesterday := s.Store.Now().In(s.Zone()).AddDate(0, 0, -1)
	kept := 0
	for _, period := range []string{yesterday.Format(time.DateOnly), yesterday.Format("2006-01")} {
		q, err := s.Quality(ctx, period)
		if err != nil {
			return nil, err
		}
		err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, r := range q.Results {
				if r.Full == 0 {
					continue
				}
				kept++
				if _, err := tx.Exec(ctx, `INSERT INTO channel_quality (period, channel, at, points, rate, rank) VALUES (?, ?, ?, ?, ?, ?)
					ON CONFLICT (channel, period) DO UPDATE SET at = excluded.at, points = excluded.points, rate = excluded.rate, rank = excluded.rank`, period, r.Unit, q.At, r.Points, r.Rate, r.Rank); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return map[string]int{"kept": kept}, nil
}

// QualityLoss is a row that cost a channel points.
type QualityLoss struct {
	Grain     string   `json:"grain" enum:"arrival,day,delivery"`
	Indicator string   `json:"indicator"`
	Points    float64  `json:"points"`
	Appeal    store.ID `json:"appeal,omitempty" doc:"arrival: the appeal"`
	Label     string   `json:"label" doc:"Its number and title, the day, or the message or batch"`
}

// mostQualityLosses bounds a list of losses: the greatest first.
const mostQualityLosses = 200

// QualityLosses are the rows that cost a channel points in a period, the dearest
// first.
func (s *Service) QualityLosses(ctx context.Context, period, channel string) ([]QualityLoss, error) {
	q, err := s.Quality(ctx, period)
	if err != nil {
		return nil, err
	}
	book := s.district.Load().quality
	out := []QualityLoss{}
	keys := map[store.ID][]int{}
	for _, r := range q.Results {
		if r.Unit != channel {
			continue
		}
		for _, l := range r.Lines {
			ind := book.Indicator(l.ID)
			for _, x := range l.Losses {
				if x.Points < 0.0005 {
					continue
				}
				out = append(out, QualityLoss{Grain: ind.Grain, Indicator: l.ID, Points: math.Round(x.Points*1000) / 1000, Label: strconv.FormatInt(x.Key, 10)})
				if ind.Grain == "arrival" {
					out[len(out)-1].Appeal = store.ID(x.Key)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b QualityLoss) int { return int(math.Copysign(1, b.Points-a.Points)) })
	out = out[:min(len(out), mostQualityLosses)]
	for i, l := range out {
		switch l.Grain {
		case "arrival":
			keys[l.Appeal] = append(keys[l.Appeal], i)
		case "day":
			out[i].Label = l.Label[:4] + "-" + l.Label[4:6] + "-" + l.Label[6:]
		}
	}
	var ids []store.ID
	for id := range keys {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return out, nil
	}
	named, err := store.Select[struct {
		ID        store.ID
		No, Title string
	}](ctx, s.Store, `SELECT id, no, title FROM matter WHERE `+store.AnyOf("id", len(ids)), store.Args(ids...)...)
	for _, n := range named {
		for _, i := range keys[n.ID] {
			out[i].Label = strings.TrimSpace(n.No + " " + n.Title)
		}
	}
	return out, err
}

func (s *Service) mountQuality(srv *httpapi.Server) {
	const tag = "quality"
	read := httpapi.Roles("supervisor", "leader", "dispatcher", "reviewer", account.RoleAdmin)
	type periodInput struct {
		Period string `query:"period" required:"true" doc:"A day, 2026-11-26, or a month, 2026-11"`
	}
	httpapi.Register(srv, httpapi.Operation{ID: "get-quality", Method: http.MethodGet, Path: "/api/quality", Tag: tag, Access: read,
		Summary: "How good the data of each channel (分平台) was in a day or a month: completeness, timeliness, stability"}, func(ctx context.Context, in *periodInput) (*httpapi.Body[Quality], error) {
		q, err := s.Quality(ctx, in.Period)
		return httpapi.Answer(q, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-quality-book", Method: http.MethodGet, Path: "/api/quality/book", Tag: tag, Access: read,
		Summary: "The indicators of data quality and their scheme, with their definitions"}, func(context.Context, *struct{}) (*httpapi.Body[AssessBook], error) {
		b := s.district.Load().quality
		return httpapi.Answer(AssessBook{b.Indicators, b.Schemes}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-quality-losses", Method: http.MethodGet, Path: "/api/quality/losses", Tag: tag, Access: read,
		Summary: "The rows that cost a channel points, the dearest first"}, func(ctx context.Context, in *struct {
		Period  string `query:"period" required:"true" doc:"A day, 2026-11-26, or a month, 2026-11"`
		Channel string `query:"channel" required:"true"`
	}) (*httpapi.Body[[]QualityLoss], error) {
		l, err := s.QualityLosses(ctx, in.Period, in.Channel)
		return httpapi.Answer(l, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-quality-trend", Method: http.MethodGet, Path: "/api/quality/trend", Tag: tag, Access: read,
		Summary: "How a channel stood in the days or months that were kept, the oldest first"}, func(ctx context.Context, in *struct {
		Channel string `query:"channel" required:"true"`
		By      string `query:"by" enum:"day,month" default:"month"`
	}) (*httpapi.Body[[]AssessPoint], error) {
		length := 7
		if in.By == "day" {
			length = 10
		}
		all, err := store.Select[AssessPoint](ctx, s.Store, `SELECT period AS month, points, rate, rank FROM channel_quality WHERE channel = ? AND length(period) = ? ORDER BY period DESC LIMIT 31`, in.Channel, length)
		slices.Reverse(all)
		return httpapi.Answer(all, err)
	})
}
