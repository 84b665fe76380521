package ingest

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"shanzhi/core/place"
)

// Limits bound what one delivery may take. A zero limit is its default.
type Limits struct {
	File     int64 // of one file as it lies; default 2 GiB
	Unzipped int64 // of an archive in all; default 4 GiB
	Ratio    int64 // that an archive's part may unpack to more than it takes; default 200
	Entries  int   // of an archive or folder; default 20,000
	Vertices int   // default 60 million
	Objects  int   // default 4 million
	Deep     int   // levels of nesting; default 64
	Cells    int   // of grids; default 200 million
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		p *int64
		n int64
	}{{&l.File, 2 << 30}, {&l.Unzipped, 4 << 30}, {&l.Ratio, 200}} {
		if *d.p == 0 {
			*d.p = d.n
		}
	}
	for _, d := range []struct {
		p *int
		n int
	}{{&l.Entries, 20_000}, {&l.Vertices, 60_000_000}, {&l.Objects, 4_000_000}, {&l.Deep, 64}, {&l.Cells, 200_000_000}} {
		if *d.p == 0 {
			*d.p = d.n
		}
	}
	return l
}

// Options say what a file does not, or says wrongly.
type Options struct {
	// Frame is given where the file declares no reference system, or overrules it.
	Frame   place.Frame
	Heights CityHeights
	// Columns are the names that columns of pipe tables go by.
	Columns Columns
	// Named finds a reference system that the district's pack has by its name.
	Named  func(name string) (place.Frame, bool)
	Limits Limits
	// Progress is told of bytes that were read, of so many.
	Progress func(done, all int64)
}

// Delivery is files that were handed in together: one, a folder, an archive.
type Delivery struct {
	files fs.FS
	names []string // sorted
	main  string   // the one that was named, "" of a folder or archive
	size  int64
	close func() error
}

// Close closes what was opened.
func (d *Delivery) Close() error {
	if d.close != nil {
		return d.close()
	}
	return nil
}

// Open opens a file, a folder or a zip archive. Beside a file lie those of the same name that
// belong to it, as the .dbf beside the .shp.
func Open(name string, l Limits) (*Delivery, error) {
	l = l.withDefaults()
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return folder(os.DirFS(name), l)
	}
	if !info.Mode().IsRegular() {
		return nil, fault(FaultUnknown, FileWhere{File: filepath.Base(name)}, "不是普通文件", "is no regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 4)
	n, _ := f.ReadAt(head, 0)
	if n == 4 && bytes.Equal(head, []byte("PK\x03\x04")) && !strings.EqualFold(filepath.Ext(name), ".xlsx") {
		d, err := OpenZip(f, info.Size(), filepath.Base(name), l)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		d.close = f.Close
		return d, nil
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	if info.Size() > l.File {
		return nil, fault(FaultLimit, FileWhere{File: filepath.Base(name)}, "文件有 %d 字节，超过上限 %d", "has %d bytes, more than %d", info.Size(), l.File)
	}
	dir, base := filepath.Dir(name), filepath.Base(name)
	d := &Delivery{files: os.DirFS(dir), main: base, size: info.Size(), names: []string{base}}
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	if strings.EqualFold(filepath.Ext(base), ".shp") {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Name() != base && e.Type().IsRegular() && strings.EqualFold(strings.TrimSuffix(e.Name(), filepath.Ext(e.Name())), stem) {
				d.names = append(d.names, e.Name())
			}
		}
	}
	if strings.EqualFold(base, "tileset.json") {
		return folder(os.DirFS(dir), l)
	}
	return d, nil
}

func folder(files fs.FS, l Limits) (*Delivery, error) {
	d := &Delivery{files: files}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		d.size += info.Size()
		if d.names = append(d.names, name); len(d.names) > l.Entries*50 {
			return fault(FaultLimit, FileWhere{}, "文件夹里的文件太多", "the folder has too many files")
		}
		return nil
	})
	slices.Sort(d.names)
	return d, err
}

