package cim

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/place"
	"shanzhi/core/place/address"
	"shanzhi/core/store"
	"shanzhi/core/table"
	"shanzhi/core/text"
	"shanzhi/core/vault"
)

const tag = "places"

var (
	readers = httpapi.Roles("staff")
	keepers = httpapi.Roles(keeperRole)
	matched = httpapi.Roles(keeperRole, readerRole)
)

// PlaceKey is a place in a path.
type PlaceKey struct {
	ID httpapi.PathID `path:"id"`
}

// Mount adds the API of this system to the edge.
func (s *Service) Mount(srv *httpapi.Server) {
	s.mountCity(srv)
	s.mountCheckIns(srv)
	s.mountStoryboards(srv)
	s.mountAnalyses(srv)
	s.mountSpace(srv)
	s.mountUpdate(srv)
	s.mountOGC(srv)
	httpapi.Register(srv, httpapi.Operation{ID: "explain-code", Method: http.MethodGet, Path: "/api/codes/{code}", Tag: tag, Access: readers,
		Summary: "What each part of a code means, whether it holds, and what in the register has or had it"}, s.explainCode)
	httpapi.Register(srv, httpapi.Operation{ID: "list-places", Method: http.MethodGet, Path: "/api/places", Tag: tag, Access: readers,
		Summary: "Buildings and units by words of a name or address, or by the beginning of a code"}, s.listPlaces)
	httpapi.Register(srv, httpapi.Operation{ID: "get-place", Method: http.MethodGet, Path: "/api/places/{id}", Tag: tag, Access: readers,
		Summary: "One building, one page; one unit, one page"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[PlacePage], error) {
		return httpapi.Answer(s.Page(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-place-on-day", Method: http.MethodGet, Path: "/api/places/{id}/days/{day}", Tag: tag, Access: readers,
		Summary: "A place as it was on a day"}, func(ctx context.Context, in *struct {
		PlaceKey
		Day string `path:"day" maxLength:"10"`
	}) (*httpapi.Body[place.Object], error) {
		if err := place.CheckDay(in.Day); err != nil {
			return nil, problemOf(err)
		}
		return httpapi.Answer(s.Places.At(ctx, s.Store, in.ID.ID, in.Day))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "create-place", Method: http.MethodPost, Path: "/api/places", Tag: tag, Access: keepers, Status: http.StatusCreated,
		Summary: "Enter what stands: a building, a floor, a unit, with its codes"}, s.createPlace)
	httpapi.Register(srv, httpapi.Operation{ID: "change-place", Method: http.MethodPost, Path: "/api/places/{id}/changes", Tag: tag, Access: keepers,
		Summary: "Change, renumber, divide (split), join (merge) or retire a place from a day on; old codes stay resolvable"}, s.changePlace)
	httpapi.Register(srv, httpapi.Operation{ID: "preview-place-change", Method: http.MethodPost, Path: "/api/places/{id}/preview", Tag: tag, Access: keepers,
		Summary: "What a change of a place would do, without doing it: what it becomes, which codes move, what is drawn otherwise"}, s.previewPlace)
	httpapi.Register(srv, httpapi.Operation{ID: "list-building-shapes", Method: http.MethodGet, Path: "/api/cim/buildings/{id}/shapes", Tag: cityTag, Access: readers,
		Summary: "What a building looks like and looked like, the latest first: with source and days"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[[]BuildingShape], error) {
		return httpapi.Answer(s.ShapesOf(ctx, in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "link-place", Method: http.MethodPost, Path: "/api/places/{id}/links", Tag: tag, Access: keepers, Status: http.StatusCreated,
		Summary: "Link a person, an enterprise, a house or a matter, with role, source, confidence and days"}, s.linkPlace)
	httpapi.Register(srv, httpapi.Operation{ID: "end-place-link", Method: http.MethodPost, Path: "/api/places/{id}/links/{other}/end", Tag: tag, Access: keepers, Status: http.StatusNoContent,
		Summary: "End a link on a day, or say that it never held"}, func(ctx context.Context, in *struct {
		PlaceKey
		Other httpapi.PathID `path:"other"`
		Body  struct {
			Version int    `json:"version"`
			Day     string `json:"day,omitempty" maxLength:"10"`
			Void    bool   `json:"void,omitempty" doc:"It never held"`
			Reason  string `json:"reason" minLength:"2" maxLength:"300"`
		}
	}) (*struct{}, error) {
		return nil, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := s.Places.End(ctx, tx, in.Other.ID, in.Body.Version, in.Body.Void, place.Order{Who: httpapi.Actor(ctx), Day: in.Body.Day, Reason: text.Mask(in.Body.Reason)})
			return problemOf(err)
		})
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-look-purposes", Method: http.MethodGet, Path: "/api/place-purposes", Tag: tag, Access: httpapi.Roles(readerRole),
		Summary: "For what one may ask who was where"}, func(context.Context, *struct{}) (*httpapi.Body[[]LookPurpose], error) {
		return httpapi.Answer(append([]LookPurpose{}, s.book.Load().purposes...), nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "look-at-place", Method: http.MethodPost, Path: "/api/places/{id}/looks", Tag: tag, Access: httpapi.Roles(readerRole), Limit: 60,
		Summary: "Who was here on a day: for a purpose and a reason, recorded; masked"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body struct {
			Day     string `json:"day,omitempty" maxLength:"10" doc:"Today by default"`
			Purpose string `json:"purpose" maxLength:"40"`
			Note    string `json:"note" minLength:"2" maxLength:"200" doc:"Why; the persons concerned can read it"`
		}
	}) (*httpapi.Body[Looked], error) {
		return httpapi.Answer(s.Look(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Day, in.Body.Purpose, in.Body.Note))
	})

	httpapi.Register(srv, httpapi.Operation{ID: "find-whereabouts", Method: http.MethodPost, Path: "/api/whereabouts", Tag: tag, Access: httpapi.Roles(readerRole), Limit: 60,
		Summary: "Where a person or an enterprise was on a day: for a purpose and a reason, recorded"}, func(ctx context.Context, in *struct {
		Body struct {
			Kind    string `json:"kind" enum:"person,enterprise"`
			Key     string `json:"key" minLength:"4" maxLength:"40" doc:"Identity number or phone, whole; unified social credit code"`
			Day     string `json:"day,omitempty" maxLength:"10" doc:"Today by default"`
			Purpose string `json:"purpose" maxLength:"40"`
			Note    string `json:"note" minLength:"2" maxLength:"200"`
		}
	}) (*httpapi.Body[Looked], error) {
		b := in.Body
		return httpapi.Answer(s.Whereabouts(ctx, httpapi.Actor(ctx), b.Kind, b.Key, b.Day, b.Purpose, b.Note))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-code-pairs", Method: http.MethodGet, Path: "/api/code-pairs", Tag: tag, Access: readers,
		Summary: "Codes of two schemes that are of one place on a day (对照)"}, func(ctx context.Context, in *struct {
		From string `query:"from" maxLength:"40" required:"true"`
		To   string `query:"to" maxLength:"40" required:"true"`
		Day  string `query:"day" maxLength:"10" doc:"Today by default"`
	}) (*httpapi.Body[[]CodePair], error) {
		day := in.Day
		if day == "" {
			day = s.today()
		}
		if err := place.CheckDay(day); err != nil {
			return nil, problemOf(err)
		}
		pairs, err := s.Places.Crosswalk(ctx, s.Store, place.Scheme(in.From), place.Scheme(in.To), day)
		out := make([]CodePair, len(pairs))
		for i, p := range pairs {
			out[i] = CodePair{p[0], p[1]}
		}
		return httpapi.Answer(out, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "parse-address", Method: http.MethodPost, Path: "/api/addresses/parse", Tag: tag, Access: readers,
		Summary: "Divide an address into labelled parts"}, func(_ context.Context, in *struct{ Body addressText }) (*httpapi.Body[ParsedAddress], error) {
		return httpapi.Answer(ParsedAddress{in.Body.Text, address.Shipped().Parse(in.Body.Text)}, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "match-address", Method: http.MethodPost, Path: "/api/addresses/match", Tag: tag, Access: readers,
		Summary: "Find the building and the room that an address means, with confidence and candidates"}, func(ctx context.Context, in *struct{ Body addressText }) (*httpapi.Body[AddressMatch], error) {
		return httpapi.Answer(s.MatchAddress(ctx, in.Body.Text))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "match-addresses", Method: http.MethodPost, Path: "/api/addresses/batches", Tag: tag, Access: matched, Status: http.StatusCreated, MaxBody: maxAddressFile + 1<<20,
		Summary: "Match a table of addresses (CSV, XLSX)", Text: "A form of `file`, and `field` where the column of addresses does not say so by its name. Lines and addresses are kept, masked; other columns are not."}, s.matchTable)
	httpapi.Register(srv, httpapi.Operation{ID: "list-address-batches", Method: http.MethodGet, Path: "/api/addresses/batches", Tag: tag, Access: matched,
		Summary: "The newest batches"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]AddressBatch], error) {
		return httpapi.Answer(s.Batches(ctx))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-address-result", Method: http.MethodGet, Path: "/api/addresses/batches/{id}/file", Tag: tag, Access: matched,
		Summary: "The result of a batch as a table"}, s.resultFile)
	httpapi.Register(srv, httpapi.Operation{ID: "list-addresses", Method: http.MethodGet, Path: "/api/addresses", Tag: tag, Access: matched,
		Summary: "Addresses of batches, such as those that wait for a person (复核)"}, s.listAddresses)
	httpapi.Register(srv, httpapi.Operation{ID: "review-address", Method: http.MethodPost, Path: "/api/addresses/{id}/review", Tag: tag, Access: keepers, Status: http.StatusNoContent,
		Summary: "Confirm, correct or say that it is nowhere; the register learns another name"}, func(ctx context.Context, in *struct {
		PlaceKey
		Body struct {
			Action string   `json:"action" enum:"confirm,correct,nowhere"`
			Object store.ID `json:"object,omitempty"`
			Learn  bool     `json:"learn,omitempty" doc:"Keep the words as another name of the building"`
			Note   string   `json:"note,omitempty" maxLength:"200"`
		}
	}) (*struct{}, error) {
		return nil, s.Review(ctx, httpapi.Actor(ctx), in.ID.ID, in.Body.Action, in.Body.Object, in.Body.Learn, in.Body.Note)
	})
}

// CodePair are the codes of a place in two schemes.
type CodePair struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type addressText struct {
	Text string `json:"text" minLength:"1" maxLength:"600"`
}

// ParsedAddress is an address in its parts.
type ParsedAddress struct {
	Text  string                `json:"text"`
	Parts []address.AddressPart `json:"parts"`
}

// CodeAnswer is what is known of a code.
type CodeAnswer struct {
	place.Explained
	Register []place.Resolution `json:"register" doc:"What in the register has or had it, by scheme"`
}

func (s *Service) explainCode(ctx context.Context, in *struct {
	Code string `path:"code" maxLength:"60"`
	Day  string `query:"day" maxLength:"10" doc:"On which day"`
}) (*httpapi.Body[CodeAnswer], error) {
	out := CodeAnswer{s.book.Load().divisions.Explain(in.Code), []place.Resolution{}}
	if out.Readings == nil {
		out.Readings = []place.Reading{}
	}
	schemes, err := s.Places.SchemesOf(ctx, s.Store, strings.TrimSpace(in.Code))
	if err != nil {
		return nil, err
	}
	for _, scheme := range schemes {
		r, err := s.Places.Resolve(ctx, s.Store, place.Code{Scheme: scheme, Value: strings.TrimSpace(in.Code)}, in.Day)
		if err != nil {
			return nil, problemOf(err)
		}
		if len(r.Holdings) > 0 {
			out.Register = append(out.Register, r)
		}
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) listPlaces(ctx context.Context, in *struct {
	Q     string `query:"q" maxLength:"100"`
	Kind  string `query:"kind" enum:"street,community,grid,building,floor,unit,"`
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[httpapi.Page[ListedPlace]], error) {
	after, err := afterOf(in.After)
	if err != nil {
		return nil, err
	}
	list, err := s.Find(ctx, in.Q, in.Kind, after, in.Limit)
	page := httpapi.Page[ListedPlace]{Items: list}
	if len(list) == in.Limit {
		page.Next = list[len(list)-1].ID.String()
	}
	return httpapi.Answer(page, err)
}

func afterOf(text string) (store.ID, error) {
	if text == "" {
		return 0, nil
	}
	id, err := store.ParseID(text)
	if err != nil {
		return 0, httpapi.FailField("after", "invalid")
	}
	return id, nil
}

func (s *Service) createPlace(ctx context.Context, in *struct {
	Body struct {
		Place  place.PlaceDraft `json:"place"`
		Day    string           `json:"day" maxLength:"10" doc:"From which it stands"`
		Reason string           `json:"reason" minLength:"2" maxLength:"300"`
	}
}) (*httpapi.Body[place.Object], error) {
	var o place.Object
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if o, err = s.Places.Create(ctx, tx, in.Body.Place, place.Order{Who: httpapi.Actor(ctx), Day: in.Body.Day, Reason: text.Mask(in.Body.Reason)}); err != nil {
			return problemOf(err)
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, o)
	})
	return httpapi.Answer(o, err)
}

// PlaceOrder is a change of a place from a day on.
type PlaceOrder struct {
	Action  string             `json:"action" enum:"edit,split,merge,retire"`
	Version int                `json:"version"`
	Day     string             `json:"day" maxLength:"10" doc:"From which it holds"`
	Reason  string             `json:"reason" minLength:"2" maxLength:"300"`
	Edit    *place.PlaceEdit   `json:"edit,omitempty"`
	Into    []place.PlaceDraft `json:"into,omitempty" maxItems:"50" doc:"What it is divided into, or the one that it and others become"`
	Goes    map[string]int     `json:"goes,omitempty" doc:"Of each thing in it, by key: into which part it goes, from 0"`
	With    []store.ID         `json:"with,omitempty" maxItems:"50" doc:"What it is joined with"`
	Stays   bool               `json:"stays,omitempty" doc:"It stays, and the others go into it"`
}

// changeIn makes a change of a place, and what is drawn of it follow.
func (s *Service) changeIn(ctx context.Context, tx *store.Tx, who account.Actor, id store.ID, b PlaceOrder) (out []place.Object, err error) {
	by := place.Order{Who: who, Day: b.Day, Reason: text.Mask(b.Reason)}
	began := store.At(s.Store.Now())
	out = []place.Object{}
	var o place.Object
	switch b.Action {
	case "edit":
		if b.Edit == nil {
			return out, httpapi.FailField("edit", "required")
		}
		o, err = s.Places.Change(ctx, tx, id, b.Version, *b.Edit, by)
		out = append(out, o)
	case "split":
		goes := map[store.ID]int{}
		for key, n := range b.Goes {
			child, err := store.ParseID(key)
			if err != nil {
				return out, httpapi.FailField("goes", "not_an_id")
			}
			goes[child] = n
		}
		out, err = s.Places.Split(ctx, tx, id, b.Version, b.Into, goes, by)
	case "merge":
		var into place.PlaceDraft
		var stays store.ID
		if b.Stays {
			stays = id
		} else if len(b.Into) == 1 {
			into = b.Into[0]
		} else {
			return out, httpapi.FailField("into", "required")
		}
		o, err = s.Places.Merge(ctx, tx, append([]store.ID{id}, b.With...), into, stays, by)
		out = append(out, o)
	case "retire":
		err = s.Places.Retire(ctx, tx, id, b.Version, by)
	}
	if err != nil {
		return out, problemOf(err)
	}
	return out, s.settleShapes(ctx, tx, began, by)
}

func (s *Service) changePlace(ctx context.Context, in *struct {
	PlaceKey
	Body PlaceOrder
}) (*httpapi.Body[[]place.Object], error) {
	var out []place.Object
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) (err error) {
		if out, err = s.changeIn(ctx, tx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
			return err
		}
		return httpapi.Once(ctx, tx, http.StatusOK, out)
	})
	return httpapi.Answer(out, err)
}

