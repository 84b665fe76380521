package ingest

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// obj reads the vertices, faces and lines of a Wavefront OBJ; each object or group of it is an object.
// Its third axis is taken as up, as files of surveys have it, not as programs that animate do.
func (r *reading) obj(name string) error {
	f, c, err := r.open(name)
	if err != nil {
		return err
	}
	defer c.Close()
	r.m.Plain = true
	in := bufio.NewScanner(f)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	base, line := len(r.m.Vertices), 0
	var o *Object
	flush := func() error {
		if o == nil || len(o.Shapes) == 0 {
			return nil
		}
		err := r.object(*o)
		o = nil
		return err
	}
	shape := func(kind ShapeKind) *Shape {
		if o == nil {
			o = &Object{ID: "1", Kind: "mesh", Where: FileWhere{File: name, Line: line}}
			if n := len(r.m.Objects); n > 0 {
				o.ID = strconv.Itoa(n + 1)
			}
		}
		for i := range o.Shapes {
			if o.Shapes[i].Kind == kind {
				return &o.Shapes[i]
			}
		}
		o.Shapes = append(o.Shapes, Shape{Kind: kind})
		return &o.Shapes[len(o.Shapes)-1]
	}
	index := func(word string) (int32, error) {
		word, _, _ = strings.Cut(word, "/")
		n, err := strconv.Atoi(word)
		if n < 0 {
			n += len(r.m.Vertices) - base + 1
		}
		if err != nil || n < 1 || n > len(r.m.Vertices)-base {
			return 0, fault(FaultRefers, FileWhere{File: name, Line: line}, "引用的顶点 %q 不存在", "vertex %q is not there", word)
		}
		return int32(base + n - 1), nil
	}
	for in.Scan() {
		line++
		text := in.Bytes()
		if i := bytes.IndexByte(text, '#'); i >= 0 {
			if words := bytes.Fields(text[i+1:]); len(words) == 2 && bytes.EqualFold(words[0], []byte("crs")) {
				if err := r.declare(string(words[1]), FileWhere{File: name, Line: line}); err != nil {
					return err
				}
			}
			text = text[:i]
		}
		words := strings.Fields(string(text))
		if len(words) == 0 {
			continue
		}
		at := FileWhere{File: name, Line: line}
		switch words[0] {
		case "v":
			var v Vec
			if len(words) < 4 {
				return fault(FaultBroken, at, "顶点少于三个坐标", "a vertex of fewer than three coordinates")
			}
			for k := range v {
				if v[k], err = strconv.ParseFloat(words[k+1], 64); err != nil {
					return fault(FaultNumber, at, "%q 不是数", "%q is no number", words[k+1])
				}
			}
			if _, err := r.vertex(v[0], v[1], v[2], at); err != nil {
				return err
			}
		case "o", "g":
			if err := flush(); err != nil {
				return err
			}
			id := strings.Join(words[1:], " ")
			if id == "" {
				id = strconv.Itoa(len(r.m.Objects) + 1)
			}
			o = &Object{ID: id, Kind: "mesh", Where: at}
		case "f":
			face := Face{Rings: [][]int32{nil}}
			for _, w := range words[1:] {
				v, err := index(w)
				if err != nil {
					return err
				}
				face.Rings[0] = append(face.Rings[0], v)
			}
			s := shape(Mesh)
			if len(s.Shells) == 0 {
				s.Shells = [][]Face{nil}
			}
			s.Shells[0] = append(s.Shells[0], face)
		case "l":
			var run []int32
			for _, w := range words[1:] {
				v, err := index(w)
				if err != nil {
					return err
				}
				run = append(run, v)
			}
			s := shape(Lines)
			s.Lines = append(s.Lines, run)
		case "vn", "vt", "vp", "s", "usemtl", "mtllib", "p":
		default:
			r.m.left("obj:"+words[0], 1)
		}
	}
	if err := in.Err(); err != nil {
		if err == bufio.ErrTooLong {
			return fault(FaultLimit, FileWhere{File: name, Line: line + 1}, "这一行太长", "the line is too long")
		}
		return err
	}
	return flush()
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return fmt.Sprintf("%s…", string(r[:40]))
	}
	return s
}
