package tiles

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"sync"

	"shanzhi/core/parallel"
)

// Source is what is tiled. It is asked from several goroutines.
type Source interface {
	Len() int
	// Shell is a building from outside, a solid or a few; its features have the building's code.
	Shell(i int) []Solid
	// Deep says whether what is inside is known: Floors and Units.
	Deep(i int) bool
	Floors(i int) []Solid
	Units(i int) []Solid
}

// Wide is a source whose things reach farther than their shells: Whole is all of one.
type Wide interface {
	Whole(i int) []Solid
}

// The levels: what a level leaves out is smaller than its error.
const (
	firstLevel  = 3 // that shows anything
	shellLevel  = 5 // all buildings
	floorLevel  = 6
	unitLevel   = 7
	levels      = unitLevel + 1
	subtreeDeep = 4
)

// errors of the levels, in metres.
func levelError(level int) float64 { return 512 / float64(uint(1)<<level) }

// Tiler makes a tileset of a source, or those of its tiles that changed.
type Tiler struct {
	src   Source
	uses  []string
	whole Region // that the quadtree divides
	order []int32
	keys  []uint64 // of the buildings in order: Morton, of the last level
	bound []Region // by building
	size  []float64
	deep  []bool // its floors and units are known
	bare  []bool // it has nothing to show from outside
	plain []bool // it has nothing on the level of floors

	// Number is what the number of a feature is, and what it says.
	Number, NumberIs string

	// Prefix begins the names of its files where several tilesets lie in one folder; see [Join].
	Prefix string
}

