package learn

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
)

// A model's file is the magic, the version of the format, the length and the
// JSON of Meta, the weights, and the SHA-256 of everything before it. Numbers
// are little-endian; a list is its length and its items. The file holds labels
// and hashes, never the text of a case.

const (
	fileMagic   = "SZLEARN\n"
	fileVersion = 1
)

// ErrFile is in the chain of every error of a file that is no model, is cut off
// or changed, or was written by another version of this package.
var ErrFile = errors.New("learn: not a usable model file")

// Encode writes the model out as bytes, and returns their hash. What Observe added
// is in them too.
func (m *Model) Encode() (body []byte, hash string, err error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	info := m.Meta
	info.Hash = ""
	meta, err := json.Marshal(info)
	if err != nil {
		return nil, "", err
	}
	var w writer
	w.b = append(w.b, fileMagic...)
	w.u32(fileVersion)
	w.bytes(meta)
	m.write(&w)
	sum := sha256.Sum256(w.b)
	return append(w.b, sum[:]...), hex.EncodeToString(sum[:]), nil
}

// Save writes the model to path, replacing what was there only when all is on
// disk, and returns the file's hash; see Encode.
func (m *Model) Save(path string) (hash string, err error) {
	body, hash, err := m.Encode()
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".learn-*")
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(body)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("learn: writing model: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return "", err
	}
	return hash, nil
}

// Load reads a model that Save wrote. The error is ErrFile where the file is
// there but no good.
func Load(path string) (*Model, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(b, path)
}

// Decode is the inverse of Encode; name says in errors what the bytes are. The
// error is ErrFile where they are no good.
func Decode(b []byte, name string) (*Model, error) {
	if !bytes.HasPrefix(b, []byte(fileMagic)) {
		return nil, fmt.Errorf("%w: %s does not begin like one", ErrFile, name)
	}
	if len(b) < len(fileMagic)+4+sha256.Size {
		return nil, fmt.Errorf("%w: %s is cut off", ErrFile, name)
	}
	if v := binary.LittleEndian.Uint32(b[len(fileMagic):]); v != fileVersion {
		return nil, fmt.Errorf("%w: %s has format %d; this program reads %d: train again", ErrFile, name, v, fileVersion)
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if have := sha256.Sum256(body); !bytes.Equal(have[:], sum) {
		return nil, fmt.Errorf("%w: %s is cut off or was changed", ErrFile, name)
	}
	r := reader{b: body[len(fileMagic)+4:]}
	m := &Model{}
	meta := r.bytes()
	if r.err == nil {
		r.err = json.Unmarshal(meta, &m.Meta)
	}
	m.read(&r)
	if r.err == nil && len(r.b) > 0 {
		r.err = fmt.Errorf("%d bytes too many", len(r.b))
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFile, name, r.err)
	}
	m.Meta.Hash = hex.EncodeToString(sum)
	return m, nil
}

func (m *Model) write(w *writer) {
	sp := m.words.space
	w.u32(uint32(sp.long))
	list(w, sp.keys, w.u64)
	list(w, sp.starts, w.i32)
	list(w, sp.weight, w.f32)
	for _, t := range []*table{m.words.machines, m.words.bayes} {
		list(w, t.off, w.i32)
		list(w, t.class, w.i32)
		list(w, t.w, w.f32)
		list(w, t.bias, w.f32)
		list(w, t.slope, w.f32)
	}
	list(w, m.mix.w, w.f64)
	w.f64(m.mix.heat)
	w.f64(m.mix.doubt)
	list(w, m.odd.mix.w, w.f64)
	w.f64(m.odd.shift)
	w.f64(m.odd.cut)
	list(w, m.labels, func(s string) { w.bytes([]byte(s)) })
	until, _ := m.until.MarshalBinary() // fails for years that no case has
	w.bytes(until)
	list(w, m.history.columns, func(c int) { w.i32(int32(c)) })
	list(w, slices.Sorted(maps.Keys(m.history.cells)), func(key uint64) {
		c := m.history.cells[key]
		w.u64(key)
		w.f32(c.total[0])
		w.f32(c.total[1])
		list(w, c.counts, func(n count) {
			w.i32(n.class)
			w.f32(n.n[0])
			w.f32(n.n[1])
		})
	})
}

