package ingest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// decodeGBK reads bytes of the Chinese national character set (GB 18030).
func decodeGBK(raw []byte) string {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		return string(raw)
	}
	return string(out)
}

// shapefile reads a layer of Esri's shapefile: .shp, with .dbf, .prj and .cpg where they lie beside it.
func (r *reading) shapefile(name string) error {
	layer := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if prj := r.d.sibling(name, ".prj"); prj != "" {
		raw, err := r.whole(prj, 64<<10)
		if err != nil {
			return err
		}
		if err := r.declare(string(raw), FileWhere{File: prj}); err != nil {
			return err
		}
	}
	var table *dbf
	if dbfName := r.d.sibling(name, ".dbf"); dbfName != "" {
		var err error
		if table, err = r.openDBF(dbfName, r.d.sibling(name, ".cpg")); err != nil {
			return err
		}
		defer table.close()
	} else {
		r.m.fault(fault(FaultMissing, FileWhere{File: name}, "没有 .dbf，要素没有属性", "there is no .dbf: the objects have no attributes"))
	}
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	in := bufio.NewReader(f)
	head := make([]byte, 100)
	if _, err := io.ReadFull(in, head); err != nil || binary.BigEndian.Uint32(head) != 9994 {
		return fault(FaultBroken, FileWhere{File: name}, "不是 shp 文件", "is no .shp")
	}
	offset := int64(100)
	record := make([]byte, 8)
	var body []byte
	for n := 1; ; n++ {
		if _, err := io.ReadFull(in, record); err == io.EOF {
			break
		} else if err != nil {
			return fault(FaultCut, FileWhere{File: name, Offset: offset}, "文件在第 %d 条记录处断了", "the file ends in record %d", n)
		}
		size := int64(binary.BigEndian.Uint32(record[4:])) * 2
		at := FileWhere{File: name, Offset: offset, Path: fmt.Sprintf("record %d", n)}
		if size > 512<<20 || size < 4 {
			return fault(FaultBroken, at, "记录长度 %d 不对", "a record of %d bytes", size)
		}
		if body, err = readAll(in, body, size); err != nil {
			return fault(FaultCut, at, "文件在第 %d 条记录处断了", "the file ends in record %d", n)
		}
		offset += 8 + size
		o := Object{Kind: layer, Where: at, ID: strconv.Itoa(n)}
		deleted := false
		if table != nil {
			if o.Attributes, deleted, err = table.next(); err != nil {
				return err
			}
		}
		if deleted {
			r.m.left("deleted", 1)
			continue
		}
		if id := o.Text("ID", "id", "Id", "FID", "OBJECTID", "CODE", "code", "编码", "编号"); id != "" {
			o.ID = id
		}
		if err := r.esriShape(&o, body, at); err != nil {
			return err
		}
		if err := r.object(o); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads so many bytes, growing as they come, so that a wrong length costs nothing.
func readAll(r io.Reader, into []byte, size int64) ([]byte, error) {
	into = into[:0]
	for int64(len(into)) < size {
		step := min(size-int64(len(into)), max(1<<16, int64(len(into))))
		from := len(into)
		into = append(into, make([]byte, step)...)
		if _, err := io.ReadFull(r, into[from:]); err != nil {
			return nil, err
		}
	}
	return into, nil
}

func (r *reading) esriShape(o *Object, b []byte, at FileWhere) error {
	kind := binary.LittleEndian.Uint32(b)
	wrong := fault(FaultBroken, at, "记录的内容与长度不符", "the record's content does not fit its length")
	number := func(at int64) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b[at:])) }
	count := func(at int64) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }
	size := int64(len(b))
	tall := kind == 11 || kind == 13 || kind == 15 || kind == 18 || kind == 31
	switch kind {
	case 0:
		return nil
	case 1, 11, 21:
		if size < 20 || kind == 11 && size < 28 {
			return wrong
		}
		z := 0.0
		if kind == 11 {
			z = number(20)
		}
		v, err := r.vertex(number(4), number(12), z, at)
		o.Shapes = append(o.Shapes, Shape{Kind: Points, Points: []int32{v}})
		return err
	case 8, 18, 28, 3, 13, 23, 5, 15, 25, 31:
	default:
		return fault(FaultSupport, at, "几何类型 %d 不支持", "shapes of type %d are not read", kind)
	}
	var parts, kinds []int64
	var points, from int64
	if kind == 8 || kind == 18 || kind == 28 {
		if size < 40 {
			return wrong
		}
		points, from, parts = count(36), 40, []int64{0}
	} else {
		if size < 44 {
			return wrong
		}
		n := count(36)
		points = count(40)
		from = 44 + 4*n
		if kind == 31 {
			from += 4 * n
		}
		if n > size/4 || from > size {
			return wrong
		}
		for i := range n {
			parts = append(parts, count(44+4*i))
			if kind == 31 {
				kinds = append(kinds, count(44+4*n+4*i))
			}
		}
	}
	if points > size/16 || from+16*points > size {
		return wrong
	}
	z := int64(0)
	if tall {
		if z = from + 16*points + 16; z+8*points > size {
			return wrong
		}
	}
	all := make([]int32, points)
	for i := range points {
		h := 0.0
		if tall {
			h = number(z + 8*i)
		}
		v, err := r.vertex(number(from+16*i), number(from+16*i+8), h, at)
		if err != nil {
			return err
		}
		all[i] = v
	}
	var runs [][]int32
	for i, p := range parts {
		end := points
		if i+1 < len(parts) {
			end = parts[i+1]
		}
		if p < 0 || p > end || end > points {
			return wrong
		}
		runs = append(runs, all[p:end:end])
	}
	switch kind {
	case 8, 18, 28:
		o.Shapes = append(o.Shapes, Shape{Kind: Points, Points: all})
	case 3, 13, 23:
		o.Shapes = append(o.Shapes, Shape{Kind: Lines, Lines: runs})
	case 31:
		o.Shapes = append(o.Shapes, r.patches(runs, kinds))
	default:
		o.Shapes = append(o.Shapes, r.esriPolygons(runs))
	}
	return nil
}

