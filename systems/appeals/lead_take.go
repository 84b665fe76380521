package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
)

// NewLead is a lead as its source tells it.
type NewLead struct {
	Source     string    `json:"source" minLength:"1" maxLength:"40" doc:"Who found it: patrol, media, a system's name"`
	External   string    `json:"external,omitempty" maxLength:"200" doc:"The source's own number: the same source and number are the same lead"`
	Title      string    `json:"title,omitempty" maxLength:"100"`
	Text       string    `json:"text" doc:"5 to 4,000 characters"`
	Address    string    `json:"address,omitempty" maxLength:"300"`
	Place      string    `json:"place,omitempty" doc:"Code of a street or community"`
	Lon        *float64  `json:"lon,omitempty" doc:"WGS-84"`
	Lat        *float64  `json:"lat,omitempty"`
	Item       string    `json:"item,omitempty" doc:"Code of a duty item; guessed when absent"`
	Confidence *float64  `json:"confidence,omitempty" minimum:"0" maximum:"1" doc:"How sure the source is; 0.5 when absent"`
	Link       string    `json:"link,omitempty" maxLength:"500" doc:"Where the evidence is"`
	Files      []string  `json:"files,omitempty" maxItems:"9"`
	Found      time.Time `json:"found_at,omitzero" doc:"Now when absent"`

	reason string
}

// LeadSource is another system whose events are leads (flood alarms, drone
// findings, asset patrols). The house gives those that it has to the service.
type LeadSource interface {
	// Lead reads an event; false where it is none. Its source and external number
	// must be the same whenever the same event is read.
	Lead(subject, key string, body json.RawMessage) (NewLead, bool)
}

// checkLead holds what a source tells to what a lead must be, and says where it is.
func (s *Service) checkLead(ctx context.Context, who account.Actor, in *NewLead) (at spot, err error) {
	d := s.district.Load()
	in.Source, in.External, in.Link = strings.TrimSpace(text.Clean(in.Source)), strings.TrimSpace(in.External), strings.TrimSpace(in.Link)
	in.Text, in.Title, in.Address = text.Mask(text.Clean(in.Text)), text.Mask(text.Clean(in.Title)), text.Mask(text.Clean(in.Address))
	long := func(v string, most int) bool { return utf8.RuneCountInString(v) > most }
	switch {
	case in.Source == "":
		return at, httpapi.FailField("source", "required")
	case long(in.Source, 40):
		return at, httpapi.FailField("source", "too_long")
	case in.Source == forecastSource && !who.IsSystem():
		return at, httpapi.FailField("source", "taken")
	case long(in.External, 200) || !utf8.ValidString(in.External):
		return at, httpapi.FailField("external", "too_long")
	case utf8.RuneCountInString(in.Text) < 5:
		return at, httpapi.FailField("text", "too_short")
	case long(in.Text, 4000):
		return at, httpapi.FailField("text", "too_long")
	case long(in.Title, 100):
		return at, httpapi.FailField("title", "too_long")
	case long(in.Address, 300):
		return at, httpapi.FailField("address", "too_long")
	case (in.Lon == nil) != (in.Lat == nil):
		return at, httpapi.FailField("lon", "required")
	case in.Lon != nil && !(*in.Lon >= -180 && *in.Lon <= 180 && *in.Lat >= -90 && *in.Lat <= 90):
		return at, httpapi.FailField("lon", "out_of_range")
	case in.Confidence != nil && !(*in.Confidence >= 0 && *in.Confidence <= 1):
		return at, httpapi.FailField("confidence", "out_of_range")
	case in.Item != "" && d.duty.Item(in.Item) == nil:
		return at, httpapi.FailField("item", "no_such_item")
	case len(in.Files) > maxFiles:
		return at, httpapi.FailField("files", "too_many_values")
	case !in.Found.IsZero() && (in.Found.After(s.Store.Now().Add(5*time.Minute)) || in.Found.Year() < 2000):
		return at, httpapi.FailField("found_at", "out_of_range")
	}
	if u, err := url.Parse(in.Link); in.Link != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || long(in.Link, 500)) {
		return at, httpapi.FailField("link", "invalid")
	}
	if err := s.checkFiles(ctx, in.Files, "no_such_option"); err != nil {
		return at, err
	}
	if in.Title == "" {
		in.Title = firstClause(in.Text)
	}
	if in.Place != "" {
		ok := false
		if at, ok = d.spotOf(in.Place); !ok {
			return at, httpapi.FailField("place", "no_such_place")
		}
	} else {
		at = d.locate.find(in.Lon, in.Lat, in.Address+" "+in.Title+" "+in.Text)
	}
	sc := s.leadScope(who)
	if at.Street == "" && !sc.all && len(sc.places) > 0 {
		at, _ = d.spotOf(sc.places[0]) // who serves one place speaks of it
	}
	if !sc.has(at.Street, at.Community) {
		return at, ErrLeadRight
	}
	return at, nil
}

