package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/systems/cim"
)

// cityRecords is what was measured of the whole city in the records.
type cityRecords struct {
	Spatial    string  `json:"shapes_found_by"`
	LoadSecs   float64 `json:"load_s"` // register, shapes, pipes, cameras, ground
	LoadCPU    float64 `json:"load_cpu_s"`
	PublishS   float64 `json:"publish_all_s"`
	PublishCPU float64 `json:"publish_all_cpu_s"`
	TilesBytes int64   `json:"published_bytes"`
	RecordsMB  float64 `json:"records_mb"`
	BoxP50     float64 `json:"box_p50_ms"` // of 600 m, over all buildings
	BoxP95     float64 `json:"box_p95_ms"`
	BoxFound   float64 `json:"box_found_mean"`
	NearestP95 float64 `json:"nearest_p95_ms"`
	AtP95      float64 `json:"at_point_p95_ms"`
	PipesP95   float64 `json:"pipes_in_box_p95_ms"` // of 300 m
	ClusterP95 float64 `json:"camera_clusters_p95_ms"`
	StyleMs    float64 `json:"style_of_the_city_ms"`
	OneP50     float64 `json:"one_building_published_p50_ms"` // body put, tiles made, published
	OneMax     float64 `json:"one_building_published_max_ms"`
}

// benchRecords loads the whole city into a folder of its own and asks it.
func benchRecords(ctx context.Context) (out cityRecords, err error) {
	dir, err := os.MkdirTemp("", "shanzhi-city-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	was := flags
	defer func() { flags = was }()
	flags.data, flags.keys = filepath.Join(dir, "data"), filepath.Join(dir, "keys")
	h, err := openHouse(ctx, quiet())
	if err != nil {
		return out, err
	}
	defer h.Close()
	files, err := h.Packs.Current(ctx)
	if err != nil {
		return out, err
	}
	s, system := h.CIM, account.System(h.Dir)
	began, cpu := time.Now(), cpuSeconds()
	if _, err := s.LoadCity(ctx, files, cim.CityLoad{Seed: 1}); err != nil {
		return out, err
	}
	out.LoadSecs, out.LoadCPU = time.Since(began).Seconds(), cpuSeconds()-cpu
	began, cpu = time.Now(), cpuSeconds()
	if err := s.PublishAll(ctx, system, "bench", func(v cim.TilesetVersion, _ time.Duration) { out.TilesBytes += v.Bytes }); err != nil {
		return out, err
	}
	out.PublishS, out.PublishCPU = time.Since(began).Seconds(), cpuSeconds()-cpu
	if info, err := os.Stat(filepath.Join(flags.data, "shanzhi.db")); err == nil {
		out.RecordsMB = float64(info.Size()) / 1e6
	}
	if out.Spatial, err = cim.SpatialIndex(ctx, h.Store); err != nil {
		return out, err
	}
	if err := out.ask(ctx, s, system); err != nil {
		return out, err
	}
	return out, out.publish(ctx, s, system)
}

func (out *cityRecords) ask(ctx context.Context, s *cim.Service, who account.Actor) error {
	keeper := account.NewActor(s.Dir, account.Account{Kind: account.Staff, Name: "bench"}, account.Grant{Role: "place_keeper"})
	spots, err := store.Select[struct{ West, South float64 }](ctx, s.Store, `SELECT west, south FROM cim_thing WHERE layer = 1 AND id % 850 = 0`)
	if err != nil || len(spots) == 0 {
		return err
	}
	r := rand.New(rand.NewPCG(1, 1))
	var took []time.Duration
	time200 := func(do func(lon, lat float64) error) (p50, p95 float64, err error) {
		took = took[:0]
		for range 200 {
			at := spots[r.IntN(len(spots))]
			began := time.Now()
			if err := do(at.West, at.South); err != nil {
				return 0, 0, err
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		return ms(took[100]), ms(took[190]), nil
	}
	around := func(lon, lat, half float64) cim.Box {
		return cim.Box{West: lon - half, South: lat - half, East: lon + half, North: lat + half}
	}
	found := 0
	if out.BoxP50, out.BoxP95, err = time200(func(lon, lat float64) error {
		list, err := s.ThingsIn(ctx, s.Store, cim.Buildings, around(lon, lat, 0.003), 5000)
		found += len(list)
		return err
	}); err != nil {
		return err
	}
	out.BoxFound = float64(found) / 200
	if _, out.NearestP95, err = time200(func(lon, lat float64) error {
		_, err := s.Nearest(ctx, s.Store, cim.Cameras, lon, lat, 1000, 10)
		return err
	}); err != nil {
		return err
	}
	if _, out.AtP95, err = time200(func(lon, lat float64) error {
		_, err := s.ThingsAt(ctx, s.Store, cim.Buildings, lon+2e-5, lat+2e-5)
		return err
	}); err != nil {
		return err
	}
	if _, out.PipesP95, err = time200(func(lon, lat float64) error {
		_, err := s.PipesIn(ctx, s.Store, around(lon, lat, 0.0015), "", 10_000)
		return err
	}); err != nil {
		return err
	}
	if _, out.ClusterP95, err = time200(func(lon, lat float64) error {
		_, err := s.Clusters(ctx, keeper, cim.Cameras, around(lon, lat, 0.001*float64(1+r.IntN(300))), 24, "")
		return err
	}); err != nil {
		return err
	}
	began := time.Now()
	_, err = s.StyleOf(ctx, keeper, "use", cim.Box{West: 113, South: 22, East: 115, North: 23})
	out.StyleMs = float64(time.Since(began).Microseconds()) / 1000
	return err
}

// publish makes single buildings higher and publishes each.
func (out *cityRecords) publish(ctx context.Context, s *cim.Service, who account.Actor) error {
	ids, err := store.Select[store.ID](ctx, s.Store, `SELECT thing FROM cim_body WHERE deep = ? ORDER BY thing LIMIT 21`, true)
	if err != nil {
		return err
	}
	var took []time.Duration
	for _, id := range ids {
		thing, body, err := s.BodyOf(ctx, s.Store, id)
		if err != nil {
			return err
		}
		body.Shell[len(body.Shell)-1].To += 3
		began := time.Now()
		if _, err := s.PutBody(ctx, who, id, thing.Seq, body, "bench"); err != nil {
			return err
		}
		v, err := s.PublishBuilding(ctx, who, id, "bench")
		if err != nil {
			return err
		}
		if err := s.DecideTileset(ctx, who, v.Tileset, v.Version, true); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	slices.Sort(took)
	out.OneP50, out.OneMax = ms(took[len(took)/2]), ms(took[len(took)-1])
	return nil
}

// cpuSeconds is what this process has used of all cores: on a machine that others share it says
// more than the clock.
func cpuSeconds() float64 {
	samples := []metrics.Sample{{Name: "/cpu/classes/user:cpu-seconds"}, {Name: "/cpu/classes/gc/total:cpu-seconds"}}
	runtime.GC() // which brings the estimate up to date
	metrics.Read(samples)
	return samples[0].Value.Float64() + samples[1].Value.Float64()
}
