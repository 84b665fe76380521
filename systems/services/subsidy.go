package services

import (
	"context"
	"net/http"
	"time"

	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// ItemRebuilt is what an item took before it was rebuilt (流程再造前), as its department says.
type ItemRebuilt struct {
	Before ThemeMeasure `yaml:"before" json:"before"`
	Source string       `yaml:"source" json:"source" doc:"Of the figures before"`
}

// Subsidy is an item of the subsidy direct line (政策补贴直通车): a benefit that was rebuilt
// so that who is entitled to it has fewer steps, papers and trips.
type Subsidy struct {
	ID         store.ID   `json:"id"`
	Name       string     `json:"name"`
	Department string     `json:"department"`
	Conditions string     `json:"conditions,omitempty"`
	Instant    bool       `json:"instant" doc:"Decided at once where all conditions hold (秒批)"`
	Meter      ThemeMeter `json:"meter"`
}

// Subsidies are the items that carry the flag today, are applied for here, and say what they
// took before, by name.
func (s *Service) Subsidies(ctx context.Context) ([]Subsidy, error) {
	heads, err := s.Items(ctx, ItemFilter{Flag: "subsidy_line", Limit: 200})
	out := []Subsidy{}
	for _, head := range heads {
		x, err := s.Item(ctx, head.ID, 0)
		if err != nil {
			return nil, err
		}
		h := x.Elements.Handling
		if x.State != ItemPublished || h == nil || h.Rebuilt == nil {
			continue
		}
		row := Subsidy{ID: x.ID, Name: x.Elements.Name, Department: x.Elements.Department, Conditions: x.Elements.Conditions, Instant: h.Instant != ""}
		if row.Meter, err = s.shownMeter(ctx, x); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, err
}

// meterKeep is how long what was measured is shown: to read hundreds of cases is no work for
// each who opens a guide.
const meterKeep = 5 * time.Minute

type keptMeter struct {
	at    time.Time
	meter ThemeMeter
}

// shownMeter is an item's meter as it was measured at most meterKeep ago.
func (s *Service) shownMeter(ctx context.Context, x ServiceItem) (ThemeMeter, error) {
	key, now := pinnedItem(x.ID, x.Version), s.Store.Now()
	if kept, ok := s.meters.Load(key); ok && now.Before(kept.(keptMeter).at.Add(meterKeep)) {
		return kept.(keptMeter).meter, nil
	}
	m, err := s.itemMeter(ctx, x)
	if err == nil {
		s.meters.Store(key, keptMeter{now, m})
	}
	return m, err
}

// itemMeter measures a version of an item that was rebuilt: by its finished cases where
// there are any, else by what it says.
func (s *Service) itemMeter(ctx context.Context, x ServiceItem) (ThemeMeter, error) {
	r, after := x.Elements.Handling.Rebuilt, takes(&x.Elements)
	m := ThemeMeter{Before: r.Before, Source: r.Source, After: &after}
	done, err := store.Select[finished](ctx, s.Store, `SELECT `+finishedColumns+`
 FROM service_case c JOIN matter m ON m.id = c.id JOIN service_application a ON a.id = c.application WHERE c.item = ? AND c.version = ? AND NOT m.open ORDER BY m.id DESC LIMIT ?`, int64(x.ID), x.Version, measuredAtMost)
	if err != nil {
		return m, err
	}
	err = s.measure(ctx, &m, done)
	m.After.Steps = max(1, m.After.Steps) // one applies
	return m, err
}

func (s *Service) mountSubsidies(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-subsidies", Method: http.MethodGet, Path: "/api/services/subsidies", Tag: tag, Access: httpapi.Public, Limit: 120,
		Summary: "The subsidy direct line (政策补贴直通车): its items with what they took before and take now"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Subsidy], error) {
		return httpapi.Answer(s.Subsidies(ctx))
	})
}
