package place

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// ParseCRS reads a coordinate system as people name it: bd09, gcj-02, WGS84, cgcs2000.
func ParseCRS(name string) (CRS, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "")
	for c := WGS84; c <= CGCS2000; c++ {
		if strings.EqualFold(plain.Replace(name), plain.Replace(c.String())) {
			return c, nil
		}
	}
	return 0, fmt.Errorf("%q is not a coordinate system (wgs84, gcj02, bd09, cgcs2000)", name)
}

// TransformGeoJSON copies a GeoJSON document with its coordinates in another
// system. Everything else stays as it is and in its order, heights too, but for
// bounding boxes, which would be wrong and are left out. A coordinate that is not
// on the globe is refused, with its number.
func TransformGeoJSON(w io.Writer, r io.Reader, from, to CRS) error {
	if (Point{CRS: from}).Valid() != nil || (Point{CRS: to}).Valid() != nil {
		return fmt.Errorf("GeoJSON: which coordinate systems are meant must be said")
	}
	d := json.NewDecoder(r)
	d.UseNumber()
	t := &transformer{from: from, to: to, d: d}
	if err := t.value(false, ""); err != nil {
		return fmt.Errorf("GeoJSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("GeoJSON: there is something after the document")
	}
	t.out = append(t.out, '\n')
	_, err := w.Write(t.out)
	return err
}

type transformer struct {
	from, to CRS
	d        *json.Decoder
	out      []byte
	count    int
}

// value copies the next value; verbatim below properties, where a member named
// coordinates is no geometry.
func (t *transformer) value(verbatim bool, key string) error {
	token, err := t.d.Token()
	if err != nil {
		return err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		raw, err := json.Marshal(token)
		t.out = append(t.out, raw...)
		return err
	}
	t.out = append(t.out, byte(delim))
	first := true
	for t.d.More() {
		name := key
		mark := len(t.out)
		if !first {
			t.out = append(t.out, ',')
		}
		if delim == '{' {
			token, err := t.d.Token()
			if err != nil {
				return err
			}
			name = token.(string)
			if name == "bbox" && !verbatim {
				var skip json.RawMessage
				if err := t.d.Decode(&skip); err != nil {
					return err
				}
				t.out = t.out[:mark]
				continue
			}
			raw, err := json.Marshal(name)
			if err != nil {
				return err
			}
			t.out = append(append(t.out, raw...), ':')
		}
		first = false
		if delim == '{' && name == "coordinates" && !verbatim {
			var raw any
			if err := t.d.Decode(&raw); err != nil {
				return err
			}
			if err := t.coordinates(raw); err != nil {
				return err
			}
			continue
		}
		if err := t.value(verbatim || delim == '{' && name == "properties", name); err != nil {
			return err
		}
	}
	if token, err = t.d.Token(); err != nil {
		return err
	}
	t.out = append(t.out, byte(token.(json.Delim)))
	return nil
}

func (t *transformer) coordinates(v any) error {
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("coordinate %d is no list", t.count+1)
	}
	t.out = append(t.out, '[')
	defer func() { t.out = append(t.out, ']') }()
	if len(list) == 0 {
		return nil
	}
	if _, number := list[0].(json.Number); !number {
		for i, x := range list {
			if i > 0 {
				t.out = append(t.out, ',')
			}
			if err := t.coordinates(x); err != nil {
				return err
			}
		}
		return nil
	}
	t.count++
	numbers := make([]float64, len(list))
	for i, x := range list {
		n, ok := x.(json.Number)
		if !ok {
			return fmt.Errorf("coordinate %d is no list of numbers", t.count)
		}
		var err error
		if numbers[i], err = n.Float64(); err != nil {
			return fmt.Errorf("coordinate %d: %w", t.count, err)
		}
	}
	if len(numbers) < 2 {
		return fmt.Errorf("coordinate %d has no latitude", t.count)
	}
	p := Point{t.from, numbers[0], numbers[1]}
	if err := p.Valid(); err != nil {
		return fmt.Errorf("coordinate %d: %w", t.count, err)
	}
	p = p.To(t.to)
	for i, x := range []float64{p.Lon, p.Lat} {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		t.out = strconv.AppendFloat(t.out, math.Round(x*1e9)/1e9, 'f', -1, 64)
	}
	for _, x := range list[2:] {
		t.out = append(append(t.out, ','), x.(json.Number)...)
	}
	return nil
}
