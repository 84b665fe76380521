package cim

import (
	"fmt"
	"io/fs"

	"shanzhi/core/pack"
	"shanzhi/systems/cim/analysis"
)

// bookOfUse is what a district's pack says of how its city is used: cim/use.yaml. What it does
// not say is as it is here.
type bookOfUse struct {
	Sunlight struct {
		Day   string  `yaml:"day"`
		Hours float64 `yaml:"hours"`
	} `yaml:"sunlight"`
	Rent   RentRule     `yaml:"rent"`
	Update []UpdateRule `yaml:"update"`
}

const packUse = "cim/use.yaml"

// shippedUse is what holds where no pack says otherwise.
func shippedUse() (b bookOfUse) {
	// GB 50180-2018, table 4.0.9: climate zone IV, half a million people and more.
	b.Sunlight.Day, b.Sunlight.Hours = analysis.GreatCold.Name, 3
	b.Rent = RentRule{Reach: 1000, Months: 24, Distance: 500, Age: 12, Floors: 0.01}
	return b
}

func readUse(files fs.FS) (bookOfUse, error) {
	b := shippedUse()
	if pack.Has(files, packUse) {
		if err := pack.Settings(files, packUse, &b); err != nil {
			return b, err
		}
	}
	if _, ok := standardDays[b.Sunlight.Day]; !ok || b.Sunlight.Hours < 0 || b.Sunlight.Hours > 8 {
		return b, fmt.Errorf("%s: sunlight: a day great_cold or winter_solstice, and hours from 0 to 8", packUse)
	}
	if r := b.Rent; r.Reach <= 0 || r.Reach > 20_000 || r.Months <= 0 || r.Distance <= 0 || r.Age <= 0 || r.Floors < -0.1 || r.Floors > 0.1 {
		return b, fmt.Errorf("%s: rent: reach, months, distance and age are above 0, floors from -0.1 to 0.1", packUse)
	}
	seen := map[Layer]bool{}
	for _, r := range b.Update {
		if layerNumbers[r.Layer] == 0 && r.Layer != Pipes && r.Layer != Terrain || seen[r.Layer] || r.Days < 1 {
			return b, fmt.Errorf("%s: update: %q: each layer once, with the days that it may be old", packUse, r.Layer)
		}
		seen[r.Layer] = true
	}
	return b, nil
}

func (s *Service) analysisBook() bookOfUse {
	if b := s.book.Load(); b != nil {
		return b.use
	}
	return shippedUse()
}
