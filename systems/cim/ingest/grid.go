package ingest

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/tiff/lzw"
)

// asciiGrid reads heights on a raster as Esri's ASCII grid has them.
func (r *reading) asciiGrid(name string) error {
	if prj := r.d.sibling(name, ".prj"); prj != "" {
		raw, err := r.whole(prj, 64<<10)
		if err != nil {
			return err
		}
		if err := r.declare(string(raw), FileWhere{File: prj}); err != nil {
			return err
		}
	}
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	in := bufio.NewReaderSize(f, 1<<20)
	line := 1
	word := func() (string, error) {
		var out []byte
		for {
			b, err := in.ReadByte()
			if err != nil {
				if err == io.EOF && len(out) > 0 {
					return string(out), nil
				}
				return "", err
			}
			if b == ' ' || b == '\t' || b == '\r' || b == '\n' {
				if len(out) > 0 {
					_ = in.UnreadByte()
					return string(out), nil
				}
				if b == '\n' {
					line++
				}
				continue
			}
			if out = append(out, b); len(out) > 64 {
				return "", fault(FaultBroken, FileWhere{File: name, Line: line}, "有一个值太长", "a value is too long")
			}
		}
	}
	head := map[string]float64{}
	first := ""
	for {
		key, err := word()
		if err != nil {
			return fault(FaultCut, FileWhere{File: name, Line: line}, "文件不完整", "the file ends too early")
		}
		if _, err := strconv.ParseFloat(key, 64); err == nil {
			first = key
			break
		}
		value, err := word()
		if err != nil {
			return fault(FaultCut, FileWhere{File: name, Line: line}, "文件不完整", "the file ends too early")
		}
		x, err := strconv.ParseFloat(value, 64)
		if err != nil || len(head) > 12 {
			return fault(FaultBroken, FileWhere{File: name, Line: line}, "文件头 %s 的值 %q 不是数", "the head's %s, %q, is no number", short(key), short(value))
		}
		head[strings.ToLower(key)] = x
	}
	columns, rows, cell := head["ncols"], head["nrows"], head["cellsize"]
	dx, dy := cell, cell
	if cell == 0 {
		dx, dy = head["dx"], head["dy"]
	}
	if !(columns >= 1) || !(rows >= 1) || columns != math.Trunc(columns) || rows != math.Trunc(rows) || columns*rows > float64(r.o.Limits.Cells) || !(dx > 0) || !(dy > 0) || math.IsInf(dx+dy, 0) {
		return fault(FaultBroken, FileWhere{File: name, Line: line}, "行列数或格网大小不对（上限 %d 格）", "its columns, rows or cell size are wrong (at most %d cells)", r.o.Limits.Cells)
	}
	g := &Grid{Columns: int(columns), Rows: int(rows), DX: dx, DY: dy, Where: FileWhere{File: name}}
	g.West = head["xllcorner"]
	south := head["yllcorner"]
	if x, ok := head["xllcenter"]; ok {
		g.West = x - dx/2
	}
	if y, ok := head["yllcenter"]; ok {
		south = y - dy/2
	}
	g.North = south + dy*rows
	void, has := head["nodata_value"]
	for i := range g.Columns * g.Rows {
		text := first
		if first = ""; text == "" {
			if text, err = word(); err != nil {
				return fault(FaultCut, FileWhere{File: name, Line: line}, "应有 %d 个高程，只有 %d 个", "it should have %d heights, it has %d", g.Columns*g.Rows, i)
			}
		}
		z, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fault(FaultNumber, FileWhere{File: name, Line: line}, "%q 不是数", "%q is no number", short(text))
		}
		if has && z == void {
			z = math.NaN()
		}
		g.Z = append(g.Z, float32(z)) // as they come: a head that lies costs nothing
	}
	if extra, err := word(); err == nil {
		return fault(FaultBroken, FileWhere{File: name, Line: line}, "高程比行列数多（%s）", "there are more heights than cells (%s)", short(extra))
	}
	measure(g)
	r.m.Tall = true
	r.m.Grids = append(r.m.Grids, g)
	return nil
}

// ifd is the directory of a TIFF.
type ifd struct {
	raw   []byte
	order binary.ByteOrder
	tags  map[uint16]ifdEntry
}

type ifdEntry struct {
	kind  uint16
	count uint32
	at    int // of its values
}

var tiffSizes = map[uint16]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}

