package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing/fstest"
	"time"

	"github.com/spf13/cobra"

	"shanzhi/systems/cim/analysis"
	"shanzhi/systems/cim/simulate"
	"shanzhi/systems/cim/tiles"
)

// newBenchCity measures the city in 3D at full size.
func newBenchCity() *cobra.Command {
	var asJSON, records bool
	cmd := &cobra.Command{
		Use:   "cim",
		Short: "The 3D city: made, tiled whole, one building anew; beside compressing the same bytes alone",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if records {
				out, err := benchRecords(cmd.Context())
				if err != nil {
					return err
				}
				return printResult(cmd.OutOrStdout(), out, asJSON)
			}
			out, err := benchCity(cmd.Context())
			if err != nil {
				return err
			}
			return printResult(cmd.OutOrStdout(), out, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on the last line")
	cmd.Flags().BoolVar(&records, "records", false, "instead: load the whole city into records of their own, publish it and ask it")
	return cmd
}

// cityResult is what was measured of the city.
type cityResult struct {
	Buildings    int     `json:"buildings"`
	Units        int     `json:"units"`
	MadeSeconds  float64 `json:"city_made_s"`
	TiledSeconds float64 `json:"tiles_whole_s"` // compressed as they are served, and written
	UnitsASecond float64 `json:"units_per_second"`
	Files        int64   `json:"files"`
	Bytes        int64   `json:"bytes"`
	Served       int64   `json:"bytes_served"`
	OneMillis    float64 `json:"one_building_ms"`
	GzipSeconds  float64 `json:"gzip_of_the_same_bytes_s"` // what compressing them alone takes
	Ratio        float64 `json:"tiles_to_gzip"`
	ValidateSecs float64 `json:"validate_s"`
	Faults       int     `json:"faults"`
	Windows      int     `json:"windows"`
	SunSeconds   float64 `json:"sunlight_s"` // of all windows, every ten minutes of the eight hours of 大寒
	Rays         float64 `json:"rays_per_second"`
	Dark         int     `json:"windows_below_two_hours"`
	Pipes        int     `json:"pipes"`
	TraceP95     float64 `json:"trace_p95_ms"` // up from an outlet, or the valves about a burst
	TraceMax     float64 `json:"trace_max_ms"`
}

func benchCity(ctx context.Context) (out cityResult, err error) {
	began := time.Now()
	c, err := simulatedCity("baoan", 1)
	if err != nil {
		return out, err
	}
	out.MadeSeconds = time.Since(began).Seconds()
	out.Buildings = len(c.Buildings)
	s := simulate.Solids{City: c}
	dir, err := os.MkdirTemp("", "shanzhi-tiles-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	pool := sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	pack := func(body []byte) []byte {
		var b bytes.Buffer
		w := pool.Get().(*gzip.Writer)
		defer pool.Put(w)
		w.Reset(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		return b.Bytes()
	}
	var all sync.Map
	var files, size, served atomic.Int64
	began = time.Now()
	tiler := tiles.New(s, s.Uses(), s.Within())
	put := func(f tiles.File) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		packed := pack(f.Body)
		files.Add(1)
		size.Add(int64(len(f.Body)))
		served.Add(int64(len(packed)))
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		all.Store(f.Name, f.Body)
		return os.WriteFile(name, packed, 0o644)
	}
	if err := tiler.Write(put); err != nil {
		return out, err
	}
	out.TiledSeconds = time.Since(began).Seconds()
	out.Files, out.Bytes, out.Served = files.Load(), size.Load(), served.Load()
	for _, i := range c.Split {
		for _, f := range c.Floors(i) {
			out.Units += len(f.Units)
		}
	}
	out.UnitsASecond = float64(out.Units) / out.TiledSeconds
	const times = 20
	began = time.Now()
	for k := range times {
		if err := tiler.Rewrite(put, int(c.Split[k*len(c.Split)/times])); err != nil {
			return out, err
		}
	}
	out.OneMillis = float64(time.Since(began).Microseconds()) / 1000 / times
	// The limit: the same bytes compressed by as many goroutines, and nothing else.
	began = time.Now()
	work := make(chan []byte)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for b := range work {
				pack(b)
			}
		})
	}
	again := fstest.MapFS{}
	all.Range(func(name, body any) bool {
		work <- body.([]byte)
		again[name.(string)] = &fstest.MapFile{Data: body.([]byte)}
		return true
	})
	close(work)
	wait.Wait()
	out.GzipSeconds = time.Since(began).Seconds()
	out.Ratio = out.TiledSeconds / out.GzipSeconds
	began = time.Now()
	report, err := tiles.Validate(again)
	if err != nil {
		return out, err
	}
	out.ValidateSecs, out.Faults = time.Since(began).Seconds(), len(report.Faults)
	benchSun(c, &out)
	benchTrace(c, &out)
	return out, nil
}

func benchSun(c *simulate.City, out *cityResult) {
	windows := c.Windows()
	began := time.Now()
	scene := analysis.NewScene(c.Prisms())
	const minutes = 10
	lon, lat := c.Frame.Lon, c.Frame.Lat
	day := analysis.GreatCold
	for _, s := range scene.Sunlights(analysis.NewSky(day, 2026, lon, lat, minutes), windows) {
		if s.Total < 2 {
			out.Dark++
		}
	}
	out.SunSeconds, out.Windows = time.Since(began).Seconds(), len(windows)
	out.Rays = float64(len(windows)) * (day.Until - day.From) * 60 / minutes / out.SunSeconds
}

func benchTrace(c *simulate.City, out *cityResult) {
	net := c.Net()
	out.Pipes = len(c.Pipes)
	var took []time.Duration
	var outlets []int32
	for i, w := range c.Wells {
		if w.Kind == "outfall" || w.Kind == "works" {
			outlets = append(outlets, int32(i))
		}
	}
	supply := func(p simulate.Pipe) bool { return p.Class == simulate.Supply && p.Road >= 0 }
	source := c.Pipes[slices.IndexFunc(c.Pipes, supply)].A
	for k := range 200 {
		began := time.Now()
		if k%2 == 0 {
			net.Trace(outlets[k%len(outlets)], analysis.Up, nil)
		} else if p := k * len(c.Pipes) / 200; true {
			for !supply(c.Pipes[p%len(c.Pipes)]) {
				p++
			}
			net.Isolate(int32(p%len(c.Pipes)), func(w int32) bool { return c.Wells[w].Kind == "valve" }, []int32{source})
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	out.TraceP95, out.TraceMax = ms(took[len(took)*95/100]), ms(took[len(took)-1])
}
