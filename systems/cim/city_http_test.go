package cim

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"shanzhi/core/account"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
)

// edge is the city served over HTTP.
type cityEdge struct {
	t   *testing.T
	h   *cimHouse
	as  *account.Accounts
	web http.Handler
}

func serveCity(t *testing.T, h *cimHouse) *cityEdge {
	e := &cityEdge{t: t, h: h, as: account.New(h.Store, h.dir, h.keys)}
	srv := httpapi.New(h.Store, e.as, "test", h.Log)
	h.Mount(srv)
	e.web = srv.Handler()
	return e
}

// sign signs in somebody with roles, in a unit of the pack.
func (e *cityEdge) sign(login string, roles ...string) (token string) {
	e.t.Helper()
	ctx := context.Background()
	var grants []account.Grant
	for _, r := range roles {
		grants = append(grants, account.Grant{Role: r, Unit: "pf-zhihui"})
	}
	var id store.ID
	err := e.h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = e.as.Put(ctx, tx, account.Account{Kind: account.Staff, Login: &login, Name: login, Unit: "pf-zhihui"}, "", grants...)
		return err
	})
	if err == nil {
		token, _, err = e.as.NewSession(ctx, account.Account{ID: id}, "agent", "::1")
	}
	if err != nil {
		e.t.Fatal(err)
	}
	return token
}

func (e *cityEdge) ask(token, method, path string, body any, headers ...string) *httptest.ResponseRecorder {
	e.t.Helper()
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	e.web.ServeHTTP(w, r)
	return w
}

// Tiles are sent as their readers need them: compressed or not, with a tag that is asked for
// again for nothing, an archive in ranges, and only to those who may see their layers.
func TestTilesOverHTTP(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		e := serveCity(t, h)
		keeper, handler := e.sign("keeper", keeperRole), e.sign("handler", "handler")
		var list []TilesetState
		if w := e.ask(keeper, "GET", "/api/cim/tilesets", nil); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &list) != nil || len(list) != len(Tilesets) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for _, st := range list {
			if st.Current == nil || !st.Current.Synthetic {
				t.Fatalf("%+v", st)
			}
			w := e.ask(keeper, "GET", st.Current.URL, nil, "Accept-Encoding", "gzip")
			if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("ETag") == "" {
				t.Errorf("%s: %d %v", st.Current.URL, w.Code, w.Header())
			}
			if again := e.ask(keeper, "GET", st.Current.URL, nil, "Accept-Encoding", "gzip", "If-None-Match", w.Header().Get("ETag")); again.Code != 304 || again.Body.Len() > 0 {
				t.Errorf("%s again: %d, %d bytes", st.Current.URL, again.Code, again.Body.Len())
			}
			if strings.HasSuffix(st.Current.URL, ".pmtiles") {
				if part := e.ask(keeper, "GET", st.Current.URL, nil, "Range", "bytes=0-126", "Accept-Encoding", "gzip"); part.Code != 206 || part.Body.Len() != 127 || !strings.HasPrefix(part.Body.String(), "PMTiles") {
					t.Errorf("a part of the archive: %d, %d bytes", part.Code, part.Body.Len())
				}
			} else {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				packed, _ := io.ReadAll(z)
				plain := e.ask(keeper, "GET", st.Current.URL, nil)
				if !bytes.Equal(packed, plain.Body.Bytes()) || plain.Header().Get("Content-Encoding") != "" || !json.Valid(packed) {
					t.Errorf("%s is another without compression", st.Current.URL)
				}
			}
			may := st.Code != PipeTiles
			if w := e.ask(handler, "GET", st.Current.URL, nil); (w.Code == 200) != may || !may && w.Code != 404 {
				t.Errorf("a handler asks for %s: %d", st.Current.URL, w.Code)
			}
			if w := e.ask("", "GET", st.Current.URL, nil); w.Code != 401 {
				t.Errorf("a stranger asks for %s: %d", st.Current.URL, w.Code)
			}
		}
		for _, none := range []string{"buildings/1/c/9/0/0.glb", "buildings/9/tileset.json", "nothing/1/tileset.json", "buildings/1/..%2f..%2fx", "terrain/1/t/0/9/0.terrain"} {
			if w := e.ask(keeper, "GET", "/api/cim/tilesets/"+none, nil); w.Code != 404 {
				t.Errorf("%s: %d", none, w.Code)
			}
		}
	})
}

