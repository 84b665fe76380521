package document

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"sync"
	"unicode"

	"golang.org/x/image/font/opentype"
)

// AR PL SungtiL GB: all of GB 2312, under the Arphic Public License, which lets it be
// embedded (font/ARPHICPL.TXT).
//
//go:embed font/gbsn00lp.ttf.gz
var packedSong []byte

// Droid Sans Fallback: what GB 2312 lacks (rare characters of names and places, other
// scripts), under the Apache License 2.0 (font/APACHE-2.0.TXT).
//
//go:embed font/DroidSansFallbackFull.ttf.gz
var packedWide []byte

// face is a font of this package. A paper carries the characters that it uses.
type face struct {
	name   string
	data   func() []byte
	parsed func() *opentype.Font
}

func newFace(name string, packed []byte) *face {
	f := &face{name: name}
	f.data = sync.OnceValue(func() []byte {
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err == nil {
			var raw []byte
			if raw, err = io.ReadAll(z); err == nil {
				return raw
			}
		}
		panic(err) // the program was built wrong
	})
	f.parsed = sync.OnceValue(func() *opentype.Font {
		p, err := opentype.Parse(f.data())
		if err != nil {
			panic(err)
		}
		return p
	})
	return f
}

// The faces, in the order in which a character is looked for; the second is unpacked
// when a paper needs it first.
var faces = [...]*face{newFace("song", packedSong), newFace("wide", packedWide)}

// instead stands for a character that no face has.
const instead = '□'

func (f *face) has(r rune) bool {
	i, err := f.parsed().GlyphIndex(nil, r)
	return err == nil && i != 0
}

// unseen are characters that have no picture of their own.
func unseen(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Variation_Selector) }

func faceOf(r rune) (n int, ok bool) {
	for i, f := range faces {
		if f.has(r) {
			return i, true
		}
	}
	return 0, false
}

// run is a stretch of text of one face.
type run struct {
	face int
	text string
}

// runs parts a text by the faces that have its characters.
func runs(s string) (out []run) {
	for _, r := range s {
		if unseen(r) {
			continue
		}
		n, ok := faceOf(r)
		if !ok {
			r = instead
		}
		if len(out) == 0 || out[len(out)-1].face != n {
			out = append(out, run{face: n})
		}
		out[len(out)-1].text += string(r)
	}
	return out
}

// Missing counts the characters of a paper that stand as □ where the paper brings its
// own font: in PDF, and in the pictures of DOCX.
func (d Doc) Missing() (n int) {
	count := func(texts ...string) {
		for _, s := range texts {
			for _, r := range clean(s) {
				if _, ok := faceOf(r); !ok && !unseen(r) {
					n++
				}
			}
		}
	}
	count(d.Title, d.Subtitle)
	for _, b := range d.Blocks {
		switch b := b.(type) {
		case Heading:
			count(b.Text)
		case Paragraph:
			count(string(b))
		case *Sign:
			count(b.Lines...)
			count(b.Seal, b.Note)
		case *Table:
			count(b.Caption)
			count(b.Head...)
			for _, r := range b.Rows {
				count(r...)
			}
		case *Chart:
			count(b.Caption)
			count(b.Names...)
		case *Map:
			count(b.Caption)
			for _, a := range b.Areas {
				count(a.Name)
			}
		}
	}
	return n
}
