package cim

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/systems/cim/tiles"
)

// The tilesets (瓦片集), each of one layer.
const (
	BuildingTiles = "buildings" // 3D Tiles: shells, floors, units
	PipeTiles     = "pipes"     // 3D Tiles: tubes and wells
	TerrainTiles  = "terrain"   // quantized mesh: chosen over a tileset of the ground because CesiumJS drapes imagery and clamps to it
	BaseMap       = "basemap"   // PMTiles of vector tiles
)

// tilesetOf says of which layers each is made; who may see all of these sees it.
var tilesetOf = map[string][]Layer{
	BuildingTiles: {Buildings},
	PipeTiles:     {Pipes},
	TerrainTiles:  {Terrain},
	BaseMap:       {Buildings, Roads, Parcels, Water, Areas},
}

// Tilesets are the codes of all.
var Tilesets = []string{BuildingTiles, PipeTiles, TerrainTiles, BaseMap}

// Roots are the files that a reader begins with.
var tilesetRoots = map[string]string{BuildingTiles: "tileset.json", PipeTiles: "tileset.json", TerrainTiles: "layer.json", BaseMap: "basemap.pmtiles"}

// TilesetVersion is a version of a tileset. One is proposed by somebody and published by
// somebody else (双人发布); what was published before is still served under its own number to
// who began with it.
type TilesetVersion struct {
	Tileset   string     `bun:"tileset" json:"tileset"`
	Version   int        `bun:"version" json:"version"`
	State     string     `bun:"state" json:"state" enum:"proposed,published,superseded,rejected"`
	Whole     bool       `bun:"whole" json:"whole" doc:"All was made anew; else only what holds a building that was changed"`
	Files     int        `bun:"files" json:"files" doc:"Made for this version"`
	Bytes     int64      `bun:"bytes" json:"bytes" doc:"Of these, as they are sent"`
	Features  int64      `bun:"features" json:"features"`
	Epoch     string     `bun:"epoch" json:"epoch" doc:"The day that it shows"`
	Synthetic bool       `bun:"synthetic" json:"synthetic" doc:"模拟数据: nothing of it is real"`
	Stamp     string     `bun:"stamp" json:"-"`
	Reason    string     `bun:"reason" json:"reason"`
	Actor     store.ID   `bun:"actor" json:"-"`
	At        store.Time `bun:"at" json:"at"`
	Decider   store.ID   `bun:"decider" json:"-"`
	Decided   store.Time `bun:"decided" json:"decided,omitzero"`
	By        string     `bun:"-" json:"by,omitempty" doc:"Who proposed it"`
	DecidedBy string     `bun:"-" json:"decided_by,omitempty"`
	URL       string     `bun:"-" json:"url" doc:"Of its root: tileset.json, layer.json or the PMTiles archive"`
	Stale     bool       `bun:"-" json:"stale" doc:"A layer was changed since it was made"`
}

const versionColumns = `tileset, version, state, whole, files, bytes, features, epoch, synthetic, stamp, reason, actor, at, decider, decided`

// TilesetState is a tileset: what is in force and what waits for a second person.
type TilesetState struct {
	Code     string          `json:"code"`
	Format   string          `json:"format" enum:"3dtiles,quantized-mesh,pmtiles"`
	Current  *TilesetVersion `json:"current,omitempty"`
	Proposed *TilesetVersion `json:"proposed,omitempty"`
}

var tilesetFormats = map[string]string{BuildingTiles: "3dtiles", PipeTiles: "3dtiles", TerrainTiles: "quantized-mesh", BaseMap: "pmtiles"}

// seesTileset says whether somebody may see a tileset.
func seesTileset(who account.Actor, code string) bool {
	layers, ok := tilesetOf[code]
	return ok && !slices.ContainsFunc(layers, func(l Layer) bool { return !sees(who, l) })
}

