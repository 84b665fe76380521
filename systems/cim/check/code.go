package check

import (
	"shanzhi/core/place"
	"shanzhi/systems/cim/ingest"
)

// Known is what the register and the addresses of the district know; nil functions know nothing, and
// what asks them is not judged.
type Known struct {
	// Code finds a building or unit by its house code: its key, and where it is said to be.
	Code func(code string) (key int64, at *place.Point, ok bool)
	// Address finds what an address means: its building's key, whether that is sure, and what it is called there.
	Address func(words string) (building int64, sure bool, standard string)
	// BuildingOf is the building of a unit, or itself.
	BuildingOf func(key int64) int64
}

// codes judges the codes and addresses of all objects.
func (j *judge) codes(known Known) {
	m := j.m
	first := map[string]int{}
	bare, buildings := 0, 0
	for i := range m.Objects {
		if o := &m.Objects[i]; isBuilding(o) && o.Kind != "BuildingPart" {
			buildings++
			if o.Text(j.rules.fields["code"]...) == "" {
				bare++
			}
		}
	}
	if bare > 0 && bare == buildings {
		if f := j.found("C04", -1, "", nil, "%d 栋建筑都没有楼栋编码", "none of the %d buildings has a house code", bare); f != nil {
			f.More = bare - 1
		}
	}
	for i := range m.Objects {
		o := &m.Objects[i]
		if !isBuilding(o) && o.Kind != "BuildingUnit" && o.Kind != "BuildingStorey" {
			if len(m.Objects) > 0 && m.Format != ingest.GeoJSON && m.Format != ingest.Shapefile && m.Format != ingest.GeoPackage {
				continue
			}
		}
		j.begin()
		code := o.Text(j.rules.fields["code"]...)
		at := j.place(o)
		if code == "" {
			if isBuilding(o) && o.Kind != "BuildingPart" && bare < buildings {
				j.found("C04", i, "", at, "没有楼栋编码", "has no house code")
			}
		} else {
			if k, again := first[code]; again {
				j.found("C01", i, "", at, "编码 %s 已用于 %s", "the code %s is that of %s", code, m.Objects[k].ID).with(m.Objects[k].ID)
			} else {
				first[code] = i
			}
		}
		_, err := place.ParseHouseCode(code)
		var key int64
		found := false
		switch {
		case code == "":
		case err != nil || len(code) != 19 && len(code) != 25:
			if isDigits(code) && len(code) >= 12 {
				j.found("C03", i, "", at, "%s 不是 19 位楼栋编码或 25 位房屋编码", "%s is no code of a building (19 digits) or a unit (25)", code)
			}
		case known.Code != nil:
			if key, _, found = known.Code(code); !found {
				j.found("C02", i, "", at, "底账里没有 %s", "%s is not in the register", code)
			}
		}
		words := o.Text(j.rules.fields["address"]...)
		if words == "" || known.Address == nil {
			continue
		}
		building, sure, standard := known.Address(words)
		switch {
		case building == 0:
			j.found("A02", i, "", at, "底账里找不到“%s”", "%q is not found in the register", clip(words))
		case found && sure && known.BuildingOf != nil && known.BuildingOf(key) != building:
			j.found("A01", i, "", at, "地址“%s”是 %s，不是编码 %s 的那一栋", "the address %q is of %s, not of the building with the code %s", clip(words), standard, code)
		}
	}
	j.per = nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

// place is the middle of an object.
func (j *judge) place(o *ingest.Object) *Vec {
	low, high, ok := Extent(j.m, o)
	if !ok {
		return nil
	}
	v := middle(low, high)
	return &v
}
