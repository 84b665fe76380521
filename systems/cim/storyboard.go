package cim

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Storyboard is views of the city in the order in which they are told (情景): the property of
// the unit that keeps it. A view is the stage's own link, and shows to each who plays it what
// that one may see.
type Storyboard struct {
	ID      store.ID   `json:"id"`
	Unit    string     `json:"unit"`
	Title   string     `json:"title"`
	Shared  bool       `json:"shared" doc:"All staff may play it; else its unit alone"`
	Shots   []Shot     `json:"shots"`
	Version int        `json:"version"`
	By      string     `json:"by" doc:"Who changed it last"`
	At      store.Time `json:"at"`
	Mine    bool       `json:"mine" doc:"The caller may change it"`
}

// Shot is one view of a storyboard.
type Shot struct {
	View    string `json:"view" minLength:"3" maxLength:"600" doc:"What the address of the stage says after its question mark"`
	Caption string `json:"caption" maxLength:"300"`
	Seconds int    `json:"seconds" minimum:"2" maximum:"120" doc:"For how long it is shown"`
}

// StoryboardWords are what a storyboard is made of.
type StoryboardWords struct {
	Title  string `json:"title" minLength:"1" maxLength:"60"`
	Shared bool   `json:"shared,omitempty"`
	Shots  []Shot `json:"shots" maxItems:"60"`
}

// shotKeys are what a view may say.
var shotKeys = map[string]bool{"at": true, "pick": true, "layers": true, "style": true, "under": true, "flat": true}

// masked is the words as they are kept: a view with what the stage reads alone, and in its
// captions no phone or identity number.
func (w StoryboardWords) masked() (StoryboardWords, error) {
	w.Title = strings.TrimSpace(text.Mask(w.Title))
	shots := make([]Shot, len(w.Shots))
	for i, x := range w.Shots {
		q, err := url.ParseQuery(x.View)
		if err != nil || q.Get("at") == "" {
			return w, httpapi.Fail(http.StatusUnprocessableEntity, "storyboard_view")
		}
		for k := range q {
			if !shotKeys[k] {
				return w, httpapi.Fail(http.StatusUnprocessableEntity, "storyboard_view")
			}
		}
		shots[i] = Shot{View: q.Encode(), Caption: strings.TrimSpace(text.Mask(x.Caption)), Seconds: x.Seconds}
	}
	w.Shots = shots
	if w.Title == "" {
		return w, httpapi.Fail(http.StatusUnprocessableEntity, "storyboard_title")
	}
	return w, nil
}

type storyboardRow struct {
	ID      store.ID   `bun:"id"`
	Unit    string     `bun:"unit"`
	Title   string     `bun:"title"`
	Shared  bool       `bun:"shared"`
	Shots   string     `bun:"shots"`
	Version int        `bun:"version"`
	Author  store.ID   `bun:"author"`
	At      store.Time `bun:"at"`
}

