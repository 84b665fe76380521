package ingest

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the "sqlite" driver, without cgo
)

// geoPackage reads the feature tables of a GeoPackage (OGC 12-128). It is a database that somebody hands
// in: it is copied, opened for reading alone, and nothing in it is run: views and triggers are passed over.
func (r *reading) geoPackage(name string) error {
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp("", "shanzhi-*.gpkg")
	if err != nil {
		return errors.Join(err, c.Close())
	}
	defer os.Remove(tmp.Name())
	n, err := io.Copy(tmp, io.LimitReader(f, r.o.Limits.File+1))
	if err = errors.Join(err, c.Close(), tmp.Close()); err != nil {
		return err
	}
	if n > r.o.Limits.File {
		return fault(FaultLimit, FileWhere{File: name}, "超过上限 %d 字节", "has more than %d bytes", r.o.Limits.File)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: tmp.Name()}).EscapedPath()+"?mode=ro&immutable=1&_pragma=trusted_schema(0)&_pragma=query_only(1)&_pragma=cell_size_check(1)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	at := FileWhere{File: name}
	rows, err := db.QueryContext(r.ctx, `SELECT c.table_name, g.column_name, g.srs_id, coalesce(s.organization, ''), coalesce(s.organization_coordsys_id, 0), coalesce(s.definition, '')
 FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'
 LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE c.data_type = 'features' ORDER BY c.table_name LIMIT 1000`)
	if err != nil {
		return fault(FaultBroken, at, "不是 GeoPackage：%v", "is no GeoPackage: %v", err)
	}
	type layer struct {
		table, column, org, definition string
		srs, code                      int
	}
	var layers []layer
	for rows.Next() {
		var l layer
		if err := rows.Scan(&l.table, &l.column, &l.srs, &l.org, &l.code, &l.definition); err != nil {
			return errors.Join(err, rows.Close())
		}
		layers = append(layers, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var views int
	if err := db.QueryRowContext(r.ctx, `SELECT count(*) FROM gpkg_contents c JOIN sqlite_master m ON m.name = c.table_name AND m.type <> 'table'`).Scan(&views); err == nil {
		r.m.left("views", views)
	}
	for _, l := range layers {
		w := FileWhere{File: name, Path: l.table}
		system := ""
		switch {
		case strings.EqualFold(l.org, "EPSG"):
			system = "EPSG:" + strconv.Itoa(l.code)
		case l.srs > 0:
			system = l.definition
		}
		if err := r.declare(system, w); err != nil {
			return err
		}
		if err := r.geoTable(db, l.table, l.column, w); err != nil {
			return err
		}
	}
	return nil
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func (r *reading) geoTable(db *sql.DB, table, column string, at FileWhere) error {
	rows, err := db.QueryContext(r.ctx, `SELECT * FROM `+quoteName(table))
	if err != nil {
		return fault(FaultBroken, at, "表读不出：%v", "the table cannot be read: %v", err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(names))
	into := make([]any, len(names))
	for i := range cells {
		into[i] = &cells[i]
	}
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		w := at
		w.Path = fmt.Sprintf("%s/%d", table, n)
		o := Object{Kind: table, ID: strconv.Itoa(n), Attributes: map[string]any{}, Where: w}
		var raw []byte
		for i, name := range names {
			if strings.EqualFold(name, column) {
				raw, _ = cells[i].([]byte)
				continue
			}
			switch v := cells[i].(type) {
			case nil:
			case []byte:
				r.m.left("blobs", 1)
			case int64:
				o.Attributes[name] = float64(v)
			default:
				if s, ok := v.(string); ok && len(s) > 1<<16 {
					v = s[:1<<16]
				}
				o.Attributes[name] = v
			}
		}
		if id := o.Text("id", "ID", "fid", "FID", "ogc_fid", "OBJECTID", "code", "编码", "编号"); id != "" {
			o.ID = id
		}
		if len(raw) > 0 {
			body, err := gpkgBody(raw)
			if err != nil {
				return fault(FaultBroken, w, "几何头不对：%v", "the head of the geometry: %v", err)
			}
			if body != nil {
				g := wkb{r: r, b: body, at: w}
				if err := g.geometry(&o, 0); err != nil {
					return err
				}
			}
		}
		if err := r.object(o); err != nil {
			return err
		}
	}
	return rows.Err()
}

// gpkgBody is the WKB after a GeoPackage's head; nil of an empty geometry.
func gpkgBody(raw []byte) ([]byte, error) {
	if len(raw) < 8 || raw[0] != 'G' || raw[1] != 'P' {
		return nil, errors.New("is not GP")
	}
	flags := raw[3]
	if flags&0x20 != 0 {
		return nil, errors.New("is of an extension")
	}
	size := 8
	switch flags >> 1 & 7 {
	case 0:
	case 1:
		size += 32
	case 2, 3:
		size += 48
	case 4:
		size += 64
	default:
		return nil, errors.New("has no such envelope")
	}
	if len(raw) < size {
		return nil, errors.New("is cut off")
	}
	if flags&0x10 != 0 {
		return nil, nil
	}
	return raw[size:], nil
}
