package cim

import (
	"context"
	"errors"
	"math"

	"shanzhi/core/store"
	"shanzhi/systems/cim/tiles"
)

// terrainLevels end where a tile's vertices lie as close as the ground is known.
const terrainLevels = 15

// terrainFade is over how many degrees the ground falls to sea level where it is no longer known,
// so that the district does not stand on a cliff.
const terrainFade = 0.05

func (s *Service) buildTerrain(ctx context.Context, put func(tiles.File) error) (int64, error) {
	h, err := s.HeightsOf(ctx, s.Store)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	b := h.Box()
	return int64(h.Columns * h.Rows), tiles.WriteTerrain(tiles.Land{West: b.West, South: b.South, East: b.East, North: b.North, Levels: terrainLevels, Height: func(lon, lat float64) float64 {
		off := math.Hypot(max(b.West-lon, lon-b.East, 0), max(b.South-lat, lat-b.North, 0))
		if off >= terrainFade {
			return 0
		}
		return h.At(lon, lat) * (1 - off/terrainFade)
	}}, stopping(ctx, put))
}