// AddLead takes a lead. The same source and external number give the lead that is
// there already, as it is now, and false.
func (s *Service) AddLead(ctx context.Context, who account.Actor, in NewLead) (*Lead, bool, error) {
	at, err := s.checkLead(ctx, who, &in)
	if err != nil {
		return nil, false, err
	}
	if in.Found.IsZero() {
		in.Found = s.Store.Now()
	}
	if in.Files == nil {
		in.Files = []string{}
	}
	l := &Lead{Source: in.Source, External: in.External, State: "found", Title: in.Title, Text: in.Text, Address: in.Address, Lon: in.Lon, Lat: in.Lat, Street: at.Street, Community: at.Community,
		Item: in.Item, Confidence: 0.5, Link: in.Link, Files: in.Files, Found: store.At(in.Found)}
	if in.Confidence != nil {
		l.Confidence = *in.Confidence
	}
	if l.Item != "" {
		l.ItemP = 1
	} else if err := s.guessItem(ctx, l); err != nil {
		return nil, false, err
	}
	var got *Lead
	fresh := false
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		n := *l
		n.ID, n.RawFiles, n.RawReason = tx.NewID(), encodeList(in.Files), in.reason
		if n.External == "" {
			n.External = n.ID.String()
		}
		rows, err := tx.Exec(ctx, `INSERT INTO lead (`+strings.ReplaceAll(leadColumns, "l.", "")+`) VALUES (?`+strings.Repeat(`,?`, 19)+`) ON CONFLICT (source, external) DO NOTHING`, n.values()...)
		if err != nil {
			return err
		}
		if fresh = rows == 1; !fresh {
			have, err := store.Get[Lead](ctx, tx, `SELECT `+leadColumns+` FROM lead l WHERE l.source = ? AND l.external = ?`, n.Source, n.External)
			got = &have
			return err
		}
		body := n
		body.Version = 0
		if err := s.leadEvent(ctx, tx, &n, who, leadFound, leadData{Lead: &body, Reason: in.reason}); err != nil {
			return err
		}
		got = &n
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "lead.found", Object: "lead/" + n.ID.String()}, map[string]any{"source": n.Source, "external": n.External})
	})
	if err != nil {
		return nil, false, err
	}
	return got, fresh, nil
}

// guessItem asks the ranker what a lead is about.
func (s *Service) guessItem(ctx context.Context, l *Lead) error {
	sg, err := s.suggest(ctx, &caseflow.Matter{Title: l.Title, Class: Normal, OpenedAt: l.Found}, &Appeal{Text: l.Text, Address: l.Address, Street: l.Street, Community: l.Community, Kind: "other"})
	if err != nil || len(sg.Candidates) == 0 || sg.Unlisted {
		return err
	}
	l.Item, l.ItemP = sg.Candidates[0].Item, sg.P
	return nil
}

// leadHeads are the names that a column of a table of leads may have.
var leadHeads = map[string][]string{
	"external": {"编号", "线索编号", "external", "id"}, "title": {"标题", "title"}, "text": {"内容", "线索内容", "描述", "text", "description"}, "address": {"地址", "地点", "address"},
	"place": {"街道社区", "社区", "街道", "place"}, "lon": {"经度", "lon", "lng"}, "lat": {"纬度", "lat"}, "item": {"事项", "事项编码", "item"}, "confidence": {"可信度", "confidence"},
	"link": {"链接", "网址", "link", "url"}, "found_at": {"发现时间", "时间", "found_at"},
}