// OpenZip opens an archive. What it says of its size is believed only as far as the limits go:
// each part is cut off where it unpacks to more than it promised. An archive in an archive is refused.
func OpenZip(r io.ReaderAt, size int64, name string, l Limits) (*Delivery, error) {
	l = l.withDefaults()
	at := FileWhere{File: name}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault(FaultBroken, at, "压缩包打不开：%v", "the archive cannot be opened: %v", err)
	}
	if len(z.File) > l.Entries {
		return nil, fault(FaultLimit, at, "压缩包里有 %d 个文件，超过上限 %d", "the archive has %d files, more than %d", len(z.File), l.Entries)
	}
	d := &Delivery{}
	parts := &zipped{files: map[string]*zip.File{}}
	for _, f := range z.File {
		n := f.Name
		if f.NonUTF8 {
			n = decodeGBK([]byte(n))
		}
		n = strings.ReplaceAll(n, `\`, "/")
		if strings.HasSuffix(n, "/") || strings.HasPrefix(path.Base(n), "._") || strings.HasPrefix(n, "__MACOSX/") {
			continue
		}
		w := FileWhere{File: name, Path: n}
		switch {
		case !fs.ValidPath(n):
			return nil, fault(FaultBroken, w, "压缩包里有越界的路径", "a path leads out of the archive")
		case !f.Mode().IsRegular():
			return nil, fault(FaultBroken, w, "压缩包里有链接或设备", "the archive has a link or a device")
		case f.Flags&1 != 0:
			return nil, fault(FaultSupport, w, "压缩包加了密码", "the archive is encrypted")
		case strings.EqualFold(path.Ext(n), ".zip"):
			return nil, fault(FaultSupport, w, "压缩包里还有压缩包，请解开一层", "there is an archive in the archive: unpack one")
		case parts.files[n] != nil:
			return nil, fault(FaultBroken, w, "压缩包里有同名文件", "the archive has two files of that name")
		case f.UncompressedSize64 > uint64(l.File) || f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/uint64(l.Ratio) > f.CompressedSize64:
			return nil, fault(FaultLimit, w, "解开后有 %d 字节，是压缩后 %d 字节的太多倍", "unpacks to %d bytes of %d: too many", f.UncompressedSize64, f.CompressedSize64)
		}
		if d.size += int64(f.UncompressedSize64); d.size > l.Unzipped {
			return nil, fault(FaultLimit, at, "解开后超过上限 %d 字节", "unpacks to more than %d bytes", l.Unzipped)
		}
		parts.files[n] = f
		d.names = append(d.names, n)
	}
	slices.Sort(d.names)
	d.files = parts
	return d, nil
}

// zipped opens parts of an archive, each no longer than it promised.
type zipped struct{ files map[string]*zip.File }

// Open implements fs.FS.
func (z *zipped) Open(name string) (fs.File, error) {
	f := z.files[name]
	if f == nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	return &part{ReadCloser: r, f: f, left: int64(f.UncompressedSize64)}, nil
}

type part struct {
	io.ReadCloser
	f    *zip.File
	left int64
}

func (p *part) Stat() (fs.FileInfo, error) { return p.f.FileInfo(), nil }

func (p *part) Read(b []byte) (int, error) {
	if int64(len(b)) > p.left+1 {
		b = b[:p.left+1]
	}
	n, err := p.ReadCloser.Read(b)
	if p.left -= int64(n); p.left < 0 {
		return 0, fault(FaultLimit, FileWhere{Path: p.f.Name}, "解开后比标称的大", "unpacks to more than it promised")
	}
	return n, err
}

// reading is the reading of one delivery.
type reading struct {
	ctx    context.Context
	d      *Delivery
	o      Options
	m      *Model
	done   int64
	depths []depths
}

// Read reads a delivery whole. The error is a [*FileFault] where the delivery is to blame; nothing that
// it holds makes it panic. ctx ends it between two parts of the work.
func Read(ctx context.Context, d *Delivery, o Options) (m *Model, err error) {
	o.Limits = o.Limits.withDefaults()
	r := &reading{ctx: ctx, d: d, o: o, m: &Model{Name: d.main}}
	mains, format, err := r.mains()
	if err != nil {
		return nil, err
	}
	r.m.Format = format
	if r.m.Name == "" {
		r.m.Name = mains[0]
	}
	for _, name := range mains {
		if err := r.read(format, name); err != nil {
			return nil, r.explain(name, err)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	m = r.m
	if format == PipeTables {
		r.join()
	}
	if len(m.Objects) == 0 && (m.Net == nil || len(m.Net.Nodes)+len(m.Net.Pipes) == 0) && len(m.Grids) == 0 && len(m.Clouds) == 0 && m.Tileset == nil {
		return nil, fault(FaultNothing, FileWhere{File: m.Name}, "文件里没有任何要素", "there is nothing in it")
	}
	return m, r.locate()
}

func (r *reading) read(format, name string) error {
	switch format {
	case CityJSON:
		return r.cityJSON(name)
	case CityJSONL:
		return r.cityJSONSeq(name)
	case GeoJSON:
		return r.geoJSON(name)
	case Shapefile:
		return r.shapefile(name)
	case GeoPackage:
		return r.geoPackage(name)
	case OBJ:
		return r.obj(name)
	case GLB:
		return r.glb(name)
	case Tiles3D:
		return r.tileset(name)
	case PipeTables:
		return r.pipeTable(name)
	case EPANET, SWMM:
		return r.inp(name, format)
	case ASCIIGrid:
		return r.asciiGrid(name)
	case GeoTIFF:
		return r.geoTIFF(name)
	case LAS:
		return r.las(name)
	}
	return fault(FaultUnknown, FileWhere{File: name}, "不认识这种文件", "no format that is read here")
}

// explain makes a fault of what the libraries say.
func (r *reading) explain(name string, err error) error {
	var f *FileFault
	if errors.As(err, &f) {
		if f.Where.File == "" {
			f.Where.File = name
		}
		return f
	}
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault(FaultCut, FileWhere{File: name}, "文件不完整，在中途断了", "the file ends too early")
	case errors.As(err, &syntax):
		return fault(FaultBroken, FileWhere{File: name, Offset: syntax.Offset}, "JSON 写法有误：%v", "is no JSON: %v", err)
	case errors.As(err, &kind):
		return fault(FaultBroken, FileWhere{File: name, Offset: kind.Offset, Path: kind.Field}, "JSON 里的值类型不对：%v", "a value of the wrong kind: %v", err)
	case errors.Is(err, fs.ErrNotExist):
		return fault(FaultMissing, FileWhere{File: name}, "缺少文件：%v", "a file is missing: %v", err)
	}
	return fault(FaultBroken, FileWhere{File: name}, "读不下去：%v", "cannot be read: %v", err)
}

// locate settles in which system the model is: what was given overrules what was declared.
func (r *reading) locate() error {
	m := r.m
	m.Heights = r.o.Heights
	if r.o.Frame.Known() {
		m.Frame = r.o.Frame
	} else if m.Declared != "" && !m.Frame.Known() {
		f, err := r.frame(m.Declared)
		if err != nil {
			m.fault(fault(FaultSystem, FileWhere{File: m.Name}, "文件声明的坐标系“%s”不认识，请指定", "it declares %q, which is not known here: say which it is", m.Declared))
		}
		m.Frame = f
	}
	if !m.Heights.Known() && m.Frame.Vertical != "" {
		m.Heights.System = m.Frame.Vertical
	}
	return nil
}

func (r *reading) frame(name string) (place.Frame, error) {
	if r.o.Named != nil {
		if f, ok := r.o.Named(name); ok {
			return f, nil
		}
	}
	if strings.Contains(name, "[") {
		return frameOfWKT(name)
	}
	return place.ParseFrame(name)
}

// declare takes down which system a file says that it is in; files of one delivery agree.
func (r *reading) declare(name string, at FileWhere) error {
	name = strings.TrimSpace(name)
	if name == "" || name == r.m.Declared {
		return nil
	}
	if r.m.Declared != "" {
		a, aerr := r.frame(r.m.Declared)
		b, berr := r.frame(name)
		if aerr == nil && berr == nil && a.Name == b.Name {
			return nil
		}
		return fault(FaultSystem, at, "同一批文件的坐标系不一致：%s 与 %s", "files of one delivery are in different systems: %s and %s", r.m.Declared, name)
	}
	r.m.Declared = name
	return nil
}

// open opens a part for reading, its lines counted.
func (r *reading) open(name string) (*lines, io.Closer, error) {
	f, err := r.d.files.Open(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() > r.o.Limits.File {
		err = fault(FaultLimit, FileWhere{File: name}, "文件有 %d 字节，超过上限 %d", "has %d bytes, more than %d", info.Size(), r.o.Limits.File)
	}
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return &lines{r: &counted{r, bufio.NewReaderSize(f, 1<<20)}}, f, nil
}

type counted struct {
	by *reading
	r  io.Reader
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.by.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.by.done += int64(n)
	if c.by.o.Progress != nil {
		c.by.o.Progress(c.by.done, c.by.d.size)
	}
	return n, err
}

// whole reads a part into memory, no more of it than so many bytes.
func (r *reading) whole(name string, most int64) ([]byte, error) {
	f, c, err := r.open(name)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	raw, err := io.ReadAll(io.LimitReader(f.r, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fault(FaultLimit, FileWhere{File: name}, "超过上限 %d 字节", "has more than %d bytes", most)
	}
	return raw, err
}

// sibling is the part of the same name with another ending.
func (d *Delivery) sibling(name, ext string) string {
	stem := strings.TrimSuffix(name, path.Ext(name))
	for _, n := range d.names {
		if strings.EqualFold(n, stem+ext) {
			return n
		}
	}
	return ""
}

// formats are told by a name's ending where that is enough.
var byEnding = map[string]string{".shp": Shapefile, ".gpkg": GeoPackage, ".obj": OBJ, ".glb": GLB, ".asc": ASCIIGrid, ".agr": ASCIIGrid, ".tif": GeoTIFF, ".tiff": GeoTIFF, ".las": LAS, ".laz": LAS, ".csv": PipeTables, ".xlsx": PipeTables, ".tsv": PipeTables}

// mains are the parts that are read by themselves, all of one format.
func (r *reading) mains() (names []string, format string, err error) {
	if r.d.main != "" {
		format, err := r.tell(r.d.main)
		return []string{r.d.main}, format, err
	}
	if len(r.d.names) == 0 {
		return nil, "", fault(FaultNothing, FileWhere{}, "里面没有文件", "there is no file in it")
	}
	shallow := ""
	for _, n := range r.d.names {
		if strings.EqualFold(path.Base(n), "tileset.json") && (shallow == "" || strings.Count(n, "/") < strings.Count(shallow, "/")) {
			shallow = n
		}
	}
	if shallow != "" {
		return []string{shallow}, Tiles3D, nil
	}
	by := map[string][]string{}
	for _, n := range r.d.names {
		switch strings.ToLower(path.Ext(n)) {
		case ".shp", ".gpkg", ".obj", ".glb", ".asc", ".agr", ".tif", ".tiff", ".las", ".laz", ".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".geojson", ".inp":
			f, err := r.tell(n)
			if err != nil {
				r.m.left("file:"+n, 1)
				continue
			}
			by[f] = append(by[f], n)
		case ".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".mtl", ".xml", ".jpg", ".jpeg", ".png", ".txt", ".md", ".pdf":
		default:
			r.m.left("file:"+n, 1)
		}
	}
	switch len(by) {
	case 0:
		return nil, "", fault(FaultUnknown, FileWhere{}, "里面没有能读的文件", "there is no file in it that is read here")
	case 1:
		for f, n := range by {
			return n, f, nil
		}
	}
	var all []string
	for f := range by {
		all = append(all, f)
	}
	slices.Sort(all)
	return nil, "", fault(FaultUnknown, FileWhere{}, "里面有几种格式（%s），请分开提交", "it has several formats (%s): hand them in apart", strings.Join(all, "、"))
}

// tell finds the format of a part by its content, and by its name where that says more.
func (r *reading) tell(name string) (string, error) {
	f, c, err := r.open(name)
	if err != nil {
		return "", err
	}
	defer c.Close()
	head := bufio.NewReaderSize(f.r, 4096)
	first, _ := head.Peek(4096)
	if err := r.ctx.Err(); err != nil {
		return "", err
	}
	if len(first) == 0 {
		return "", fault(FaultNothing, FileWhere{File: name}, "文件是空的", "the file is empty")
	}
	switch {
	case bytes.HasPrefix(first, []byte("SQLite format 3\x00")):
		return GeoPackage, nil
	case bytes.HasPrefix(first, []byte("glTF")):
		return GLB, nil
	case bytes.HasPrefix(first, []byte("LASF")):
		return LAS, nil
	case bytes.HasPrefix(first, []byte("II*\x00")), bytes.HasPrefix(first, []byte("MM\x00*")):
		return GeoTIFF, nil
	case len(first) >= 4 && binary.BigEndian.Uint32(first) == 9994:
		return Shapefile, nil
	}
	ext := strings.ToLower(path.Ext(name))
	text := bytes.TrimLeft(bytes.TrimPrefix(first, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(text) > 0 && text[0] == '{':
		return tellJSON(head, name)
	case ext == ".inp" || len(text) > 0 && text[0] == '[':
		return tellINP(head, name)
	case bytes.HasPrefix(bytes.ToLower(text), []byte("ncols")):
		return ASCIIGrid, nil
	}
	if f, ok := byEnding[ext]; ok {
		switch f {
		case Shapefile, GeoPackage, GLB, LAS, GeoTIFF:
			return "", fault(FaultBroken, FileWhere{File: name}, "文件名说是 %s，内容不是", "its name says %s, its content does not", f)
		}
		return f, nil
	}
	return "", fault(FaultUnknown, FileWhere{File: name}, "不认识这种文件", "no format that is read here")
}

// tellJSON looks at the first members of a JSON object.
func tellJSON(head io.Reader, name string) (string, error) {
	d := json.NewDecoder(head)
	if _, err := d.Token(); err != nil {
		return "", err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return "", err
		}
		switch key {
		case "CityObjects":
			return CityJSON, nil
		case "features":
			return GeoJSON, nil
		case "root", "geometricError":
			return Tiles3D, nil
		case "type":
			var t string
			if err := d.Decode(&t); err != nil {
				return "", err
			}
			switch t {
			case "CityJSON":
				if ext := strings.ToLower(name); strings.HasSuffix(ext, ".jsonl") {
					return CityJSONL, nil
				}
				return CityJSON, nil
			case "CityJSONFeature":
				return CityJSONL, nil
			case "FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection":
				return GeoJSON, nil
			}
			continue
		}
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			return "", err
		}
	}
	if _, err := d.Token(); err != nil {
		return "", fault(FaultCut, FileWhere{File: name}, "文件不完整，在中途断了", "the file ends too early")
	}
	return "", fault(FaultUnknown, FileWhere{File: name}, "是 JSON，但不是 CityJSON、GeoJSON 或 3D Tiles", "is JSON, and no CityJSON, GeoJSON or 3D Tiles")
}

// place adds a vertex.
func (r *reading) vertex(x, y, z float64, at FileWhere) (int32, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) || math.IsNaN(y) || math.IsInf(y, 0) || math.IsNaN(z) || math.IsInf(z, 0) {
		return 0, fault(FaultNumber, at, "坐标不是数", "a coordinate is no number")
	}
	if len(r.m.Vertices) >= r.o.Limits.Vertices {
		return 0, fault(FaultLimit, at, "顶点超过 %d 个，请分片提交", "has more than %d places: hand it in by parts", r.o.Limits.Vertices)
	}
	r.m.Vertices = append(r.m.Vertices, Vec{x, y, z})
	if z != 0 {
		r.m.Tall = true
	}
	return int32(len(r.m.Vertices) - 1), nil
}

func (r *reading) object(o Object) error {
	if len(r.m.Objects) >= r.o.Limits.Objects {
		return fault(FaultLimit, o.Where, "要素超过 %d 个，请分片提交", "has more than %d objects: hand it in by parts", r.o.Limits.Objects)
	}
	r.m.Objects = append(r.m.Objects, o)
	return nil
}