// TilesetList are the tilesets that somebody may see.
func (s *Service) TilesetList(ctx context.Context, who account.Actor) ([]TilesetState, error) {
	out := []TilesetState{}
	for _, code := range Tilesets {
		if !seesTileset(who, code) {
			continue
		}
		st := TilesetState{Code: code, Format: tilesetFormats[code]}
		list, err := store.Select[TilesetVersion](ctx, s.Store, `SELECT `+versionColumns+` FROM cim_tileset_version WHERE tileset = ? AND state IN ('published', 'proposed') ORDER BY version`, code)
		if err != nil {
			return nil, err
		}
		stamp, err := layerStamp(ctx, s.Store, tilesetOf[code]...)
		if err != nil {
			return nil, err
		}
		var ids []store.ID
		for _, v := range list {
			ids = append(ids, v.Actor, v.Decider)
		}
		names, err := account.Names(ctx, s.Store, ids...)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			v.By, v.DecidedBy, v.Stale = names[v.Actor], names[v.Decider], v.Stamp != stamp
			v.URL = fmt.Sprintf("/api/cim/tilesets/%s/%d/%s", code, v.Version, tilesetRoots[code])
			if v.State == "proposed" {
				st.Proposed = &v
			} else {
				st.Current = &v
			}
		}
		out = append(out, st)
	}
	return out, nil
}

// ProposeTileset makes a tileset anew of the records, for somebody else to publish.
func (s *Service) ProposeTileset(ctx context.Context, who account.Actor, code, reason string) (TilesetVersion, error) {
	build := map[string]func(context.Context, func(tiles.File) error) (int64, error){
		BuildingTiles: s.buildBuildings, PipeTiles: s.buildPipes, TerrainTiles: s.buildTerrain, BaseMap: s.buildBaseMap,
	}[code]
	if build == nil {
		return TilesetVersion{}, store.ErrNotFound
	}
	return s.propose(ctx, who, code, reason, true, build)
}

// PublishBuilding makes the tiles anew that hold a building, and those of others whose bodies
// were changed since the version in force, and nothing else. Where that cannot be (one has moved,
// or its floors have become known), the whole is made anew.
func (s *Service) PublishBuilding(ctx context.Context, who account.Actor, id store.ID, reason string) (TilesetVersion, error) {
	s.tiling.Lock()
	defer s.tiling.Unlock()
	if _, _, err := s.BodyOf(ctx, s.Store, id); errors.Is(err, store.ErrNotFound) {
		// One that was retired is in the tiles still.
		if n, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM cim_thing_past WHERE thing = ? AND layer = ?`, int64(id), layerNumbers[Buildings]); err != nil || n == 0 {
			return TilesetVersion{}, cmp.Or(err, store.ErrNotFound)
		}
	} else if err != nil {
		return TilesetVersion{}, err
	}
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT DISTINCT thing FROM cim_thing_event WHERE at >= (SELECT v.at FROM cim_tileset_version v WHERE v.tileset = ? AND v.state = 'published')`, BuildingTiles)
	if err != nil {
		return TilesetVersion{}, err
	}
	t, err := s.tilerOf(ctx)
	if err != nil {
		return TilesetVersion{}, err
	}
	ids = append(slices.DeleteFunc(ids, func(x store.ID) bool { return x == id }), id)
	var at []int
	for _, id := range ids {
		ok, err := t.refresh(ctx, s, id)
		if err != nil {
			return TilesetVersion{}, err
		}
		if ok {
			at = append(at, t.at[id])
		}
	}
	if len(at) == len(ids) {
		v, err := s.propose(ctx, who, BuildingTiles, reason, false, func(_ context.Context, put func(tiles.File) error) (int64, error) {
			return t.features, t.tiler.Rewrite(put, at...)
		})
		if !errors.Is(err, tiles.ErrMoved) {
			return v, err
		}
	}
	s.tiled = nil
	return s.propose(ctx, who, BuildingTiles, reason, true, s.buildAnew)
}

