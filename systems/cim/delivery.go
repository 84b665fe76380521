package cim

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/paulmach/orb"

	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/systems/cim/check"
	"shanzhi/systems/cim/ingest"
)

// DeliveryOptions say of a delivery what its files do not, as people type it.
func DeliveryOptions(rules *check.Rules, crs, heights string) (o ingest.Options, err error) {
	o.Columns, o.Named = rules.Columns(), rules.Named
	if crs != "" {
		f, ok := rules.Named(crs)
		if !ok {
			if f, err = ingest.ParseFrame(crs); err != nil {
				return o, fmt.Errorf("crs: %w", err)
			}
		}
		o.Frame = f
	}
	if heights != "" {
		if o.Heights, err = ingest.ParseHeights(heights); err != nil {
			return o, err
		}
	}
	return o, nil
}

// Outline is that of a pack's district, in WGS-84; nil where the pack has none.
func Outline(files fs.FS) (orb.MultiPolygon, error) {
	const name = "boundary.geojson"
	if !pack.Has(files, name) {
		return nil, nil
	}
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	areas, err := place.ReadAreas(bytes.NewReader(raw), place.AreaSource{CRS: place.WGS84})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out orb.MultiPolygon
	for _, a := range areas {
		out = append(out, a.Shape...)
	}
	return out, nil
}
