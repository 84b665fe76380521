package cim

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"math"
	"mime/multipart"
	"net/http"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/systems/cim/check"
)

// mountCheckIns adds the check-in of city data.
func (s *Service) mountCheckIns(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "hand-in-city-data", Method: http.MethodPost, Path: "/api/city/checkins", Tag: tag, Access: keepers, Status: http.StatusCreated, MaxBody: maxDelivery + 1<<20,
		Summary: "Hand in a file of city data to be checked (检查入库)", Text: "A form of `file` (CityJSON, GeoJSON, Shapefile in a zip, GeoPackage, OBJ, GLB, 3D Tiles in a zip, tables of pipes, EPANET, SWMM, ASCII grid, GeoTIFF, LAS) and, where they are known, `crs`, `heights`, `layer`, `source` and `epoch`. It is read and judged by itself."}, s.handIn)
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-checkins", Method: http.MethodGet, Path: "/api/city/checkins", Tag: tag, Access: matched,
		Summary: "Batches of city data, the newest first"}, func(ctx context.Context, in *struct {
		State  string `query:"state" enum:"queued,checking,checked,failed,publishing,published,refused,withdrawn,"`
		Before string `query:"before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*httpapi.Body[httpapi.Page[CheckIn]], error) {
		before, err := afterOf(in.Before)
		if err != nil {
			return nil, err
		}
		list, err := s.CheckIns(ctx, httpapi.Actor(ctx), in.State, before, in.Limit)
		page := httpapi.Page[CheckIn]{Items: list}
		if len(list) == in.Limit {
			page.Next = list[len(list)-1].ID.String()
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-city-checkin", Method: http.MethodGet, Path: "/api/city/checkins/{id}", Tag: tag, Access: matched,
		Summary: "One batch: how far its check is, what was read, how much is wrong"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[CheckIn], error) {
		return httpapi.Answer(s.checkIn(ctx, s.Store, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-findings", Method: http.MethodGet, Path: "/api/city/checkins/{id}/findings", Tag: tag, Access: matched,
		Summary: "What is wrong with a batch, with codes and places"}, s.listFindings)
	httpapi.Register(srv, httpapi.Operation{ID: "get-city-finding-plan", Method: http.MethodGet, Path: "/api/city/checkins/{id}/findings/{seq}/plan", Tag: tag, Access: matched,
		Summary: "What lies about a finding, in metres east, north and up of it, to be drawn"}, func(ctx context.Context, in *struct {
		PlaceKey
		Seq int `path:"seq" minimum:"1"`
	}) (*httpapi.Body[FindingPlan], error) {
		return httpapi.Answer(s.FindingPlan(ctx, in.ID.ID, in.Seq))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-city-error-sheet", Method: http.MethodGet, Path: "/api/city/checkins/{id}/sheet", Tag: tag, Access: matched,
		Summary: "The error sheet of a batch (错误清单) as a table or as GeoJSON"}, s.errorSheet)
	httpapi.Register(srv, httpapi.Operation{ID: "decide-city-checkin", Method: http.MethodPost, Path: "/api/city/checkins/{id}/decision", Tag: tag, Access: keepers,
		Summary: "Publish a batch, send it back, take it back, or have it checked again by another reference system; who handed it in neither publishes it nor sends it back"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body struct {
			Action  string `json:"action" enum:"publish,refuse,withdraw,recheck"`
			Version int    `json:"version"`
			Reason  string `json:"reason,omitempty" maxLength:"300"`
			Partial bool   `json:"partial,omitempty" doc:"What has errors may stay out"`
			CRS     string `json:"crs,omitempty" maxLength:"200"`
			Heights string `json:"heights,omitempty" maxLength:"60"`
		}
	}) (*httpapi.Body[CheckIn], error) {
		b := in.Body
		return httpapi.Answer(s.Decide(ctx, httpapi.Actor(ctx), in.ID.ID, b.Version, b.Action, b.Reason, b.Partial, b.CRS, b.Heights))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-city-objects", Method: http.MethodGet, Path: "/api/city/objects", Tag: tag, Access: matched,
		Summary: "What was published, by layer, batch, code or identifier, with source, day and what it took the place of"}, s.listCityObjects)
}

func (s *Service) handIn(ctx context.Context, in *struct{ RawBody multipart.Form }) (*httpapi.Body[CheckIn], error) {
	files := in.RawBody.File["file"]
	if len(files) != 1 {
		return nil, httpapi.FailField("file", "required")
	}
	value := func(name string) string {
		if v := in.RawBody.Value[name]; len(v) > 0 && len(v[0]) <= 300 {
			return v[0]
		}
		return ""
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return httpapi.Answer(s.HandIn(ctx, httpapi.Actor(ctx), Delivered{Name: files[0].Filename, CRS: value("crs"), Heights: value("heights"), Layer: value("layer"), Source: value("source"), Epoch: value("epoch")}, f))
}

// CityFinding is a finding of a batch.
type CityFinding struct {
	Seq int `json:"seq"`
	check.Breach
}

type findingRow struct {
	Seq    int
	Number int
	Body   string
}

func (r findingRow) finding() (f CityFinding, err error) {
	f.Seq = r.Seq
	err = json.Unmarshal([]byte(r.Body), &f.Breach)
	f.Number = r.Number
	return f, err
}

func (s *Service) listFindings(ctx context.Context, in *struct {
	PlaceKey
	Code     string `query:"code" maxLength:"40"`
	Severity string `query:"severity" enum:"error,warning,notice,"`
	Object   string `query:"object" maxLength:"200"`
	After    int    `query:"after" minimum:"0"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*httpapi.Body[httpapi.Page[CityFinding]], error) {
	rows, err := store.Select[findingRow](ctx, s.Store, `SELECT seq, number, body FROM cim_finding WHERE checkin = ? AND seq > ? AND (? = '' OR code = ?) AND (? = '' OR severity = ?) AND (? = '' OR object = ?) ORDER BY seq LIMIT ?`,
		int64(in.ID.ID), in.After, in.Code, in.Code, in.Severity, in.Severity, in.Object, in.Object, in.Limit)
	if err != nil {
		return nil, err
	}
	page := httpapi.Page[CityFinding]{Items: []CityFinding{}}
	for _, r := range rows {
		f, err := r.finding()
		if err != nil {
			return nil, err
		}
		page.Items = append(page.Items, f)
	}
	if len(rows) == in.Limit {
		page.Next = jsonInt(rows[len(rows)-1].Seq)
	}
	return httpapi.Answer(page, nil)
}

func jsonInt(n int) string { raw, _ := json.Marshal(n); return string(raw) }

// FindingPlan is what lies about a finding, to be drawn: metres east, north and up of it.
type FindingPlan struct {
	Finding CityFinding  `json:"finding"`
	Objects []PlanObject `json:"objects"`
	Cut     bool         `json:"cut,omitempty" doc:"There is more than is drawn"`
}

// PlanObject is an object about a finding.
type PlanObject struct {
	Object string     `json:"object"`
	Kind   string     `json:"kind"`
	Own    bool       `json:"own,omitempty" doc:"The finding is of this object"`
	Rings  []PlanRing `json:"rings"`
}

// PlanRing is a ring, a line or a place.
type PlanRing struct {
	Closed   bool         `json:"closed,omitempty"`
	Semantic string       `json:"semantic,omitempty"`
	At       [][3]float64 `json:"at"`
}

// The most objects and places that a plan draws.
const (
	planObjects = 60
	planPlaces  = 6000
)

// FindingPlan is what lies about a finding of a batch.
func (s *Service) FindingPlan(ctx context.Context, checkIn store.ID, seq int) (p FindingPlan, err error) {
	row, err := store.Get[findingRow](ctx, s.Store, `SELECT seq, number, body FROM cim_finding WHERE checkin = ? AND seq = ?`, int64(checkIn), seq)
	if err != nil {
		return p, err
	}
	p.Objects = []PlanObject{}
	if p.Finding, err = row.finding(); err != nil {
		return p, err
	}
	f := p.Finding
	type stagedRow struct {
		Number                   int
		Kind                     string
		Ext                      string
		Shapes                   string
		West, South, East, North float64
		Low                      float64
	}
	const columns = `SELECT number, kind, ext, shapes, west, south, east, north, low FROM cim_staged WHERE checkin = ? AND `
	var own []stagedRow
	switch {
	case f.Number >= 0:
		own, err = store.Select[stagedRow](ctx, s.Store, columns+`number = ?`, int64(checkIn), f.Number)
	case f.Object != "":
		own, err = store.Select[stagedRow](ctx, s.Store, columns+`(ext = ? OR ext LIKE ?) ORDER BY number LIMIT 4`, int64(checkIn), f.Object, "%:"+store.Literal(f.Object))
	}
	if err != nil {
		return p, err
	}
	var at [3]float64
	switch {
	case f.At != nil:
		at = [3]float64(*f.At)
	case len(own) > 0:
		at = [3]float64{(own[0].West + own[0].East) / 2, (own[0].South + own[0].North) / 2, own[0].Low}
	default:
		return p, nil
	}
	// About the object, and some more of what is beside it.
	const metre = 1 / 111195.0
	wide := math.Cos(at[1] * math.Pi / 180)
	box := [4]float64{at[0] - 15*metre/wide, at[1] - 15*metre, at[0] + 15*metre/wide, at[1] + 15*metre}
	for _, o := range own {
		if o.East-o.West < 400*metre/wide && o.North-o.South < 400*metre {
			box = [4]float64{min(box[0], o.West), min(box[1], o.South), max(box[2], o.East), max(box[3], o.North)}
		}
	}
	near, err := store.Select[stagedRow](ctx, s.Store, columns+`west <= ? AND east >= ? AND south <= ? AND north >= ? AND west <> 0 ORDER BY number LIMIT ?`, int64(checkIn), box[2], box[0], box[3], box[1], planObjects+1)
	if err != nil {
		return p, err
	}
	seen := map[int]bool{}
	places := 0
	for i, o := range append(own, near...) {
		if seen[o.Number] {
			continue
		}
		seen[o.Number] = true
		if len(p.Objects) >= planObjects || places > planPlaces {
			p.Cut = true
			break
		}
		var shapes []CityShape
		if err := json.Unmarshal([]byte(o.Shapes), &shapes); err != nil {
			return p, err
		}
		d := PlanObject{Object: o.Ext, Kind: o.Kind, Own: i < len(own), Rings: []PlanRing{}}
		ring := func(list [][3]float64, closed bool, semantic string) {
			r := PlanRing{Closed: closed, Semantic: semantic}
			for _, v := range list {
				r.At = append(r.At, [3]float64{math.Round((v[0]-at[0])/metre*wide*1e4) / 1e4, math.Round((v[1]-at[1])/metre*1e4) / 1e4, math.Round((v[2]-at[2])*1e4) / 1e4})
			}
			places += len(list)
			if places <= 2*planPlaces && len(list) > 0 {
				d.Rings = append(d.Rings, r)
			}
		}
		for _, sh := range shapes {
			for _, v := range sh.Points {
				ring([][3]float64{v}, false, "")
			}
			for _, l := range sh.Lines {
				ring(l, false, "")
			}
			for _, shell := range sh.Shells {
				for _, face := range shell {
					for _, r := range face.Rings {
						ring(r, true, face.Semantic)
					}
				}
			}
		}
		p.Objects = append(p.Objects, d)
	}
	return p, nil
}

// findingsOf gives all findings of a batch.
func (s *Service) findingsOf(ctx context.Context, id store.ID) iter.Seq2[check.Breach, error] {
	return func(yield func(check.Breach, error) bool) {
		for after := 0; ; {
			rows, err := store.Select[findingRow](ctx, s.Store, `SELECT seq, number, body FROM cim_finding WHERE checkin = ? AND seq > ? ORDER BY seq LIMIT 1000`, int64(id), after)
			if err != nil {
				yield(check.Breach{}, err)
				return
			}
			for _, r := range rows {
				f, err := r.finding()
				if !yield(f.Breach, err) || err != nil {
					return
				}
				after = r.Seq
			}
			if len(rows) < 1000 {
				return
			}
		}
	}
}

func (s *Service) errorSheet(ctx context.Context, in *struct {
	PlaceKey
	Format string `query:"format" enum:"csv,xlsx,geojson" default:"xlsx"`
	Lang   string `query:"lang" enum:"zh,en" default:"zh"`
}) (*httpapi.Download, error) {
	who := httpapi.Actor(ctx)
	c, err := s.checkIn(ctx, s.Store, who, in.ID.ID)
	if err != nil {
		return nil, err
	}
	if err := s.noteSheet(ctx, who, c, in.Format); err != nil {
		return nil, err
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "geojson": "application/geo+json"}[in.Format]
	return httpapi.NewDownload(kind, "errors-"+c.ID.String()+"."+in.Format, func(out io.Writer) error {
		list := s.findingsOf(ctx, c.ID)
		switch in.Format {
		case "geojson":
			return check.WriteGeoJSON(out, list)
		case "xlsx":
			w, err := table.NewXLSX(out, check.SheetColumns(in.Lang), table.XLSXOptions{Zone: s.zone(), Mark: who.Name})
			if err != nil {
				return err
			}
			return check.WriteSheet(w, list, in.Lang)
		}
		w, err := table.NewCSV(out, check.SheetColumns(in.Lang), table.CSVOptions{BOM: true, Zone: s.zone()})
		if err != nil {
			return err
		}
		return check.WriteSheet(w, list, in.Lang)
	}), nil
}

func (s *Service) noteSheet(ctx context.Context, who account.Actor, c CheckIn, format string) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "cim.sheet", Object: "checkin/" + c.ID.String()}, map[string]any{"rows": c.Errors + c.Warnings + c.Notices, "format": format})
	})
}