// closed takes the repeated place off the end of a ring.
func (r *reading) closed(ring []int32) ([]int32, bool) {
	if n := len(ring); n > 1 && r.m.Vertices[ring[0]] == r.m.Vertices[ring[n-1]] {
		return ring[:n-1], true
	}
	return ring, false
}

// esriPolygons makes polygons of rings: those that run clockwise are outer ones, the others are holes of
// the outer ring that holds them.
func (r *reading) esriPolygons(runs [][]int32) Shape {
	s := Shape{Kind: Surfaces, Shells: [][]Face{nil}}
	type ring struct {
		list []int32
		open bool
	}
	var holes []ring
	for _, run := range runs {
		list, ok := r.closed(run)
		if r.area(list) <= 0 {
			s.Shells[0] = append(s.Shells[0], Face{Rings: [][]int32{list}, Unclosed: !ok})
		} else {
			holes = append(holes, ring{list, !ok})
		}
	}
	for _, h := range holes {
		home := -1
		for i := range s.Shells[0] {
			if len(h.list) > 0 && r.holds(s.Shells[0][i].Rings[0], r.m.Vertices[h.list[0]]) {
				home = i
			}
		}
		if home < 0 {
			// A hole of nothing is an outer ring that runs the wrong way round; it is told as such.
			s.Shells[0] = append(s.Shells[0], Face{Rings: [][]int32{h.list}, Unclosed: h.open})
			continue
		}
		f := &s.Shells[0][home]
		f.Rings, f.Unclosed = append(f.Rings, h.list), f.Unclosed || h.open
	}
	return s
}