// A body is read, sent back higher, proposed by one keeper and published by another; bad input
// is refused with what is wrong.
func TestCityOverHTTP(t *testing.T) {
	onBothCities(t, func(t *testing.T, h *cimHouse) {
		e := serveCity(t, h)
		one, two, handler := e.sign("one", keeperRole), e.sign("two", keeperRole), e.sign("handler", "handler")
		var city CityState
		if w := e.ask(handler, "GET", "/api/cim", nil); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &city) != nil || len(city.Box) != 4 || city.Keeper || city.Loading == nil || !city.Loading.Synthetic {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		box := fmt.Sprintf("west=%f&south=%f&east=%f&north=%f", city.Box[0], city.Box[1], city.Box[2], city.Box[3])
		var things CityThings
		if w := e.ask(handler, "GET", "/api/cim/things?layer=building&limit=3&"+box, nil); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &things) != nil || len(things.Items) != 3 || !things.More {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		at := fmt.Sprintf("lon=%f&lat=%f", city.Box[0], city.Box[1])
		for path, want := range map[string]int{
			"/api/cim/things?layer=camera&" + box:                                    404, // a handler does not see it
			"/api/cim/pipes?" + box:                                                  403,
			"/api/cim/clusters?layer=camera&" + box:                                  404,
			"/api/cim/clusters?layer=station&" + box:                                 200,
			"/api/cim/things?layer=moon&" + box:                                      422,
			"/api/cim/things?layer=road&west=2&south=0&east=1&north=1":               422,
			"/api/cim/things?layer=road":                                             422,
			"/api/cim/things/nearest?layer=road&count=2&within=5000&" + at:           200,
			"/api/cim/things/at?layer=parcel&" + at:                                  200,
			"/api/cim/styles":                                                        200,
			"/api/cim/styles/use?" + box:                                             200,
			"/api/cim/styles/none?" + box:                                            404,
			"/api/cim/styles/unit-state?west=-200&south=0&east=1&north=1":            422,
			"/api/cim/buildings/12345":                                               404,
			"/api/cim/things/nearest?layer=road&count=2&within=50000&lon=113&lat=22": 422,
		} {
			if w := e.ask(handler, "GET", path, nil); w.Code != want {
				t.Errorf("%s: %d, want %d: %s", path, w.Code, want, w.Body)
			}
		}
		if w := e.ask(one, "GET", "/api/cim/pipes?"+box, nil); w.Code != 200 || !strings.Contains(w.Body.String(), `"diameter"`) {
			t.Errorf("%d", w.Code)
		}
		within := map[string]any{"layer": "building", "polygon": [][]float64{{city.Box[0], city.Box[1]}, {city.Box[2], city.Box[1]}, {city.Box[2], city.Box[3]}, {city.Box[0], city.Box[3]}}}
		if w := e.ask(handler, "POST", "/api/cim/things/within", within); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &things) != nil || len(things.Items) < 100 {
			t.Errorf("%d, %d things", w.Code, len(things.Items))
		}
		path := "/api/cim/buildings/" + things.Items[0].ID.String()
		var body BuildingBody
		if w := e.ask(handler, "GET", path, nil); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &body) != nil || len(body.Shell) == 0 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		body.Shell[0].To += 6
		change := map[string]any{"version": body.Version, "reason": "加建两层", "shell": body.Shell, "floors": body.Floors, "units": body.Units}
		if w := e.ask(handler, "PUT", path, change); w.Code != 403 {
			t.Errorf("a handler changed a building: %d", w.Code)
		}
		if w := e.ask(one, "PUT", path, change); w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := e.ask(one, "PUT", path, change); w.Code != 409 {
			t.Errorf("over a change: %d", w.Code)
		}
		var v TilesetVersion
		if w := e.ask(one, "POST", path+"/tiles", map[string]any{"reason": "加建两层"}); w.Code != 201 || json.Unmarshal(w.Body.Bytes(), &v) != nil || v.Version != 2 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := e.ask(handler, "GET", v.URL, nil); w.Code != 404 {
			t.Errorf("what is only proposed is served: %d", w.Code)
		}
		decide := "/api/cim/tilesets/buildings/2"
		if w := e.ask(one, "POST", decide, map[string]any{"publish": true}); w.Code != 403 {
			t.Errorf("one alone published: %d %s", w.Code, w.Body)
		}
		if w := e.ask(two, "POST", decide, map[string]any{"publish": true}); w.Code != 204 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := e.ask(handler, "GET", v.URL, nil); w.Code != 200 {
			t.Errorf("what was published is not served: %d", w.Code)
		}
	})
}