// mostLeadRows bounds the rows of one table of leads.
const mostLeadRows = 5000

// LeadTable is what came of a table of leads.
type LeadTable struct {
	Added    int          `json:"added"`
	Twice    int          `json:"twice" doc:"Rows that were there already"`
	Rejected []LeadReject `json:"rejected"`
}

// LeadReject is a row that was refused.
type LeadReject struct {
	Line  int    `json:"line"`
	Field string `json:"field"`
	Code  string `json:"code"`
}

// AddLeads takes a CSV or XLSX of leads of one source. Good rows are taken, the
// others answered with line and reason; the whole file can be handed in again.
func (s *Service) AddLeads(ctx context.Context, who account.Actor, source, name string, file io.ReaderAt, size int64) (LeadTable, error) {
	out := LeadTable{Rejected: []LeadReject{}}
	t, err := table.NewReader(name, file, size, table.Options{Trim: true, Unguard: true})
	if err != nil {
		return out, httpapi.FailDetail(422, "invalid", err.Error())
	}
	defer t.Close()
	at := map[string]int{}
	for field, names := range leadHeads {
		for i, c := range t.Columns() {
			if slices.Contains(names, strings.ToLower(text.Normalize(c))) || slices.Contains(names, c) {
				at[field] = i + 1
				break
			}
		}
	}
	if at["text"] == 0 {
		return out, httpapi.FailDetail(422, "invalid", fmt.Sprintf("no column %s; the columns are %s", strings.Join(leadHeads["text"], " / "), listColumns(t.Columns())))
	}
	d := s.district.Load()
	for n := 0; ; n++ {
		row, err := t.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, httpapi.FailDetail(422, "invalid", err.Error())
		}
		if n >= mostLeadRows {
			return out, httpapi.FailField("file", "too_many_values")
		}
		reject := func(field, code string) { out.Rejected = append(out.Rejected, LeadReject{row.Line, field, code}) }
		get := func(field string) string {
			if i := at[field]; i > 0 && i <= len(row.Cells) {
				return row.Cells[i-1]
			}
			return ""
		}
		in := NewLead{Source: source, External: get("external"), Title: get("title"), Text: get("text"), Address: get("address"), Link: get("link")}
		wrong := ""
		number := func(field string) *float64 {
			v := strings.TrimSuffix(get(field), "%")
			if v == "" {
				return nil
			}
			f, err := strconv.ParseFloat(v, 64)
			if err != nil || f != f {
				wrong = field
				return nil
			}
			if v != get(field) {
				f /= 100
			}
			return &f
		}
		in.Lon, in.Lat, in.Confidence = number("lon"), number("lat"), number("confidence")
		if wrong != "" {
			reject(wrong, "not_a_number")
			continue
		}
		if v := get("found_at"); v != "" {
			if in.Found, _, err = table.ParseTime(v, []string{"ymd", "excel"}, d.zone); err != nil {
				reject("found_at", "not_a_time")
				continue
			}
		}
		if v := get("item"); v != "" {
			if in.Item = v; d.duty.Item(v) == nil {
				i := slices.IndexFunc(d.duty.Items, func(it *DutyItem) bool { return it.L3 == v })
				if i < 0 {
					reject("item", "no_such_item")
					continue
				}
				in.Item = d.duty.Items[i].Code
			}
		}
		if v := get("place"); v != "" {
			if _, ok := d.spotOf(v); ok {
				in.Place = v
			} else if at := d.locate.find(nil, nil, v); at.Community != "" {
				in.Place = at.Community
			} else if in.Place = at.Street; in.Place == "" {
				reject("place", "no_such_place")
				continue
			}
		}
		_, fresh, err := s.AddLead(ctx, who, in)
		var p *httpapi.Problem
		switch {
		case errors.Is(err, ErrLeadRight):
			reject("place", "forbidden")
		case errors.As(err, &p) && len(p.Errors) > 0:
			reject(strings.TrimPrefix(p.Errors[0].Location, "body."), p.Errors[0].Message)
		case err != nil:
			return out, err
		case fresh:
			out.Added++
		default:
			out.Twice++
		}
	}
}