func (m *Model) read(r *reader) {
	sp := &space{schema: m.Meta.Schema, long: int(r.u32()), keys: items(r, 8, r.u64), starts: items(r, 4, r.i32), weight: items(r, 4, r.f32)}
	tables := [2]*table{}
	for i := range tables {
		tables[i] = &table{off: items(r, 4, r.i32), class: items(r, 4, r.i32), w: items(r, 4, r.f32), bias: items(r, 4, r.f32), slope: items(r, 4, r.f32)}
	}
	m.mix = &mix{w: items(r, 8, r.f64), heat: r.f64(), doubt: r.f64()}
	m.odd = &oddity{mix: &mix{w: items(r, 8, r.f64)}, shift: r.f64(), cut: r.f64()}
	m.labels = items(r, 4, func() string { return string(r.bytes()) })
	if err := m.until.UnmarshalBinary(r.bytes()); r.err == nil {
		r.err = err
	}
	m.history = &history{schema: m.Meta.Schema, columns: items(r, 4, func() int { return int(r.i32()) }), cells: map[uint64]*cell{}}
	items(r, 20, func() struct{} {
		key := r.u64()
		c := &cell{total: [rates]float32{r.f32(), r.f32()}}
		c.counts = items(r, 12, func() count { return count{r.i32(), [rates]float32{r.f32(), r.f32()}} })
		m.history.cells[key] = c
		return struct{}{}
	})
	if r.err != nil {
		return
	}
	sp.index()
	m.words = &words{sp, tables[0], tables[1]}
	m.history.setContexts()
	m.classOf = make(map[string]int32, len(m.labels))
	for c, l := range m.labels {
		m.classOf[l] = int32(c)
	}
}

// writer and reader keep the error and the bounds out of the way of the format.
type writer struct{ b []byte }

func (w *writer) u32(v uint32)  { w.b = binary.LittleEndian.AppendUint32(w.b, v) }
func (w *writer) u64(v uint64)  { w.b = binary.LittleEndian.AppendUint64(w.b, v) }
func (w *writer) i32(v int32)   { w.u32(uint32(v)) }
func (w *writer) f32(v float32) { w.u32(math.Float32bits(v)) }
func (w *writer) f64(v float64) { w.u64(math.Float64bits(v)) }
func (w *writer) bytes(v []byte) {
	w.u32(uint32(len(v)))
	w.b = append(w.b, v...)
}

func list[T any](w *writer, items []T, write func(T)) {
	w.u32(uint32(len(items)))
	for _, v := range items {
		write(v)
	}
}

type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && n > len(r.b) {
		r.err = errors.New("it ends too soon")
	}
	if r.err != nil {
		return make([]byte, min(n, 8))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u32() uint32  { return binary.LittleEndian.Uint32(r.take(4)) }
func (r *reader) u64() uint64  { return binary.LittleEndian.Uint64(r.take(8)) }
func (r *reader) i32() int32   { return int32(r.u32()) }
func (r *reader) f32() float32 { return math.Float32frombits(r.u32()) }
func (r *reader) f64() float64 { return math.Float64frombits(r.u64()) }
func (r *reader) bytes() []byte {
	return r.take(int(r.u32()))
}

// items reads a list whose items take at least size bytes each.
func items[T any](r *reader, size int, read func() T) []T {
	n := int(r.u32())
	if r.err == nil && n > len(r.b)/size {
		r.err = errors.New("it ends too soon")
	}
	if r.err != nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = read()
	}
	return out
}
