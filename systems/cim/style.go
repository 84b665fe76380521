package cim

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/store"
)

// Style is what buildings or units are coloured by (着色): what changes is never in a tile but
// asked for, code by code.
type Style struct {
	Name   string            `json:"name"`
	Level  string            `json:"level" enum:"building,unit"`
	Kind   string            `json:"kind" enum:"category,number,share"`
	Title  map[string]string `json:"title"`
	values func(s *Service, ctx context.Context, b Box, put func(code string, v any)) error
}

// Styles are those that there are.
var Styles = []Style{
	{"use", "building", "category", map[string]string{"zh": "用途", "en": "Use"}, buildingStyle(func(t *Thing, _ *styledDetail) any { return t.Class })},
	{"built", "building", "number", map[string]string{"zh": "建成年份", "en": "Year built"}, buildingStyle(func(_ *Thing, d *styledDetail) any { return d.Year })},
	{"floors", "building", "number", map[string]string{"zh": "层数", "en": "Floors"}, buildingStyle(func(_ *Thing, d *styledDetail) any { return d.Floors })},
	{"height", "building", "number", map[string]string{"zh": "高度（米）", "en": "Height (m)"}, buildingStyle(func(t *Thing, _ *styledDetail) any { return float64(int((t.High-t.Low)*10)) / 10 })},
	{"vacancy", "building", "share", map[string]string{"zh": "空置率", "en": "Vacancy"}, (*Service).vacancyStyle},
	{"appeals", "building", "number", map[string]string{"zh": "诉求件数", "en": "Appeals"}, (*Service).appealsStyle},
	{"unit-state", "unit", "category", map[string]string{"zh": "使用状态", "en": "State"}, unitStyle(func(state string, _ *place.PlaceDetail) any { return state })},
	{"unit-use", "unit", "category", map[string]string{"zh": "房屋用途", "en": "Use of the unit"}, unitStyle(func(_ string, d *place.PlaceDetail) any { return d.Use })},
	{"unit-area", "unit", "number", map[string]string{"zh": "房屋面积（㎡）", "en": "Area of the unit (m²)"}, unitStyle(func(_ string, d *place.PlaceDetail) any { return d.Area })},
}

// StyleValues are the values of a style in a box: of codes[i] values[i].
type StyleValues struct {
	Style
	Codes  []string `json:"codes"`
	Values []any    `json:"values"`
	More   bool     `json:"more" doc:"There are more than are told: ask for a smaller box"`
}

// mostStyled bounds an answer: at the level of units a box of some square kilometres.
const mostStyled = 200_000

type styledDetail struct {
	Year   int
	Floors int
}

// StyleOf gives the values of a style in a box.
func (s *Service) StyleOf(ctx context.Context, who account.Actor, name string, b Box) (out StyleValues, err error) {
	if err := b.Valid(); err != nil {
		return out, err
	}
	if !sees(who, Buildings) {
		return out, store.ErrNotFound
	}
	for _, st := range Styles {
		if st.Name != name {
			continue
		}
		out = StyleValues{Style: st, Codes: []string{}, Values: []any{}}
		err := st.values(s, ctx, b, func(code string, v any) {
			if len(out.Codes) >= mostStyled {
				out.More = true
				return
			}
			out.Codes, out.Values = append(out.Codes, code), append(out.Values, v)
		})
		return out, err
	}
	return out, store.ErrNotFound
}

func buildingStyle(of func(*Thing, *styledDetail) any) func(*Service, context.Context, Box, func(string, any)) error {
	return func(s *Service, ctx context.Context, b Box, put func(string, any)) error {
		kind, err := s.spatial(ctx)
		if err != nil {
			return err
		}
		from, args := inBox(s.Store, kind == "postgis", Buildings, b)
		rows, err := s.Store.Query(ctx, `SELECT t.code, t.class, t.low, t.high, t.detail FROM `+from+` LIMIT ?`, append(args, mostStyled+1)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var t Thing
			var raw []byte
			if err := rows.Scan(&t.Code, &t.Class, &t.Low, &t.High, &raw); err != nil {
				return err
			}
			var d styledDetail
			_ = json.Unmarshal(raw, &d)
			put(t.Code, of(&t, &d))
		}
		return rows.Err()
	}
}

// mostDeep bounds the buildings whose units one answer tells.
const mostDeep = 400

// deepIn are the buildings of a box whose units are known, by code.
func (s *Service) deepIn(ctx context.Context, b Box) ([]string, error) {
	if b.wide() {
		return store.Select[string](ctx, s.Store, `SELECT t.code FROM cim_body y JOIN cim_thing t ON t.id = y.thing WHERE y.deep = ? AND t.west <= ? AND t.east >= ? AND t.south <= ? AND t.north >= ? ORDER BY t.code`, true, b.East, b.West, b.North, b.South)
	}
	kind, err := s.spatial(ctx)
	if err != nil {
		return nil, err
	}
	from, args := inBox(s.Store, kind == "postgis", Buildings, b)
	return store.Select[string](ctx, s.Store, `SELECT t.code FROM `+from+` AND EXISTS (SELECT 1 FROM cim_body y WHERE y.thing = t.id AND y.deep = ?) ORDER BY t.code`, append(args, true)...)
}