func readIFD(raw []byte) (*ifd, error) {
	if len(raw) < 8 {
		return nil, fmt.Errorf("has %d bytes", len(raw))
	}
	d := &ifd{raw: raw, tags: map[uint16]ifdEntry{}, order: binary.LittleEndian}
	if raw[0] == 'M' {
		d.order = binary.BigEndian
	}
	if d.order.Uint16(raw[2:]) != 42 {
		return nil, fmt.Errorf("is no TIFF of the plain kind (BigTIFF is not read)")
	}
	at := int(d.order.Uint32(raw[4:]))
	if at < 8 || at+2 > len(raw) {
		return nil, fmt.Errorf("its directory is outside of it")
	}
	n := int(d.order.Uint16(raw[at:]))
	if at+2+12*n > len(raw) {
		return nil, fmt.Errorf("its directory is cut off")
	}
	for i := range n {
		e := raw[at+2+12*i:]
		entry := ifdEntry{d.order.Uint16(e[2:]), d.order.Uint32(e[4:]), at + 2 + 12*i + 8}
		size := tiffSizes[entry.kind]
		if size == 0 {
			continue
		}
		total := uint64(size) * uint64(entry.count)
		if total > 4 {
			entry.at = int(d.order.Uint32(e[8:]))
		}
		if uint64(entry.at)+total > uint64(len(raw)) {
			return nil, fmt.Errorf("tag %d is outside of it", d.order.Uint16(e))
		}
		d.tags[d.order.Uint16(e)] = entry
	}
	return d, nil
}

func (d *ifd) values(tag uint16) []float64 {
	e, ok := d.tags[tag]
	if !ok {
		return nil
	}
	size := tiffSizes[e.kind]
	out := make([]float64, 0, e.count)
	for i := range int(e.count) {
		p := d.raw[e.at+i*size:]
		switch e.kind {
		case 1, 7:
			out = append(out, float64(p[0]))
		case 3:
			out = append(out, float64(d.order.Uint16(p)))
		case 4:
			out = append(out, float64(d.order.Uint32(p)))
		case 11:
			out = append(out, float64(math.Float32frombits(d.order.Uint32(p))))
		case 12:
			out = append(out, math.Float64frombits(d.order.Uint64(p)))
		default:
			return nil
		}
	}
	return out
}

func (d *ifd) value(tag uint16, otherwise float64) float64 {
	if v := d.values(tag); len(v) > 0 {
		return v[0]
	}
	return otherwise
}

func (d *ifd) text(tag uint16) string {
	e, ok := d.tags[tag]
	if !ok || e.kind != 2 {
		return ""
	}
	return strings.TrimRight(string(d.raw[e.at:e.at+int(e.count)]), "\x00 ")
}

// geoTIFF reads a raster of heights of one band: in strips or tiles, plain, deflated or by LZW.
func (r *reading) geoTIFF(name string) error {
	raw, err := r.whole(name, min(1<<30, r.o.Limits.File))
	if err != nil {
		return err
	}
	at := FileWhere{File: name}
	d, err := readIFD(raw)
	if err != nil {
		return fault(FaultBroken, at, "TIFF 不对：%v", "the TIFF %v", err)
	}
	columns, rows := int(d.value(256, 0)), int(d.value(257, 0))
	bits, samples, kind := int(d.value(258, 1)), int(d.value(277, 1)), int(d.value(339, 1))
	packed, predictor := int(d.value(259, 1)), int(d.value(317, 1))
	if columns < 1 || rows < 1 || columns > r.o.Limits.Cells/rows {
		return fault(FaultLimit, at, "行列数 %d×%d 不对或太大", "%d by %d cells are wrong or too many", columns, rows)
	}
	if samples != 1 || !(kind == 3 && (bits == 32 || bits == 64) || kind <= 2 && (bits == 8 || bits == 16 || bits == 32)) || predictor > 3 || predictor == 3 && kind != 3 {
		return fault(FaultSupport, at, "只读单波段高程（现为 %d 个波段、%d 位）", "heights of one band are read (it has %d bands of %d bits)", samples, bits)
	}
	g := &Grid{Columns: columns, Rows: rows, Where: at}
	var tile bool
	wide, tall := columns, int(d.value(278, float64(rows)))
	offsets, counts := d.values(273), d.values(279)
	if w := int(d.value(322, 0)); w > 0 {
		tile, wide, tall = true, w, int(d.value(323, 0))
		offsets, counts = d.values(324), d.values(325)
	}
	if wide < 1 || tall < 1 || wide > 1<<16 && tile || tall > rows && tile && tall > 1<<16 {
		return fault(FaultBroken, at, "分块大小不对", "the size of its parts is wrong")
	}
	tall = min(tall, max(rows, 1<<16))
	across, down := (columns+wide-1)/wide, (rows+tall-1)/tall
	if len(offsets) != across*down || len(counts) != len(offsets) {
		return fault(FaultBroken, at, "应有 %d 块，只有 %d 块", "it should have %d parts, it has %d", across*down, len(offsets))
	}
	size := bits / 8
	void, voidErr := strconv.ParseFloat(strings.TrimSpace(d.text(42113)), 64)
	g.Z = make([]float32, columns*rows)
	for i := range offsets {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		from, n := int64(offsets[i]), int64(counts[i])
		w := at
		w.Path = fmt.Sprintf("part %d", i)
		if from < 0 || n < 0 || from+n > int64(len(raw)) {
			return fault(FaultCut, w, "数据不完整", "its data is cut off")
		}
		lines := tall
		if !tile {
			lines = min(tall, rows-i*tall)
		}
		want := wide * lines * size
		body, err := unpackTIFF(raw[from:from+n], packed, want)
		if err != nil {
			return fault(FaultBroken, w, "数据解不开：%v", "its data cannot be unpacked: %v", err)
		}
		number := predicted(body, wide, lines, size, predictor, d.order)
		for y := range lines {
			row := i/across*tall + y
			if row >= rows {
				break
			}
			for x := range wide {
				col := i%across*wide + x
				if col >= columns {
					break
				}
				z := number(y*wide+x, kind)
				if voidErr == nil && z == void {
					z = math.NaN()
				}
				g.Z[row*columns+col] = float32(z)
			}
		}
	}
	if err := r.geoKeys(d, g, at); err != nil {
		return err
	}
	measure(g)
	r.m.Tall = true
	r.m.Grids = append(r.m.Grids, g)
	return nil
}

