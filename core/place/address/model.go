package address

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
)

// modelFile is the shipped parser: weights by hashed features, so that no text of
// what it learned from is in it. `shanzhi address train` makes it.
//
//go:embed model.bin.gz
var modelFile []byte

// Shipped is the parser that the program carries.
var Shipped = sync.OnceValue(func() *Parser {
	p, err := Read(bytes.NewReader(modelFile))
	if err != nil {
		panic(err) // it is in the program
	}
	return p
})

const modelMagic = "shanzhi address 1\n"

// leastWeight is the weight below which a feature says nothing.
const leastWeight = 0.05

// Write stores the parser, its weights rounded to a hundredth and a bit.
func (p *Parser) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	b := []byte(modelMagic)
	for _, s := range []*sparse{&p.plain, &p.past} {
		top := float32(0)
		for _, x := range s.values {
			top = max(top, x, -x)
		}
		scale := top / 127
		var keys, cols, values []byte
		count, last := 0, uint32(0)
		for i, f := range s.keys {
			n := 0
			for k := s.starts[i]; k < s.starts[i+1]; k++ {
				q := int8(math.Round(float64(s.values[k] / scale)))
				if x := s.values[k]; q == 0 || x < leastWeight && x > -leastWeight {
					continue
				}
				n++
				cols, values = append(cols, s.cols[k]), append(values, byte(q))
			}
			if n > 0 {
				count++
				keys = binary.AppendUvarint(keys, uint64(f-last))
				keys = append(keys, byte(n))
				last = f
			}
		}
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(scale))
		b = binary.LittleEndian.AppendUint32(b, uint32(count))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(cols)))
		b = append(append(append(b, keys...), cols...), values...)
	}
	for a := range tagCount {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(p.chain.first[a]))
		for _, x := range p.chain.trans[a] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p.seen)))
	for _, x := range p.seen {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	if _, err := z.Write(b); err != nil {
		return err
	}
	return z.Close()
}

// Read reads a parser that Write stored. What is none is refused.
func Read(r io.Reader) (*Parser, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("address model: %w", err)
	}
	b, err := io.ReadAll(io.LimitReader(z, 1<<28))
	if err != nil {
		return nil, fmt.Errorf("address model: %w", err)
	}
	broken := errors.New("address model: it is none, cut off, or of another version")
	if !bytes.HasPrefix(b, []byte(modelMagic)) {
		return nil, broken
	}
	b = b[len(modelMagic):]
	u32 := func() uint32 {
		if len(b) < 4 {
			b, err = nil, broken
			return 0
		}
		x := binary.LittleEndian.Uint32(b)
		b = b[4:]
		return x
	}
	p := newParser(&weights{}, 0)
	for _, s := range []*sparse{&p.plain, &p.past} {
		width := tagCount
		if s == &p.past {
			width = columns
		}
		scale, count, entries := math.Float32frombits(u32()), u32(), u32()
		if int(count) > len(b) || int(entries) > len(b) {
			return nil, broken
		}
		s.keys, s.starts = make([]uint32, count), make([]uint32, count+1)
		last, sum := uint32(0), uint32(0)
		for i := range s.keys {
			step, n := binary.Uvarint(b)
			if n <= 0 || n >= len(b) {
				return nil, broken
			}
			last += uint32(step)
			s.keys[i], s.starts[i] = last, sum
			sum += uint32(b[n])
			b = b[n+1:]
		}
		if s.starts[count] = sum; sum != entries || len(b) < 2*int(entries) {
			return nil, broken
		}
		s.cols, s.values = make([]uint8, entries), make([]float32, entries)
		for i := range s.cols {
			if s.cols[i] = b[i]; int(b[i]) >= width {
				return nil, broken
			}
			s.values[i] = float32(int8(b[int(entries)+i])) * scale
		}
		b = b[2*entries:]
		s.index()
	}
	for a := range tagCount {
		p.chain.first[a] = math.Float32frombits(u32())
		for y := range tagCount {
			p.chain.trans[a][y] = math.Float32frombits(u32())
		}
	}
	n := u32()
	if err != nil || int64(len(b)) != 8*int64(n) {
		return nil, broken
	}
	p.seen = make([]uint64, n)
	for i := range p.seen {
		p.seen[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return p, nil
}