func unitStyle(of func(string, *place.PlaceDetail) any) func(*Service, context.Context, Box, func(string, any)) error {
	return func(s *Service, ctx context.Context, b Box, put func(string, any)) error {
		codes, err := s.deepIn(ctx, b)
		if err != nil {
			return err
		}
		if len(codes) > mostDeep {
			return httpapi.FailDetail(http.StatusUnprocessableEntity, "box_wide", "")
		}
		for _, code := range codes {
			rows, err := store.Select[struct{ Value, State, Detail string }](ctx, s.Store, `SELECT c.value, o.state, o.detail FROM place_code c JOIN place_object o ON o.id = c.object WHERE c.scheme = 'house' AND c.value > ? AND c.value < ? AND c.until = '' AND o.kind = 'unit'`, code, code+":")
			if err != nil {
				return err
			}
			for _, r := range rows {
				var d place.PlaceDetail
				_ = json.Unmarshal([]byte(r.Detail), &d)
				put(r.Value, of(r.State, &d))
			}
		}
		return nil
	}
}

// vacancies are the shares of units that stand vacant, by building, as of a stamp of the
// register.
type vacancies struct {
	mu    sync.Mutex
	stamp string
	share map[string]float64
}

func (s *Service) vacancyStyle(ctx context.Context, b Box, put func(string, any)) error {
	codes, err := s.deepIn(ctx, b)
	if err != nil {
		return err
	}
	share, err := s.vacancyOf(ctx, codes)
	for _, code := range codes {
		if v, ok := share[code]; ok {
			put(code, v)
		}
	}
	return err
}

// vacancyOf counts the units of buildings, of few by themselves, of many community by
// community, which is kept until the register changes.
func (s *Service) vacancyOf(ctx context.Context, codes []string) (map[string]float64, error) {
	const count = `SELECT substr(c.value, 1, 19) AS code, count(*) AS n, sum(CASE WHEN o.state = 'vacant' THEN 1 ELSE 0 END) AS vacant FROM place_code c JOIN place_object o ON o.id = c.object WHERE c.scheme = 'house' AND c.value > ? AND c.value < ? AND c.until = '' AND o.kind = 'unit' GROUP BY 1`
	out := map[string]float64{}
	add := func(prefix string) error {
		rows, err := store.Select[struct {
			Code   string
			N      int
			Vacant int
		}](ctx, s.Store, count, prefix, prefix+":")
		for _, r := range rows {
			out[r.Code] = float64(r.Vacant*1000/r.N) / 1000
		}
		return err
	}
	if len(codes) <= mostDeep {
		for _, code := range codes {
			if err := add(code); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	stamp, err := s.registerStamp(ctx)
	if err != nil {
		return nil, err
	}
	s.vacant.mu.Lock()
	defer s.vacant.mu.Unlock()
	if s.vacant.share != nil && s.vacant.stamp == stamp {
		return s.vacant.share, nil
	}
	last := ""
	for _, code := range codes { // they are in order
		if prefix := code[:12]; prefix != last {
			last = prefix
			if err := add(prefix); err != nil {
				return nil, err
			}
		}
	}
	all, err := s.deepIn(ctx, Box{-180, -90, 180, 90})
	if err == nil && len(all) == len(codes) { // the whole city: keep it
		s.vacant.stamp, s.vacant.share = stamp, out
	}
	return out, err
}

func (s *Service) appealsStyle(ctx context.Context, b Box, put func(string, any)) error {
	rows, err := store.Select[struct {
		Code string
		N    int
	}](ctx, s.Store, `SELECT t.code, count(*) AS n FROM place_link l JOIN cim_thing t ON t.id = l.object WHERE l.party_kind = 'matter' AND t.layer = ? AND t.west <= ? AND t.east >= ? AND t.south <= ? AND t.north >= ? GROUP BY t.code ORDER BY t.code`, layerNumbers[Buildings], b.East, b.West, b.North, b.South)
	for _, r := range rows {
		put(r.Code, r.N)
	}
	return err
}

// spatial is by what shapes are found, asked once.
func (s *Service) spatial(ctx context.Context) (string, error) {
	if k := s.spatialKind.Load(); k != nil {
		return *k, nil
	}
	kind, err := SpatialIndex(ctx, s.Store)
	if err == nil {
		s.spatialKind.Store(&kind)
	}
	return strings.TrimSpace(kind), err
}