// PlacePreview is what a change would do.
type PlacePreview struct {
	Becomes []place.Object `json:"becomes" doc:"What it and what is joined with it would be"`
	Changed int            `json:"changed" doc:"How many things would change, with what lies in them"`
	Ended   int            `json:"ended" doc:"How many of these would stand no more"`
	Codes   []CodePair     `json:"codes" doc:"House codes that would be others, some of them"`
	Moved   int            `json:"moved" doc:"How many house codes would"`
	Shapes  int            `json:"shapes" doc:"How many buildings would be drawn otherwise, or no more"`
}

// errPreviewed takes back what was tried.
var errPreviewed = errors.New("cim: it was tried only")

// previewPlace makes a change, says what it did and takes it back.
func (s *Service) previewPlace(ctx context.Context, in *struct {
	PlaceKey
	Body PlaceOrder
}) (*httpapi.Body[PlacePreview], error) {
	var p PlacePreview
	err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		p = PlacePreview{Codes: []CodePair{}}
		began := store.At(s.Store.Now())
		type row struct {
			Object     store.ID
			Until, Now string
			Was        *string
		}
		shapes := func() (n int, err error) {
			return n, tx.QueryRow(ctx, `SELECT count(*) FROM cim_thing_event WHERE at >= ?`, began).Scan(&n)
		}
		before, err := shapes()
		if err != nil {
			return err
		}
		if p.Becomes, err = s.changeIn(ctx, tx, httpapi.Actor(ctx), in.ID.ID, in.Body); err != nil {
			return err
		}
		rows, err := store.Select[row](ctx, tx, `SELECT c.object, o.until, coalesce((SELECT x.value FROM place_code x WHERE x.object = o.id AND x.scheme = 'house' AND x.until = ''), '') AS now,
 (SELECT x.value FROM place_code x WHERE x.object = o.id AND x.scheme = 'house' AND x.until = ?) AS was
 FROM place_change c JOIN place_object o ON o.id = c.object WHERE c.at >= ? AND c.day = ? AND o.seq = c.seq ORDER BY now, was`, in.Body.Day, began, in.Body.Day)
		if err != nil {
			return err
		}
		p.Changed = len(rows)
		for _, r := range rows {
			if r.Until != "" {
				p.Ended++
			}
			if r.Was != nil && *r.Was != r.Now && r.Until == "" {
				if p.Moved++; len(p.Codes) < 12 {
					p.Codes = append(p.Codes, CodePair{*r.Was, r.Now})
				}
			}
		}
		after, err := shapes()
		if err != nil {
			return err
		}
		p.Shapes = after - before
		return errPreviewed
	})
	if errors.Is(err, errPreviewed) {
		err = nil
	}
	return httpapi.Answer(p, err)
}