// propose makes a version of the files that build puts.
func (s *Service) propose(ctx context.Context, who account.Actor, code, reason string, whole bool, build func(context.Context, func(tiles.File) error) (int64, error)) (v TilesetVersion, err error) {
	waits, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM cim_tileset_version WHERE tileset = ? AND state = 'proposed'`, code)
	if err != nil {
		return v, err
	}
	if waits > 0 {
		return v, httpapi.Fail(http.StatusConflict, "tileset_waits")
	}
	catalogue, err := store.Select[LayerState](ctx, s.Store, `SELECT code, source, epoch, synthetic, seq, things, at FROM cim_layer`)
	if err != nil {
		return v, err
	}
	stamp, err := layerStamp(ctx, s.Store, tilesetOf[code]...) // before what it stands for is read
	if err != nil {
		return v, err
	}
	v = TilesetVersion{Tileset: code, State: "proposed", Whole: whole, Stamp: stamp, Reason: reason, Actor: who.Account}
	for _, l := range catalogue {
		if slices.Contains(tilesetOf[code], l.Code) {
			v.Epoch, v.Synthetic = max(v.Epoch, l.Epoch), v.Synthetic || l.Synthetic
		}
	}
	p, err := s.newTilePack(code)
	if err != nil {
		return v, err
	}
	defer p.discard()
	if v.Features, err = build(ctx, p.put); err != nil {
		return v, err
	}
	if len(p.rows) == 0 {
		return v, httpapi.Fail(http.StatusConflict, "tileset_empty")
	}
	if err := p.keep(ctx); err != nil {
		return v, err
	}
	v.Files, v.Bytes, v.At = len(p.rows), p.size, store.At(s.Store.Now())
	err = s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO cim_tileset (code, version, last) VALUES (?, 0, 0) ON CONFLICT (code) DO NOTHING`, code); err != nil {
			return err
		}
		var current int
		if err := tx.QueryRow(ctx, `SELECT last + 1, version FROM cim_tileset WHERE code = ?`, code).Scan(&v.Version, &current); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE cim_tileset SET last = ? WHERE code = ? AND NOT EXISTS (SELECT 1 FROM cim_tileset_version WHERE tileset = ? AND state = 'proposed')`, v.Version, code, code)
		if err != nil {
			return err
		}
		if n == 0 || !whole && current == 0 {
			return httpapi.Fail(http.StatusConflict, "tileset_waits")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO cim_tileset_version (`+versionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)`,
			code, v.Version, v.State, v.Whole, v.Files, v.Bytes, v.Features, v.Epoch, v.Synthetic, v.Stamp, v.Reason, v.Actor, v.At); err != nil {
			return err
		}
		rows := make([][]any, len(p.rows))
		for i, r := range p.rows {
			rows[i] = []any{code, r.name, int64(v.Version), p.key, r.at, r.size, r.plain, r.etag}
		}
		if err := store.InsertRows(ctx, tx, `INSERT INTO cim_tile (tileset, name, version, pack, at_byte, size, plain, etag) VALUES `, rows); err != nil {
			return err
		}
		if whole && current > 0 { // what the whole no longer has is no more
			if _, err := tx.Exec(ctx, `INSERT INTO cim_tile (tileset, name, version, pack, at_byte, size, plain, etag)
				SELECT DISTINCT o.tileset, o.name, CAST(? AS INT), '', 0, 0, o.plain, '' FROM cim_tile o WHERE o.tileset = ? AND o.version < ? AND o.pack <> ''
				AND NOT EXISTS (SELECT 1 FROM cim_tile n WHERE n.tileset = o.tileset AND n.name = o.name AND n.version = ?)`, v.Version, code, v.Version, v.Version); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, audit.Record{At: v.At, Actor: who.Account, Unit: who.Unit, Action: "cim.propose", Object: fmt.Sprintf("tileset/%s/%d", code, v.Version), Reason: reason}, map[string]any{"files": v.Files, "bytes": v.Bytes})
	})
	if err == nil {
		p.kept = true
		v.URL = fmt.Sprintf("/api/cim/tilesets/%s/%d/%s", code, v.Version, tilesetRoots[code])
	}
	return v, err
}

// DecideTileset publishes what somebody else proposed, or rejects it. The system, which makes
// the demonstration, publishes what it has made itself.
func (s *Service) DecideTileset(ctx context.Context, who account.Actor, code string, version int, publish bool) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err := store.Get[TilesetVersion](ctx, tx, `SELECT `+versionColumns+` FROM cim_tileset_version WHERE tileset = ? AND version = ?`, code, version)
		switch {
		case err != nil:
			return err
		case v.State != "proposed":
			return httpapi.Fail(http.StatusConflict, "conflict")
		case publish && v.Actor == who.Account && !who.HasAny("system"):
			return httpapi.Fail(http.StatusForbidden, "tileset_own")
		}
		at, action, state := store.At(s.Store.Now()), "cim.publish", "published"
		if publish {
			if _, err := tx.Exec(ctx, `UPDATE cim_tileset_version SET state = 'superseded' WHERE tileset = ? AND state = 'published'`, code); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE cim_tileset SET version = ? WHERE code = ?`, version, code); err != nil {
				return err
			}
		} else {
			action, state = "cim.reject", "rejected"
			if _, err := tx.Exec(ctx, `DELETE FROM cim_tile WHERE tileset = ? AND version = ?`, code, version); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE cim_tileset_version SET state = ?, decider = ?, decided = ? WHERE tileset = ? AND version = ?`, state, who.Account, at, code, version); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: at, Actor: who.Account, Unit: who.Unit, Action: action, Object: fmt.Sprintf("tileset/%s/%d", code, version), Reason: v.Reason}, nil)
	})
}

// PublishAll makes and publishes, as the system, the first version of each tileset whose layers
// are there, such as of the made-up city. What comes after it is published by two people.
func (s *Service) PublishAll(ctx context.Context, who account.Actor, reason string, each func(TilesetVersion, time.Duration)) error {
	for _, code := range Tilesets {
		stamp, err := layerStamp(ctx, s.Store, tilesetOf[code]...)
		if err != nil {
			return err
		}
		begun, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM cim_tileset_version WHERE tileset = ? AND state IN ('published', 'proposed')`, code)
		if err != nil {
			return err
		}
		if begun > 0 || stamp == "" {
			continue
		}
		began := time.Now()
		v, err := s.ProposeTileset(ctx, who, code, reason)
		if err == nil {
			err = s.DecideTileset(ctx, who, code, v.Version, true)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
		if each != nil {
			each(v, time.Since(began))
		}
	}
	return nil
}

