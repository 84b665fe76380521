package cim

import (
	"context"

	"github.com/paulmach/orb"

	"shanzhi/core/store"
	"shanzhi/systems/cim/basemap"
	"shanzhi/systems/cim/tiles"
)

// The zooms of the base map.
const (
	baseFirst = 8
	baseLast  = 15
)

// baseLayers are the layers of the base map in the order in which they are drawn, and what their
// features say.
var baseLayers = []basemap.VectorLayer{
	{ID: "water", Description: "水域", Fields: map[string]string{}, MinZoom: baseFirst, MaxZoom: baseLast},
	{ID: "land", Description: "辖区", Fields: map[string]string{"name": "String"}, MinZoom: baseFirst, MaxZoom: baseLast},
	{ID: "parcel", Description: "地块", Fields: map[string]string{"use": "String"}, MinZoom: 11, MaxZoom: baseLast},
	{ID: "boundary", Description: "社区界", Fields: map[string]string{"name": "String"}, MinZoom: 10, MaxZoom: baseLast},
	{ID: "road", Description: "道路", Fields: map[string]string{"class": "String", "name": "String"}, MinZoom: 9, MaxZoom: baseLast},
	{ID: "building", Description: "建筑", Fields: map[string]string{"code": "String", "use": "String", "height": "Number"}, MinZoom: 14, MaxZoom: baseLast},
	{ID: "place", Description: "地名", Fields: map[string]string{"class": "String", "name": "String"}, MinZoom: baseFirst, MaxZoom: baseLast},
}

var roadsFrom = map[string]int{"arterial": 9, "secondary": 11, "local": 13}

// buildBaseMap draws the base map of the records.
func (s *Service) buildBaseMap(ctx context.Context, put func(tiles.File) error) (int64, error) {
	m := &basemap.Map{Name: "善治底图", MinZoom: baseFirst, MaxZoom: baseLast, Vector: baseLayers}
	for _, l := range baseLayers {
		m.Layers = append(m.Layers, l.ID)
	}
	things, err := selectThings(ctx, s.Store, `SELECT `+thingColumns+` FROM cim_thing t WHERE t.layer IN (?, ?, ?, ?, ?) ORDER BY t.layer, t.code`,
		layerNumbers[Buildings], layerNumbers[Roads], layerNumbers[Parcels], layerNumbers[Water], layerNumbers[Areas])
	if err != nil || len(things) == 0 {
		return 0, err
	}
	add := func(layer string, from int, shape orb.Geometry, said map[string]any) {
		m.Features = append(m.Features, basemap.Feature{Layer: layer, Shape: shape, From: from, Said: said})
	}
	first := true
	for i := range things {
		t := &things[i]
		if t.Layer != Water { // the sea goes on past the map
			if b := t.Shape.Bound(); first {
				m.Bounds, first = b, false
			} else {
				m.Bounds = m.Bounds.Union(b)
			}
		}
		switch t.Layer {
		case Water:
			add("water", baseFirst, t.Shape, nil)
		case Parcels:
			add("parcel", 11, t.Shape, map[string]any{"use": t.Class})
		case Roads:
			add("road", roadsFrom[t.Class], t.Shape, map[string]any{"class": t.Class, "name": t.Name})
		case Buildings:
			add("building", 14, t.Shape, map[string]any{"code": t.Code, "use": t.Class, "height": float64(int((t.High-t.Low)*10)) / 10})
		case Areas:
			switch t.Class {
			case "district":
				add("land", baseFirst, t.Shape, map[string]any{"name": t.Name})
				add("place", baseFirst, middle(t.Shape), map[string]any{"class": t.Class, "name": t.Name})
			case "street":
				add("place", 10, t.Shape, map[string]any{"class": t.Class, "name": t.Name})
			default:
				add("boundary", 10, t.Shape, map[string]any{"name": t.Name})
				add("place", 12, middle(t.Shape), map[string]any{"class": t.Class, "name": t.Name})
			}
		}
	}
	layers, err := store.Select[LayerState](ctx, s.Store, `SELECT code, source, epoch, synthetic, seq, things, at FROM cim_layer WHERE code = ?`, string(Buildings))
	if err == nil && len(layers) == 1 && layers[0].Synthetic {
		m.Attribution = "模拟数据 synthetic"
	}
	body, n, err := m.Archive()
	if err != nil {
		return 0, err
	}
	return int64(n), put(tiles.File{Name: "basemap.pmtiles", Body: body})
}

// middle is a point of a shape that its name stands at.
func middle(g orb.Geometry) orb.Point { return g.Bound().Center() }