func (s *Service) linkPlace(ctx context.Context, in *struct {
	PlaceKey
	Body struct {
		Kind       place.PartyKind `json:"kind" enum:"person,enterprise,house,matter"`
		Party      string          `json:"party,omitempty" maxLength:"60" doc:"Of an enterprise its unified social credit code, of a house or matter its key"`
		Name       string          `json:"name,omitempty" maxLength:"100" doc:"Of a person, who is kept in the vault; of an enterprise"`
		IDNumber   string          `json:"id_number,omitempty" maxLength:"30" doc:"Of a person"`
		Phone      string          `json:"phone,omitempty" maxLength:"30" doc:"Of a person"`
		Role       string          `json:"role" maxLength:"20"`
		Source     string          `json:"source" minLength:"2" maxLength:"60"`
		Confidence float64         `json:"confidence"`
		Since      string          `json:"since" maxLength:"10"`
		Until      string          `json:"until,omitempty" maxLength:"10"`
		Reason     string          `json:"reason" minLength:"2" maxLength:"300"`
	}
}) (*httpapi.Body[place.PlaceLink], error) {
	b := in.Body
	l := place.PlaceLink{Object: in.ID.ID, Kind: b.Kind, Party: b.Party, Role: b.Role, Label: b.Name, Source: text.Mask(b.Source), Confidence: b.Confidence, Since: b.Since, Until: b.Until}
	by := place.Order{Who: httpapi.Actor(ctx), Day: b.Since, Reason: text.Mask(b.Reason)}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if l.Kind == place.PartyPerson {
			who := vault.Identity{vault.Name: strings.TrimSpace(b.Name)}
			if who[vault.Name] == "" {
				return httpapi.FailField("name", "required")
			}
			if b.IDNumber != "" {
				who[vault.IDNumber] = b.IDNumber
			}
			if b.Phone != "" {
				who[vault.Phone] = b.Phone
			}
			l, err = s.LinkPerson(ctx, tx, who, l, by)
		} else {
			l, err = s.Places.Begin(ctx, tx, l, by)
		}
		if err != nil {
			return problemOf(err)
		}
		answer := l
		if answer.Kind == place.PartyPerson {
			answer.Party = ""
		}
		return httpapi.Once(ctx, tx, http.StatusCreated, answer)
	})
	if l.Kind == place.PartyPerson {
		l.Party = ""
	}
	return httpapi.Answer(l, err)
}