func unpackTIFF(raw []byte, packed, want int) ([]byte, error) {
	var from io.Reader
	switch packed {
	case 1:
		from = bytes.NewReader(raw)
	case 5:
		l := lzw.NewReader(bytes.NewReader(raw), lzw.MSB, 8)
		defer l.Close()
		from = l
	case 8, 32946:
		z, err := zlib.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, err
		}
		defer z.Close()
		from = z
	default:
		return nil, fmt.Errorf("compression %d is not read", packed)
	}
	return readAll(from, nil, int64(want))
}

// predicted undoes the differences that a predictor made, and reads a cell.
func predicted(b []byte, wide, lines, size, predictor int, order binary.ByteOrder) func(i, kind int) float64 {
	switch predictor {
	case 2:
		for y := range lines {
			row := b[y*wide*size : (y+1)*wide*size]
			for x := 1; x < wide; x++ {
				p, q := row[x*size:], row[(x-1)*size:]
				switch size {
				case 1:
					p[0] += q[0]
				case 2:
					order.PutUint16(p, order.Uint16(p)+order.Uint16(q))
				case 4:
					order.PutUint32(p, order.Uint32(p)+order.Uint32(q))
				}
			}
		}
	case 3: // bytes of all cells of a row, the highest first, each a difference to the one before
		line := make([]byte, wide*size)
		for y := range lines {
			row := b[y*wide*size : (y+1)*wide*size]
			for i := 1; i < len(row); i++ {
				row[i] += row[i-1]
			}
			copy(line, row)
			for x := range wide {
				for k := range size {
					row[x*size+k] = line[k*wide+x]
				}
			}
		}
		order = binary.BigEndian
	}
	return func(i, kind int) float64 {
		p := b[i*size:]
		switch {
		case kind == 3 && size == 4:
			return float64(math.Float32frombits(order.Uint32(p)))
		case kind == 3:
			return math.Float64frombits(order.Uint64(p))
		case size == 1 && kind == 2:
			return float64(int8(p[0]))
		case size == 1:
			return float64(p[0])
		case size == 2 && kind == 2:
			return float64(int16(order.Uint16(p)))
		case size == 2:
			return float64(order.Uint16(p))
		case kind == 2:
			return float64(int32(order.Uint32(p)))
		}
		return float64(order.Uint32(p))
	}
}

// geoKeys says where a raster lies (OGC 19-008r4).
func (r *reading) geoKeys(d *ifd, g *Grid, at FileWhere) error {
	pixel, tie, matrix := d.values(33550), d.values(33922), d.values(34264)
	point := false
	system := ""
	if keys := d.values(34735); len(keys) >= 4 {
		for i := 4; i+3 < len(keys); i += 4 {
			switch int(keys[i]) {
			case 1025:
				point = keys[i+3] == 2
			case 2048, 3072:
				if keys[i+1] == 0 && keys[i+3] != 32767 && keys[i+3] != 0 {
					system = fmt.Sprintf("EPSG:%d", int(keys[i+3]))
				}
			}
		}
		for i := 4; i+3 < len(keys); i += 4 {
			if int(keys[i]) == 4096 && keys[i+1] == 0 && verticalKnown(int(keys[i+3])) && system != "" {
				system += fmt.Sprintf("+%d", int(keys[i+3]))
			}
		}
	}
	switch {
	case len(pixel) >= 2 && len(tie) >= 6 && pixel[0] > 0 && pixel[1] > 0:
		g.DX, g.DY = pixel[0], pixel[1]
		g.West, g.North = tie[3]-tie[0]*g.DX, tie[4]+tie[1]*g.DY
	case len(matrix) == 16 && matrix[1] == 0 && matrix[4] == 0 && matrix[0] > 0 && matrix[5] < 0:
		g.DX, g.DY, g.West, g.North = matrix[0], -matrix[5], matrix[3], matrix[7]
	case len(matrix) == 16:
		return fault(FaultSupport, at, "斜放的栅格不支持", "a raster that is turned is not read")
	default:
		return fault(FaultMissing, at, "没有说明栅格在哪里（GeoTIFF 标签）", "it does not say where the raster lies (GeoTIFF tags)")
	}
	if point {
		g.West, g.North = g.West-g.DX/2, g.North+g.DY/2
	}
	return r.declare(system, at)
}

