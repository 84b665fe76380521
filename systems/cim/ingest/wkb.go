package ingest

import (
	"encoding/binary"
	"math"
)

// wkb reads well-known binary (ISO 19125, with Z by ISO or by EWKB) into an object's shapes.
type wkb struct {
	r    *reading
	b    []byte
	at   FileWhere
	left int
}

func (w *wkb) wrong() error {
	return fault(FaultBroken, w.at, "几何的二进制不对", "the binary of the geometry is wrong")
}

func (w *wkb) take(n int) ([]byte, error) {
	if n < 0 || n > len(w.b) {
		return nil, w.wrong()
	}
	out := w.b[:n]
	w.b = w.b[n:]
	return out, nil
}

func (w *wkb) geometry(o *Object, level int) error {
	head, err := w.take(5)
	if err != nil {
		return err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if head[0] == 0 {
		order = binary.BigEndian
	} else if head[0] != 1 {
		return w.wrong()
	}
	kind := order.Uint32(head[1:])
	dims := 2
	z := false
	switch {
	case kind&0xC0000000 == 0xC0000000: // EWKB, Z and M
		dims, z = 4, true
	case kind&0x80000000 != 0:
		dims, z = 3, true
	case kind&0x40000000 != 0:
		dims = 3
	}
	if kind&0x20000000 != 0 {
		if _, err := w.take(4); err != nil {
			return err
		}
	}
	kind &= 0x1fffffff
	switch kind / 1000 {
	case 1:
		dims, z = 3, true
	case 2:
		dims = 3
	case 3:
		dims, z = 4, true
	}
	kind %= 1000
	count := func(each int) (int, error) {
		raw, err := w.take(4)
		if err != nil {
			return 0, err
		}
		n := int(order.Uint32(raw))
		if n < 0 || n > len(w.b)/each {
			return 0, w.wrong()
		}
		return n, nil
	}
	places := func(n int) ([]int32, error) {
		out := make([]int32, 0, n)
		for range n {
			raw, err := w.take(8 * dims)
			if err != nil {
				return nil, err
			}
			number := func(i int) float64 { return math.Float64frombits(order.Uint64(raw[8*i:])) }
			h := 0.0
			if z {
				h = number(2)
			}
			v, err := w.r.vertex(number(0), number(1), h, w.at)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, nil
	}
	polygon := func() (Face, error) {
		var f Face
		n, err := count(4)
		for i := 0; i < n && err == nil; i++ {
			var k int
			if k, err = count(8 * dims); err != nil {
				return f, err
			}
			var ring []int32
			if ring, err = places(k); err == nil {
				list, ok := w.r.closed(ring)
				f.Rings, f.Unclosed = append(f.Rings, list), f.Unclosed || !ok
			}
		}
		return f, err
	}
	if level > 8 {
		return w.wrong()
	}
	switch kind {
	case 1:
		if len(w.b) >= 16 && math.IsNaN(math.Float64frombits(order.Uint64(w.b))) { // an empty point
			_, err := w.take(8 * dims)
			return err
		}
		list, err := places(1)
		o.Shapes = append(o.Shapes, Shape{Kind: Points, Points: list})
		return err
	case 2:
		n, err := count(8 * dims)
		if err != nil {
			return err
		}
		list, err := places(n)
		o.Shapes = append(o.Shapes, Shape{Kind: Lines, Lines: [][]int32{list}})
		return err
	case 3, 17:
		f, err := polygon()
		if len(f.Rings) > 0 {
			o.Shapes = append(o.Shapes, Shape{Kind: Surfaces, Shells: [][]Face{{f}}})
		}
		return err
	case 4, 5, 6, 7, 15, 16:
		n, err := count(5)
		if err != nil {
			return err
		}
		from := len(o.Shapes)
		for range n {
			if err := w.geometry(o, level+1); err != nil {
				return err
			}
		}
		if kind != 7 {
			o.Shapes = gather(o.Shapes, from)
		}
		return nil
	}
	return fault(FaultSupport, w.at, "几何类型 %d 不支持", "geometries of type %d are not read", kind)
}

// gather makes one shape of those from a number on that are of one kind.
func gather(all []Shape, from int) []Shape {
	if len(all)-from < 2 {
		return all
	}
	out := all[from]
	for _, s := range all[from+1:] {
		if s.Kind != out.Kind {
			return all
		}
		out.Points = append(out.Points, s.Points...)
		out.Lines = append(out.Lines, s.Lines...)
		if len(s.Shells) > 0 {
			out.Shells[0] = append(out.Shells[0], s.Shells[0]...)
		}
	}
	return append(all[:from], out)
}