func (s *Service) matchTable(ctx context.Context, in *struct{ RawBody multipart.Form }) (*httpapi.Body[AddressBatch], error) {
	files := in.RawBody.File["file"]
	if len(files) != 1 {
		return nil, httpapi.FailField("file", "required")
	}
	if files[0].Size > maxAddressFile {
		return nil, httpapi.FailField("file", "too_large")
	}
	field := ""
	if v := in.RawBody.Value["field"]; len(v) > 0 {
		field = v[0]
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return httpapi.Answer(s.MatchTable(ctx, httpapi.Actor(ctx), files[0].Filename, field, f, files[0].Size))
}

func (s *Service) listAddresses(ctx context.Context, in *struct {
	Batch string `query:"batch"`
	State string `query:"state" enum:"matched,review,confirmed,corrected,nowhere,"`
	After string `query:"after"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*httpapi.Body[httpapi.Page[MatchedAddress]], error) {
	after, err := afterOf(in.After)
	if err != nil {
		return nil, err
	}
	batch, err := afterOf(in.Batch)
	if err != nil {
		return nil, httpapi.FailField("batch", "invalid")
	}
	list, err := s.Addresses(ctx, batch, in.State, after, in.Limit)
	page := httpapi.Page[MatchedAddress]{Items: list}
	if len(list) == in.Limit {
		page.Next = list[len(list)-1].ID.String()
	}
	return httpapi.Answer(page, err)
}

func (s *Service) resultFile(ctx context.Context, in *struct {
	PlaceKey
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}) (*httpapi.Download, error) {
	b, err := store.Get[batchRow](ctx, s.Store, batchColumns+`WHERE id = ?`, int64(in.ID.ID))
	if err != nil {
		return nil, err
	}
	who := httpapi.Actor(ctx)
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "cim.result", Object: "batch/" + b.ID.String()}, map[string]any{"rows": b.Total})
	}); err != nil {
		return nil, err
	}
	kind := map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[in.Format]
	return httpapi.NewDownload(kind, "addresses-"+b.ID.String()+"."+in.Format, func(out io.Writer) error {
		if in.Format == "xlsx" {
			w, err := table.NewXLSX(out, resultColumns, table.XLSXOptions{Zone: s.zone(), Mark: who.Name})
			if err != nil {
				return err
			}
			return s.WriteResult(ctx, b.ID, w)
		}
		w, err := table.NewCSV(out, resultColumns, table.CSVOptions{BOM: true, Zone: s.zone()})
		if err != nil {
			return err
		}
		return s.WriteResult(ctx, b.ID, w)
	}), nil
}
