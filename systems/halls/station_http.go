package halls

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/document"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

func (s *Service) mountStations(srv *httpapi.Server) {
	staff := httpapi.Roles("station_keeper", "greeter", "hall_manager", "device_operator", "leader")
	keeper := httpapi.Roles("station_keeper", "hall_manager")
	op := func(id, method, path, summary string, a httpapi.Access) httpapi.Operation {
		return httpapi.Operation{ID: id, Method: method, Path: path, Tag: tag, Access: a, Summary: summary}
	}
	public := op("list-stations", http.MethodGet, "/api/stations", "Park stations (园区政务服务站): where, open now, devices that work, what may be done", httpapi.Public)
	public.Limit = 600
	httpapi.Register(srv, public, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]StationHead], error) {
		return httpapi.Answer(s.Stations(ctx, httpapi.Actor(ctx)))
	})
	httpapi.Register(srv, op("get-station", http.MethodGet, "/api/stations/{code}", "A station for who works there: helpers' shifts, what they did, calls from its devices", staff), s.getStation)
	httpapi.Register(srv, op("put-station-shift", http.MethodPost, "/api/stations/{code}/shifts", "Have somebody help at a station", keeper), s.putShift)
	httpapi.Register(srv, op("end-station-shift", http.MethodPost, "/api/stations/{code}/shifts/{id}/end", "Take a shift back", keeper), s.endShift)
	httpapi.Register(srv, op("log-station-help", http.MethodPost, "/api/stations/{code}/help", "Write what a helper did: assisted, guided, filed", httpapi.Roles(stationRoles...)), s.logHelp)
	httpapi.Register(srv, op("list-help-calls", http.MethodGet, "/api/places/{code}/calls", "Who asked at a place's devices for help or to be called back", httpapi.Roles(stationRoles...)), s.listCalls)
	httpapi.Register(srv, op("take-help-call", http.MethodPost, "/api/help-calls/{id}/take", "Deal with a call: the phone to call is shown, which is recorded", httpapi.Roles(stationRoles...)), func(ctx context.Context, in *struct {
		ID httpapi.PathID `path:"id"`
	}) (*httpapi.Body[HelpCall], error) {
		return httpapi.Answer(s.TakeCall(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, op("list-station-months", http.MethodGet, "/api/station-months/{kind}", "A month of the stations that the caller may see (月报)", staff), func(ctx context.Context, in *struct {
		Month string `path:"kind" maxLength:"7"`
	}) (*httpapi.Body[[]StationMonth], error) {
		return httpapi.Answer(s.StationMonths(ctx, httpapi.Actor(ctx), in.Month, ""))
	})
	httpapi.Register(srv, op("download-station-month", http.MethodGet, "/api/station-months/{kind}/file", "The month as a paper (pdf, docx) or a table (xlsx, csv)", staff), s.downloadMonth)
}

var stationReaders = []string{"station_keeper", "greeter", "hall_manager", "device_operator", "leader"}

// StationMonths are the months of the stations that who may see.
func (s *Service) StationMonths(ctx context.Context, who account.Actor, month, only string) ([]StationMonth, error) {
	out := []StationMonth{}
	if _, err := time.Parse("2006-01", month); err != nil {
		return nil, failField("month")
	}
	b := s.book.Load()
	for i := range b.stations {
		x := &b.stations[i]
		if only != "" && x.Code != only || !sees(who, x.Unit, stationReaders...) {
			continue
		}
		m, err := s.StationMonth(ctx, x, month)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (s *Service) downloadMonth(ctx context.Context, in *struct {
	Month   string `path:"kind" maxLength:"7"`
	Format  string `query:"format" enum:"pdf,docx,xlsx,csv" required:"true"`
	Station string `query:"station" maxLength:"40"`
}) (*httpapi.Download, error) {
	who := httpapi.Actor(ctx)
	months, err := s.StationMonths(ctx, who, in.Month, in.Station)
	if err != nil {
		return nil, err
	}
	if len(months) == 0 {
		return nil, store.ErrNotFound
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "halls.station_month", Object: "station-month/" + in.Month}, map[string]any{"format": in.Format, "stations": len(months)})
	}); err != nil {
		return nil, err
	}
	kind := map[string]string{"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}[in.Format]
	if kind == "" {
		kind = document.Format(in.Format).Type()
	}
	mark := fmt.Sprintf("%s %s", who.Name, s.local(s.Store.Now()).Format("2006-01-02 15:04"))
	return httpapi.NewDownload(kind, "stations-"+in.Month+"."+in.Format, func(w io.Writer) error { return s.WriteMonths(w, in.Format, in.Month, mark, months) }), nil
}

// StationDesk is a station for who works there.
type StationDesk struct {
	Station Station         `json:"station"`
	Open    bool            `json:"open"`
	Shifts  []StationShift  `json:"shifts" doc:"From yesterday on, two weeks"`
	Helpers []StationHelper `json:"helpers" doc:"Who may be asked to help there"`
	Log     []StationHelp   `json:"log"`
	Calls   []HelpCall      `json:"calls"`
	Keeps   bool            `json:"keeps" doc:"The caller may change the shifts"`
}

// StationHelper is somebody who may help at a station.
type StationHelper struct {
	Account store.ID `bun:"id" json:"account"`
	Name    string   `bun:"name" json:"name"`
	Unit    string   `bun:"unit" json:"-"`
}

// StationIn is a station in a path.
type StationIn struct {
	Code string `path:"code" maxLength:"64"`
}

func (s *Service) getStation(ctx context.Context, in *StationIn) (*httpapi.Body[StationDesk], error) {
	who, now := httpapi.Actor(ctx), s.Store.Now()
	x, err := s.stationFor(who, in.Code, stationReaders...)
	if err != nil {
		return nil, err
	}
	out := StationDesk{Station: *x, Helpers: []StationHelper{}, Keeps: sees(who, x.Unit, "station_keeper", "hall_manager")}
	if out.Open, _, _, err = s.openStation(x, now); err != nil {
		return nil, err
	}
	if out.Shifts, err = s.Shifts(ctx, x.Code, now.AddDate(0, 0, -1), now.AddDate(0, 0, 14)); err != nil {
		return nil, err
	}
	if out.Log, err = s.HelpLog(ctx, x.Code, 50); err != nil {
		return nil, err
	}
	if out.Calls, err = s.HelpCalls(ctx, x.Code); err != nil {
		return nil, err
	}
	type held struct {
		StationHelper
		At string `bun:"at"`
	}
	rows, err := store.Select[held](ctx, s.Store, `SELECT a.id, a.name, a.unit, g.unit AS at FROM account a JOIN role_grant g ON g.account = a.id WHERE g.role IN ('greeter', 'station_keeper') AND NOT a.disabled ORDER BY a.name, a.id`)
	if err != nil {
		return nil, err
	}
	tree := s.Dir.Tree()
	for _, r := range rows {
		if (r.At == x.Unit || tree.Within(x.Unit, r.At)) && !slices.ContainsFunc(out.Helpers, func(h StationHelper) bool { return h.Account == r.Account }) {
			out.Helpers = append(out.Helpers, r.StationHelper)
		}
	}
	return httpapi.Answer(out, nil)
}

func (s *Service) putShift(ctx context.Context, in *struct {
	StationIn
	Body struct {
		Account store.ID  `json:"account"`
		From    time.Time `json:"from"`
		To      time.Time `json:"to"`
	}
}) (*httpapi.Body[StationShift], error) {
	who := httpapi.Actor(ctx)
	x, err := s.stationFor(who, in.Code, "station_keeper", "hall_manager")
	if err != nil {
		return nil, err
	}
	return httpapi.Answer(s.PutShift(ctx, who, x, in.Body.Account, in.Body.From, in.Body.To))
}

func (s *Service) endShift(ctx context.Context, in *struct {
	StationIn
	ID httpapi.PathID `path:"id"`
}) (*httpapi.Empty, error) {
	x, err := s.stationFor(httpapi.Actor(ctx), in.Code, "station_keeper", "hall_manager")
	if err == nil {
		err = s.EndShift(ctx, x, in.ID.ID)
	}
	return &httpapi.Empty{}, err
}

func (s *Service) logHelp(ctx context.Context, in *struct {
	StationIn
	Body StationHelp
}) (*httpapi.Empty, error) {
	who := httpapi.Actor(ctx)
	x, err := s.stationFor(who, in.Code, stationRoles...)
	if err == nil {
		err = s.LogHelp(ctx, who, x, in.Body)
	}
	return &httpapi.Empty{}, err
}

func (s *Service) listCalls(ctx context.Context, in *StationIn) (*httpapi.Body[[]HelpCall], error) {
	who := httpapi.Actor(ctx)
	p, ok := s.placeOf(in.Code)
	if !ok || !sees(who, p.Unit, stationRoles...) {
		return nil, store.ErrNotFound
	}
	return httpapi.Answer(s.HelpCalls(ctx, in.Code))
}