// Storyboards are those of the caller's unit and those shared with all, the newest first.
func (s *Service) Storyboards(ctx context.Context, who account.Actor) ([]Storyboard, error) {
	rows, err := store.Select[storyboardRow](ctx, s.Store, `SELECT id, unit, title, shared, shots, version, author, at FROM cim_storyboard WHERE unit = ? OR shared = ? ORDER BY at DESC, id DESC LIMIT 200`, who.Unit, true)
	if err != nil {
		return nil, err
	}
	var ids []store.ID
	for _, r := range rows {
		ids = append(ids, r.Author)
	}
	names, err := account.Names(ctx, s.Store, ids...)
	if err != nil {
		return nil, err
	}
	out := []Storyboard{}
	for _, r := range rows {
		b := Storyboard{ID: r.ID, Unit: r.Unit, Title: r.Title, Shared: r.Shared, Shots: []Shot{}, Version: r.Version, By: names[r.Author], At: r.At, Mine: r.Unit == who.Unit}
		if err := json.Unmarshal([]byte(r.Shots), &b.Shots); err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

// PutStoryboard makes a storyboard of the caller's unit, or with an id changes one that stands
// at version. Answers ErrNotFound where it is another unit's.
func (s *Service) PutStoryboard(ctx context.Context, who account.Actor, id store.ID, version int, w StoryboardWords) (Storyboard, error) {
	w, err := w.masked()
	if err != nil {
		return Storyboard{}, err
	}
	shots, err := json.Marshal(w.Shots)
	if err != nil {
		return Storyboard{}, err
	}
	made := id == 0
	if made {
		id = s.Store.NewID()
	}
	out := Storyboard{ID: id, Unit: who.Unit, Title: w.Title, Shared: w.Shared, Shots: w.Shots, Version: version + 1, By: who.Name, At: store.At(s.Store.Now()), Mine: true}
	err = s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		action := "cim.storyboard.make"
		if made {
			out.Version = 1
			if _, err := tx.Exec(ctx, `INSERT INTO cim_storyboard (id, unit, title, shared, shots, version, author, at) VALUES (?, ?, ?, ?, ?, 1, ?, ?)`, id, who.Unit, w.Title, w.Shared, string(shots), who.Account, out.At); err != nil {
				return err
			}
		} else {
			action = "cim.storyboard.change"
			if err := ownStoryboard(ctx, tx, who, id, version); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE cim_storyboard SET title = ?, shared = ?, shots = ?, version = version + 1, author = ?, at = ? WHERE id = ?`, w.Title, w.Shared, string(shots), who.Account, out.At, id); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{At: out.At, Actor: who.Account, Unit: who.Unit, Action: action, Object: "storyboard/" + id.String()}, map[string]any{"title": w.Title, "shared": w.Shared, "shots": len(w.Shots)})
	})
	return out, err
}

// DropStoryboard takes a storyboard of the caller's unit away.
func (s *Service) DropStoryboard(ctx context.Context, who account.Actor, id store.ID, version int) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := ownStoryboard(ctx, tx, who, id, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM cim_storyboard WHERE id = ?`, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "cim.storyboard.drop", Object: "storyboard/" + id.String()}, nil)
	})
}

// ownStoryboard refuses one of another unit, and one that was changed since.
func ownStoryboard(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, version int) error {
	at, err := store.Get[int](ctx, tx, `SELECT version FROM cim_storyboard WHERE id = ? AND unit = ?`, id, who.Unit)
	if err == nil && at != version {
		return httpapi.Fail(http.StatusConflict, "conflict")
	}
	return err
}

func (s *Service) mountStoryboards(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-storyboards", Method: http.MethodGet, Path: "/api/cim/storyboards", Tag: cityTag, Access: readers,
		Summary: "Views of the city in order, those of one's unit and those shared"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]Storyboard], error) {
		return httpapi.Answer(s.Storyboards(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "make-storyboard", Method: http.MethodPost, Path: "/api/cim/storyboards", Tag: cityTag, Access: readers, Status: http.StatusCreated,
		Summary: "Keep views of the city in order, for one's unit or for all"}, func(ctx context.Context, in *struct{ Body StoryboardWords }) (*httpapi.Body[Storyboard], error) {
		return httpapi.Answer(s.PutStoryboard(ctx, httpapi.Actor(ctx), 0, 0, in.Body))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "put-storyboard", Method: http.MethodPut, Path: "/api/cim/storyboards/{id}", Tag: cityTag, Access: readers,
		Summary: "Change a storyboard of one's unit"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body struct {
			StoryboardWords
			Version int `json:"version" minimum:"1"`
		}
	}) (*httpapi.Body[Storyboard], error) {
		return httpapi.Answer(s.PutStoryboard(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Version, in.Body.StoryboardWords))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "drop-storyboard", Method: http.MethodDelete, Path: "/api/cim/storyboards/{id}", Tag: cityTag, Access: readers, Status: http.StatusNoContent,
		Summary: "Take a storyboard of one's unit away"}, func(ctx context.Context, in *struct {
		PlaceKey
		Version int `query:"version" required:"true" minimum:"1"`
	}) (*struct{}, error) {
		return nil, s.DropStoryboard(ctx, httpapi.Actor(ctx), in.ID.ID, in.Version)
	})
}