// CityObject is an object of the city model, as it was from a moment on.
type CityObject struct {
	ID         store.ID        `json:"id"`
	Layer      string          `json:"layer"`
	Object     string          `json:"object" doc:"Its identifier in the layer"`
	Kind       string          `json:"kind"`
	Code       string          `json:"code,omitempty"`
	Place      store.ID        `json:"place,omitempty" doc:"In the register"`
	Box        [6]float64      `json:"box" doc:"West, south, low, east, north, high"`
	Attributes json.RawMessage `json:"attributes"`
	Shapes     []CityShape     `json:"shapes,omitempty"`
	Source     string          `json:"source"`
	Epoch      string          `json:"epoch"`
	CheckIn    store.ID        `json:"checkin"`
	At         store.Time      `json:"at"`
	Until      store.Time      `json:"until,omitzero" doc:"When another took its place"`
}

func (s *Service) listCityObjects(ctx context.Context, in *struct {
	Layer   string `query:"layer" maxLength:"120"`
	Object  string `query:"object" maxLength:"200"`
	Code    string `query:"code" maxLength:"40"`
	CheckIn string `query:"checkin"`
	Past    bool   `query:"past" doc:"Also what another took the place of"`
	Shapes  bool   `query:"shapes" doc:"With their geometry"`
	After   string `query:"after"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*httpapi.Body[httpapi.Page[CityObject]], error) {
	after, err := afterOf(in.After)
	if err != nil {
		return nil, err
	}
	batch, err := afterOf(in.CheckIn)
	if err != nil {
		return nil, httpapi.FailField("checkin", "invalid")
	}
	cond, args := `id > ?`, []any{int64(after)}
	for column, v := range map[string]string{"layer": in.Layer, "ext": in.Object, "code": in.Code} {
		if v != "" {
			cond, args = cond+` AND `+column+` = ?`, append(args, v)
		}
	}
	if batch != 0 {
		cond, args = cond+` AND checkin = ?`, append(args, int64(batch))
	}
	if !in.Past {
		cond += ` AND until IS NULL`
	}
	rows, err := store.Select[struct {
		ID, Checkin                         store.ID
		Layer, Ext, Kind, Code              string
		Place                               *int64
		West, South, East, North, Low, High float64
		Attributes, Shapes, Source, Epoch   string
		At, Until                           store.Time
	}](ctx, s.Store, `SELECT id, checkin, layer, ext, kind, code, place, west, south, east, north, low, high, attributes, shapes, source, epoch, at, until FROM cim_city_object WHERE `+cond+` ORDER BY id LIMIT ?`, append(args, in.Limit)...)
	if err != nil {
		return nil, err
	}
	page := httpapi.Page[CityObject]{Items: []CityObject{}}
	for _, r := range rows {
		o := CityObject{ID: r.ID, Layer: r.Layer, Object: r.Ext, Kind: r.Kind, Code: r.Code, Box: [6]float64{r.West, r.South, r.Low, r.East, r.North, r.High}, Attributes: json.RawMessage(r.Attributes), Source: r.Source, Epoch: r.Epoch, CheckIn: r.Checkin, At: r.At, Until: r.Until}
		if r.Place != nil {
			o.Place = store.ID(*r.Place)
		}
		if in.Shapes {
			if err := json.Unmarshal([]byte(r.Shapes), &o.Shapes); err != nil {
				return nil, err
			}
		}
		page.Items = append(page.Items, o)
	}
	if len(rows) == in.Limit {
		page.Next = rows[len(rows)-1].ID.String()
	}
	return httpapi.Answer(page, nil)
}