func verticalKnown(code int) bool {
	return code == 5737 || code == 5773 || code == 3855 || code == 5709
}

// las reads the head of a cloud of points (ASPRS LAS 1.0 to 1.4), its points not.
func (r *reading) las(name string) error {
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	head := make([]byte, 227)
	if _, err := io.ReadFull(f, head); err != nil {
		return fault(FaultCut, FileWhere{File: name}, "文件头不完整", "its head is cut off")
	}
	le := binary.LittleEndian
	if string(head[:4]) != "LASF" || head[24] != 1 || head[25] > 4 {
		return fault(FaultBroken, FileWhere{File: name}, "不是 LAS 1.0–1.4", "is no LAS 1.0 to 1.4")
	}
	number := func(at int) float64 { return math.Float64frombits(le.Uint64(head[at:])) }
	cl := Cloud{Version: fmt.Sprintf("1.%d", head[25]), Format: int(head[104] & 0x3f), Compressed: head[104]&0x80 != 0, Count: uint64(le.Uint32(head[107:])),
		High: Vec{number(179), number(195), number(211)}, Low: Vec{number(187), number(203), number(219)}, Software: strings.TrimRight(string(head[58:90]), "\x00 "), Where: FileWhere{File: name}}
	if day, year := le.Uint16(head[90:]), le.Uint16(head[92:]); year > 1990 && year < 2200 && day >= 1 && day <= 366 {
		cl.Made = fmt.Sprintf("%d-%03d", year, day)
	}
	size := int(le.Uint16(head[94:]))
	if size < 227 || size > 1<<14 {
		return fault(FaultBroken, FileWhere{File: name}, "文件头长 %d 字节，不对", "a head of %d bytes is wrong", size)
	}
	rest := make([]byte, size-227)
	if _, err := io.ReadFull(f, rest); err != nil {
		return fault(FaultCut, FileWhere{File: name}, "文件头不完整", "its head is cut off")
	}
	if head[25] == 4 && len(rest) >= 28 {
		if n := le.Uint64(rest[20:]); n > 0 {
			cl.Count = n
		}
	}
	for _, x := range [][2]float64{{cl.Low[0], cl.High[0]}, {cl.Low[1], cl.High[1]}, {cl.Low[2], cl.High[2]}} {
		if math.IsNaN(x[0]) || math.IsNaN(x[1]) || math.IsInf(x[0], 0) || math.IsInf(x[1], 0) || x[0] > x[1] && cl.Count > 0 {
			return fault(FaultBroken, FileWhere{File: name}, "文件头里的范围不对", "the bounds in its head are wrong")
		}
	}
	for range min(le.Uint32(head[100:]), 1000) {
		v := make([]byte, 54)
		if _, err := io.ReadFull(f, v); err != nil {
			break
		}
		body := make([]byte, le.Uint16(v[20:]))
		if _, err := io.ReadFull(f, body); err != nil {
			break
		}
		switch id := le.Uint16(v[18:]); {
		case string(bytes.TrimRight(v[2:18], "\x00")) != "LASF_Projection":
		case id == 2112:
			if err := r.declare(strings.TrimRight(string(body), "\x00 "), FileWhere{File: name}); err != nil {
				return err
			}
		case id == 34735:
			system := "" // keys are sorted: that of the projection comes after that of its degrees
			for i := 8; i+8 <= len(body); i += 8 {
				if key, loc, value := le.Uint16(body[i:]), le.Uint16(body[i+2:]), le.Uint16(body[i+6:]); (key == 3072 || key == 2048) && loc == 0 && value != 32767 && value != 0 {
					system = fmt.Sprintf("EPSG:%d", value)
				}
			}
			if err := r.declare(system, FileWhere{File: name}); err != nil {
				return err
			}
		}
	}
	r.m.Tall = true
	r.m.Clouds = append(r.m.Clouds, cl)
	return nil
}