// A pack is the files of a version one after the other, in the place of files: one file to keep
// and to sync in place of thousands.
type tilePack struct {
	s    *Service
	key  string
	file *os.File
	kept bool

	mu   sync.Mutex
	size int64
	rows []packedTile
}

type packedTile struct {
	name     string
	at, size int64
	plain    bool
	etag     string
}

func (s *Service) newTilePack(code string) (*tilePack, error) {
	f, err := s.Files.New()
	return &tilePack{s: s, key: fmt.Sprintf("city/%s/%s.pack", code, s.Store.NewID()), file: f}, err
}

var gzips = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// put adds a file; it is asked from several goroutines.
func (p *tilePack) put(f tiles.File) error {
	body := f.Body
	plain := path.Ext(f.Name) == ".pmtiles"
	if !plain {
		var b bytes.Buffer
		w := gzips.Get().(*gzip.Writer)
		w.Reset(&b)
		_, _ = w.Write(f.Body)
		_ = w.Close()
		gzips.Put(w)
		body = b.Bytes()
	}
	sum := sha256.Sum256(f.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.file.Write(body); err != nil {
		return fmt.Errorf("cim: %w", err)
	}
	p.rows = append(p.rows, packedTile{f.Name, p.size, int64(len(body)), plain, hex.EncodeToString(sum[:10])})
	p.size += int64(len(body))
	return nil
}

func (p *tilePack) keep(ctx context.Context) error {
	return p.s.Files.Place.Keep(ctx, p.key, p.file.Name(), "application/octet-stream")
}

// discard forgets what did not become a version.
func (p *tilePack) discard() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
	if !p.kept {
		_ = p.s.Files.Place.Remove(context.Background(), p.key)
	}
}