// New looks at the buildings of a source. The uses are those that features may have; within
// is what the quadtree divides, in degrees: west, south, east, north.
func New(src Source, uses []string, within [4]float64) *Tiler {
	n := src.Len()
	t := &Tiler{Number: "area", NumberIs: "Square metres; 0 unknown", src: src, uses: uses, order: make([]int32, n), keys: make([]uint64, n), bound: make([]Region, n), size: make([]float64, n), deep: make([]bool, n), bare: make([]bool, n), plain: make([]bool, n)}
	const degree = math.Pi / 180
	t.whole = Region{within[0] * degree, within[1] * degree, within[2] * degree, within[3] * degree, math.Inf(1), math.Inf(-1)}
	own := make([]uint64, n)
	parallel.Each(n, 16, func(i int) { own[i] = t.measure(i) })
	for i := range t.order {
		t.order[i] = int32(i)
	}
	slices.SortFunc(t.order, func(a, b int32) int {
		if own[a] != own[b] {
			if own[a] < own[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
	for k, i := range t.order {
		t.keys[k] = own[i]
		t.whole[4], t.whole[5] = min(t.whole[4], t.bound[i][4]), max(t.whole[5], t.bound[i][5])
	}
	return t
}

// measure looks at a building and gives its cell of the last level.
func (t *Tiler) measure(i int) uint64 {
	r := none
	shell := t.src.Shell(i)
	t.bare[i], t.deep[i] = len(shell) == 0, t.src.Deep(i)
	for k := range shell {
		r = shell[k].extend(r)
	}
	if wide, ok := t.src.(Wide); ok {
		all := wide.Whole(i)
		for k := range all {
			r = all[k].extend(r)
		}
		t.plain[i] = len(t.src.Floors(i)) == 0
	} else if t.deep[i] {
		for _, s := range t.src.Floors(i) { // also below the ground
			r[4], r[5] = min(r[4], s.From), max(r[5], s.To)
		}
	}
	if t.size[i] = 0; len(shell) > 0 {
		t.size[i] = max(r[5]-r[4], (r[3]-r[1])*semiMajor, (r[2]-r[0])*semiMajor*math.Cos(r[1]))
	}
	if r == none { // nothing of it is drawn
		r = Region{t.whole[0], t.whole[1], t.whole[0], t.whole[1], 0, 0}
	}
	t.bound[i] = r
	return t.cell((r[0]+r[2])/2, (r[1]+r[3])/2)
}

// ErrMoved is that a thing no longer lies in its cell: the tileset is made anew.
var ErrMoved = errors.New("tiles: it lies in another cell than when the tileset was made")

// cell is where a place lies on the last level; what lies outside is of the nearest.
func (t *Tiler) cell(lon, lat float64) uint64 {
	n := float64(uint(1) << unitLevel)
	at := func(v, low, high float64) uint32 { return uint32(min(max((v-low)/(high-low)*n, 0), n-1)) }
	return morton(at(lon, t.whole[0], t.whole[2]), at(lat, t.whole[1], t.whole[3]))
}

// inside are the buildings of a tile, in order.
func (t *Tiler) inside(k Key) []int32 {
	shift := 2 * (unitLevel - k.Level)
	from := morton(k.X, k.Y) << shift
	lo, _ := slices.BinarySearch(t.keys, from)
	hi, _ := slices.BinarySearch(t.keys, from+1<<shift)
	return t.order[lo:hi]
}

// node says what is known of a tile, and whether there is it: down to where its buildings
// have more to show.
func (t *Tiler) node(k Key) (n node, ok bool) {
	if k.Level >= levels || k.X>>k.Level > 0 || k.Y>>k.Level > 0 {
		return n, false
	}
	in := t.inside(k)
	if len(in) == 0 {
		return n, false
	}
	if k.Level > shellLevel { // it refines its parent only where one of the parent's is known inside
		above := t.inside(Key{k.Level - 1, k.X / 2, k.Y / 2})
		if !slices.ContainsFunc(above, func(i int32) bool { return t.deep[i] }) {
			return n, false
		}
	}
	n.region = none
	for _, i := range in {
		n.region = n.region.with(t.bound[i])
		n.content = n.content || t.shows(k.Level, i)
	}
	n.err = levelError(k.Level)
	if k.Level == unitLevel || k.Level >= shellLevel && !slices.ContainsFunc(in, func(i int32) bool { return t.deep[i] }) {
		n.err = 0 // nothing finer
	}
	return n, true
}

func (t *Tiler) shows(level int, i int32) bool {
	if t.deep[i] && level == floorLevel {
		return !t.plain[i]
	}
	if t.bare[i] {
		return t.deep[i] && level == unitLevel
	}
	return level >= shellLevel || level >= firstLevel && t.size[i] >= levelError(level)*0.7
}

// Tile is the content of a tile: empty where it shows nothing.
func (t *Tiler) Tile(k Key) []byte {
	n, ok := t.node(k)
	if !ok || !n.content {
		return nil
	}
	const degree = math.Pi / 180
	plane := NewPlane((n.region[0]+n.region[2])/2/degree, (n.region[1]+n.region[3])/2/degree, n.region[4])
	meshes := []*mesh{{}}
	for _, i := range t.inside(k) {
		if !t.shows(k.Level, i) {
			continue
		}
		var solids []Solid
		switch {
		case k.Level == floorLevel && t.deep[i]:
			solids = t.src.Floors(int(i))
		case k.Level == unitLevel && t.deep[i]:
			solids = t.src.Units(int(i))
		default:
			solids = t.src.Shell(int(i))
		}
		for s := range solids {
			m := meshes[len(meshes)-1]
			if !m.room(&solids[s]) {
				m = &mesh{}
				meshes = append(meshes, m)
			}
			m.add(plane, &solids[s])
		}
	}
	return glb(plane, meshes, t.uses, t.Number, t.NumberIs)
}

// keysOf are the tiles that there are, the coarse before the fine.
func (t *Tiler) keysOf() (all []Key) {
	for l := range levels {
		shift := 2 * (unitLevel - l)
		last := uint64(math.MaxUint64)
		for _, key := range t.keys {
			if m := key >> shift; m != last {
				last = m
				x, y := unmorton(m)
				if _, ok := t.node(Key{l, x, y}); ok {
					all = append(all, Key{l, x, y})
				}
			}
		}
	}
	return all
}

// Root is tileset.json.
func (t *Tiler) Root() []byte {
	return indented(object{
		"asset":          object{"version": "1.1"},
		"geometricError": levelError(0) * 2,
		"schema":         tileSchema(),
		"root": object{
			"boundingVolume": object{"region": t.whole},
			"refine":         "REPLACE",
			"geometricError": levelError(0),
			"content":        object{"uri": t.Prefix + "c/{level}/{x}/{y}.glb"},
			"implicitTiling": object{"subdivisionScheme": "QUADTREE", "subtreeLevels": subtreeDeep, "availableLevels": levels, "subtrees": object{"uri": t.Prefix + "s/{level}/{x}/{y}.subtree"}},
		},
	})
}

// Join is the root of several tilesets that lie far apart: each is one of its own, by the name of its root.
func Join(roots []string, of []*Tiler) []byte {
	whole, children := none, []object{}
	for i, t := range of {
		whole = whole.with(t.whole)
		children = append(children, object{"boundingVolume": object{"region": t.whole}, "geometricError": levelError(0) * 2, "refine": "REPLACE", "content": object{"uri": roots[i]}})
	}
	return indented(object{
		"asset":          object{"version": "1.1"},
		"geometricError": farError,
		"root":           object{"boundingVolume": object{"region": whole}, "refine": "ADD", "geometricError": farError, "children": children},
	})
}

// farError is that of a root that shows nothing, in metres: who sees it looks into what it holds.
const farError = 1e7

func tileSchema() object {
	property := func(more object) object {
		more["type"], more["componentType"] = "SCALAR", "FLOAT64"
		return more
	}
	return object{"id": "shanzhi_tiles", "classes": object{"tile": object{"properties": object{
		"region": property(object{"array": true, "count": 6, "semantic": "TILE_BOUNDING_REGION", "required": true}),
		"error":  property(object{"semantic": "TILE_GEOMETRIC_ERROR", "required": true}),
	}}}}
}

func indented(o object) []byte {
	text, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		panic(err) // numbers and strings alone
	}
	return text
}

// File is one of a tileset, by its path below the tileset's root.
type File struct {
	Name string
	Body []byte
}

// Write makes the whole tileset and gives its files to put, from several goroutines; the
// root is the last.
func (t *Tiler) Write(put func(File) error) error {
	if err := t.WriteTiles(put); err != nil {
		return err
	}
	return put(File{"tileset.json", t.Root()})
}

// WriteTiles is Write without the root.
func (t *Tiler) WriteTiles(put func(File) error) error {
	keys := t.keysOf()
	return t.write(keys, subtreesOf(keys), put)
}

func subtreesOf(keys []Key) (out []Key) {
	for _, k := range keys {
		if k.Level%subtreeDeep == 0 {
			out = append(out, k)
		}
	}
	return out
}

func (t *Tiler) write(keys, subtrees []Key, put func(File) error) error {
	var first error
	var once sync.Mutex
	fail := func(err error) {
		once.Lock()
		defer once.Unlock()
		if first == nil {
			first = err
		}
	}
	parallel.Each(len(keys)+len(subtrees), 16, func(i int) {
		var f File
		if i < len(keys) {
			f = File{t.Prefix + keys[i].Name(), t.Tile(keys[i])}
		} else {
			k := subtrees[i-len(keys)]
			f = File{t.Prefix + k.subtreeName(), subtree(k, subtreeDeep, t.node)}
		}
		if len(f.Body) > 0 {
			if err := put(f); err != nil {
				fail(err)
			}
		}
	})
	return first
}

// Rewrite makes the files anew that hold some buildings, as the source has them now; the root is
// the caller's. It returns ErrMoved, and has put nothing, where the middle of one lies in another cell
// than when the tiler was made, or its floors have become known or unknown.
func (t *Tiler) Rewrite(put func(File) error, buildings ...int) error {
	seen := map[Key]bool{}
	var keys, subtrees []Key
	for _, i := range buildings {
		b, deep := t.bound[i], t.deep[i]
		m := t.cell((b[0]+b[2])/2, (b[1]+b[3])/2)
		if t.measure(i) != m || t.deep[i] != deep {
			return ErrMoved
		}
		t.whole[4], t.whole[5] = min(t.whole[4], t.bound[i][4]), max(t.whole[5], t.bound[i][5])
		for l := range levels {
			x, y := unmorton(m >> (2 * (unitLevel - l)))
			if k := (Key{l, x, y}); !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	keys = slices.DeleteFunc(keys, func(k Key) bool { _, ok := t.node(k); return !ok })
	for _, k := range keys {
		if k.Level%subtreeDeep == 0 {
			subtrees = append(subtrees, k)
		}
	}
	return t.write(keys, subtrees, put)
}
