package gate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"shanzhi/core/table"
)

// newWriter makes the writer of a form.
func newWriter(r Request, columns []Column, mark string, w io.Writer) (table.Writer, error) {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
		if c.Title != "" && !r.Lines {
			names[i] = c.Title
		}
	}
	switch r.Form {
	case CSV:
		return table.NewCSV(w, names, table.CSVOptions{BOM: !r.Lines, Zone: r.Zone})
	case XLSX:
		return table.NewXLSX(w, names, table.XLSXOptions{Sheet: r.What, Zone: r.Zone, Mark: mark})
	case GeoJSON, JSON:
		o := &objects{out: bufio.NewWriterSize(w, 64<<10), columns: columns, zone: r.Zone, geo: r.Form == GeoJSON, lon: -1, lat: -1}
		for i, c := range columns {
			switch c.Class {
			case Longitude:
				o.lon = i
			case Latitude:
				o.lat = i
			}
		}
		if o.geo && (o.lon < 0 || o.lat < 0) {
			return nil, fmt.Errorf("gate: %s has no coordinates to make GeoJSON of", r.What)
		}
		return o, o.begin()
	}
	return nil, fmt.Errorf("gate: there is no form %q", r.Form)
}

// objects writes rows as JSON, one by one: as the features of a collection, or
// as an array. A row without coordinates is a feature without geometry (RFC 7946
// §3.2).
type objects struct {
	out      *bufio.Writer
	columns  []Column
	zone     *time.Location
	geo      bool
	lon, lat int
	n        int
}

func (o *objects) begin() error {
	head := "["
	if o.geo {
		head = `{"type":"FeatureCollection","features":[`
	}
	_, err := o.out.WriteString(head)
	return err
}

// Write implements table.Writer.
func (o *objects) Write(values ...any) error {
	if o.n++; o.n > 1 {
		o.out.WriteByte(',')
	}
	o.out.WriteByte('\n')
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range values {
		if o.geo && (i == o.lon || i == o.lat) {
			continue
		}
		if t, ok := v.(time.Time); ok && o.zone != nil {
			v = t.In(o.zone)
		}
		value, err := json.Marshal(v)
		if err != nil {
			return err
		}
		name, err := json.Marshal(o.columns[i].Name)
		if err != nil {
			return err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	if o.geo {
		geometry := "null"
		if values[o.lon] != nil && values[o.lat] != nil {
			at, err := json.Marshal([2]any{values[o.lon], values[o.lat]})
			if err != nil {
				return err
			}
			geometry = `{"type":"Point","coordinates":` + string(at) + `}`
		}
		fmt.Fprintf(o.out, `{"type":"Feature","geometry":%s,"properties":`, geometry)
	}
	_, err := o.out.Write(b.Bytes())
	if o.geo && err == nil {
		err = o.out.WriteByte('}')
	}
	return err
}

// Close implements table.Writer.
func (o *objects) Close() error {
	tail := "\n]\n"
	if o.geo {
		tail = "\n]}\n"
	}
	if _, err := o.out.WriteString(tail); err != nil {
		return err
	}
	return o.out.Flush()
}