// TileFile is a file of a tileset, opened.
type TileFile struct {
	io.ReadSeeker
	io.Closer
	Size  int64
	ETag  string
	Plain bool // else it is compressed by gzip
}

// OpenTile opens a file of a version; store.ErrNotFound where there is none.
func (s *Service) OpenTile(ctx context.Context, who account.Actor, code string, version int, name string) (*TileFile, error) {
	if !seesTileset(who, code) {
		return nil, store.ErrNotFound
	}
	state, err := store.Get[string](ctx, s.Store, `SELECT state FROM cim_tileset_version WHERE tileset = ? AND version = ?`, code, version)
	if err != nil {
		return nil, err
	}
	if state == "rejected" || state == "proposed" && !who.HasAny(keeperRole) {
		return nil, store.ErrNotFound
	}
	row, err := store.Get[struct {
		Pack   string
		AtByte int64 `bun:"at_byte"`
		Size   int64
		Plain  bool
		ETag   string `bun:"etag"`
	}](ctx, s.Store, `SELECT pack, at_byte, size, plain, etag FROM cim_tile WHERE tileset = ? AND name = ? AND version <= ? ORDER BY version DESC LIMIT 1`, code, name, version)
	if err != nil {
		return nil, err
	}
	if row.Pack == "" {
		return nil, store.ErrNotFound
	}
	file, err := s.Files.Place.Open(ctx, row.Pack)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &TileFile{io.NewSectionReader(file, row.AtByte, row.Size), file, row.Size, row.ETag, row.Plain}, nil
}

// keepVersions is how long a version that is no longer in force is served.
const keepVersions = 30 * 24 * time.Hour

// sweepTiles forgets versions that were superseded long ago, and packs that no version needs.
func (s *Service) sweepTiles(ctx context.Context) (map[string]int, error) {
	before := store.At(s.Store.Now().Add(-keepVersions))
	gone := 0
	for _, code := range Tilesets {
		// What a version that is served looks up is the newest row that is no younger than the
		// version: all rows older than the newest below the oldest version served are needed by none.
		oldest, err := store.Get[*int](ctx, s.Store, `SELECT min(version) FROM cim_tileset_version WHERE tileset = ? AND (state IN ('published', 'proposed') OR state = 'superseded' AND decided >= ?)`, code, before)
		if err != nil {
			return nil, err
		}
		if oldest == nil {
			continue
		}
		packs := func() ([]string, error) {
			return store.Select[string](ctx, s.Store, `SELECT DISTINCT pack FROM cim_tile WHERE tileset = ? AND pack <> ''`, code)
		}
		had, err := packs()
		if err != nil {
			return nil, err
		}
		if err := s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM cim_tile WHERE tileset = ? AND version < ? AND EXISTS (SELECT 1 FROM cim_tile n WHERE n.tileset = cim_tile.tileset AND n.name = cim_tile.name AND n.version > cim_tile.version AND n.version <= ?)`, code, *oldest, *oldest)
			if err == nil {
				_, err = tx.Exec(ctx, `UPDATE cim_tileset_version SET state = 'rejected' WHERE tileset = ? AND state = 'superseded' AND version < ?`, code, *oldest)
			}
			return err
		}); err != nil {
			return nil, err
		}
		has, err := packs()
		if err != nil {
			return nil, err
		}
		for _, key := range had {
			if !slices.Contains(has, key) {
				if err := s.Files.Place.Remove(ctx, key); err != nil {
					return nil, err
				}
				gone++
			}
		}
	}
	return map[string]int{"packs_removed": gone}, nil
}

// contentTypes of the files of tilesets.
var contentTypes = map[string]string{".glb": "model/gltf-binary", ".json": "application/json", ".subtree": "application/octet-stream", ".terrain": "application/vnd.quantized-mesh", ".pmtiles": "application/vnd.pmtiles"}

func contentType(name string) string {
	if t := contentTypes[path.Ext(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

// acceptsGzip says whether a reader takes compressed answers.
func acceptsGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}