// area is twice that of a ring, above 0 where it runs counter-clockwise.
func (r *reading) area(ring []int32) (sum float64) {
	for i, v := range ring {
		a, b := r.m.Vertices[v], r.m.Vertices[ring[(i+1)%len(ring)]]
		o := r.m.Vertices[ring[0]]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum
}

func (r *reading) holds(ring []int32, p Vec) bool {
	in := false
	for i, v := range ring {
		a, b := r.m.Vertices[v], r.m.Vertices[ring[(i+1)%len(ring)]]
		if (a[1] <= p[1]) != (b[1] <= p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

// patches makes faces of a MultiPatch.
func (r *reading) patches(runs [][]int32, kinds []int64) Shape {
	s := Shape{Kind: Surfaces, Shells: [][]Face{nil}}
	add := func(a, b, c int32) { s.Shells[0] = append(s.Shells[0], Face{Rings: [][]int32{{a, b, c}}}) }
	for i, run := range runs {
		switch kinds[i] {
		case 0: // a strip of triangles
			for k := 2; k < len(run); k++ {
				if k%2 == 0 {
					add(run[k-2], run[k-1], run[k])
				} else {
					add(run[k-1], run[k-2], run[k])
				}
			}
		case 1: // a fan
			for k := 2; k < len(run); k++ {
				add(run[0], run[k-1], run[k])
			}
		default: // rings: 2 and 4 are outer, 3 and 5 belong to the one before
			list, ok := r.closed(run)
			if n := len(s.Shells[0]); (kinds[i] == 3 || kinds[i] == 5) && n > 0 {
				f := &s.Shells[0][n-1]
				f.Rings, f.Unclosed = append(f.Rings, list), f.Unclosed || !ok
			} else {
				s.Shells[0] = append(s.Shells[0], Face{Rings: [][]int32{list}, Unclosed: !ok})
			}
		}
	}
	return s
}

// dbf is a table of attributes (dBASE), read beside its shapes.
type dbf struct {
	name    string
	in      *bufio.Reader
	close   func() error
	fields  []dbfField
	row     []byte
	rows    uint32
	at      uint32
	decoder *encoding.Decoder // nil: UTF-8
	bad     bool
	by      *reading
}

type dbfField struct {
	name string
	kind byte
	size int
}

// openDBF opens one. Its characters are those of the .cpg; where there is none those of its language driver;
// else GB 18030, which every Chinese program that writes none means, unless all is valid UTF-8.
func (r *reading) openDBF(name, cpg string) (*dbf, error) {
	f, c, err := r.open(name)
	if err != nil {
		return nil, err
	}
	t := &dbf{name: name, in: bufio.NewReader(f), close: c.Close, by: r}
	fail := func(f *FileFault) (*dbf, error) { return nil, errors.Join(f, c.Close()) }
	head := make([]byte, 32)
	if _, err := io.ReadFull(t.in, head); err != nil {
		return fail(fault(FaultCut, FileWhere{File: name}, "dbf 文件不完整", "the .dbf ends too early"))
	}
	t.rows = binary.LittleEndian.Uint32(head[4:])
	headSize, rowSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headSize < 33 || rowSize < 1 {
		return fail(fault(FaultBroken, FileWhere{File: name}, "dbf 头不对", "the head of the .dbf is wrong"))
	}
	rest := make([]byte, headSize-32)
	if _, err := io.ReadFull(t.in, rest); err != nil {
		return fail(fault(FaultCut, FileWhere{File: name}, "dbf 文件不完整", "the .dbf ends too early"))
	}
	charset := ""
	if cpg != "" {
		raw, err := r.whole(cpg, 4096)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		charset = strings.ToLower(strings.TrimSpace(string(raw)))
	} else {
		switch head[29] {
		case 0x4d:
			charset = "gbk"
		case 0x4f:
			charset = "big5"
		}
	}
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(charset) {
	case "", "gbk", "936", "cp936", "gb2312", "gb18030", "ansi936", "oem936", "54936":
		t.decoder = simplifiedchinese.GB18030.NewDecoder()
	case "utf8", "65001":
	case "big5", "950", "cp950":
		t.decoder = traditionalchinese.Big5.NewDecoder()
	case "iso88591", "88591", "ansi1252", "1252", "cp1252", "ascii", "usascii":
	default:
		return fail(fault(FaultText, FileWhere{File: cpg}, "编码 %q 不认识", "the characters %q are not known here", charset))
	}
	total := 1
	for i := 0; i+32 <= len(rest) && rest[i] != 0x0d; i += 32 {
		raw := rest[i : i+11]
		if k := strings.IndexByte(string(raw), 0); k >= 0 {
			raw = raw[:k]
		}
		field := dbfField{t.text(raw), rest[i+11], int(rest[i+16])}
		if field.kind == 'C' {
			field.size += int(rest[i+17]) << 8
		}
		total += field.size
		t.fields = append(t.fields, field)
	}
	if total > rowSize || len(t.fields) == 0 {
		return fail(fault(FaultBroken, FileWhere{File: name}, "dbf 的字段比行长", "the fields of the .dbf are longer than its rows"))
	}
	t.row = make([]byte, rowSize)
	return t, nil
}

func (t *dbf) text(raw []byte) string {
	raw = []byte(strings.TrimRight(string(raw), " \x00"))
	if utf8.Valid(raw) {
		return strings.TrimSpace(string(raw))
	}
	if t.decoder == nil {
		t.bad = true
		return strings.ToValidUTF8(string(raw), "�")
	}
	out, err := t.decoder.Bytes(raw)
	if err != nil {
		t.bad = true
		return strings.ToValidUTF8(string(raw), "�")
	}
	if strings.ContainsRune(string(out), '�') {
		t.bad = true
	}
	return strings.TrimSpace(string(out))
}

// next reads the attributes of the next object.
func (t *dbf) next() (map[string]any, bool, error) {
	at := FileWhere{File: t.name, Path: fmt.Sprintf("row %d", t.at+1)}
	if t.at >= t.rows {
		return nil, false, fault(FaultCut, at, "dbf 的行比 shp 的少", "the .dbf has fewer rows than the .shp")
	}
	t.at++
	if _, err := io.ReadFull(t.in, t.row); err != nil {
		return nil, false, fault(FaultCut, at, "dbf 文件不完整", "the .dbf ends too early")
	}
	out := make(map[string]any, len(t.fields))
	from := 1
	t.bad = false
	for _, f := range t.fields {
		raw := t.row[from : from+f.size]
		from += f.size
		words := t.text(raw)
		switch {
		case words == "" || strings.Trim(words, "*") == "":
		case f.kind == 'N' || f.kind == 'F':
			x, err := strconv.ParseFloat(words, 64)
			if err != nil {
				t.by.m.fault(fault(FaultNumber, FileWhere{File: at.File, Path: at.Path + " " + f.name}, "%q 不是数", "%q is no number", words))
				continue
			}
			out[f.name] = x
		default:
			out[f.name] = words
		}
	}
	if t.bad {
		t.by.m.fault(fault(FaultText, at, "有读不出的字符，请确认 .cpg 的编码", "has characters that cannot be read: see to the .cpg"))
	}
	return out, t.row[0] == '*', nil
}
