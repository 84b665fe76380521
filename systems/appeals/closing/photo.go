package closing

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"time"
)

// maxPixels bounds the pictures whose print is made.
const maxPixels = 50_000_000

// Print is the perceptual hash of a picture: 64 bits of whether each of nine by
// eight fields is lighter than its right neighbour (dHash). It is "" for what is
// no picture that can be read, and for one without features, such as a plain
// surface, which says nothing.
func Print(content []byte) string {
	c, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || c.Width < 9 || c.Height < 8 || c.Width*c.Height > maxPixels {
		return ""
	}
	img, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return ""
	}
	b := img.Bounds()
	var light [8][9]uint64
	for y := range 8 {
		for x := range 9 {
			x0, x1 := b.Min.X+x*b.Dx()/9, b.Min.X+(x+1)*b.Dx()/9
			y0, y1 := b.Min.Y+y*b.Dy()/8, b.Min.Y+(y+1)*b.Dy()/8
			sum, n := uint64(0), uint64(0)
			for yy := y0; yy < y1; yy += max(1, (y1-y0)/16) {
				for xx := x0; xx < x1; xx += max(1, (x1-x0)/16) {
					r, g, bl, _ := img.At(xx, yy).RGBA()
					sum += (299*uint64(r) + 587*uint64(g) + 114*uint64(bl)) / 1000
					n++
				}
			}
			light[y][x] = sum / max(1, n)
		}
	}
	bits, ones := uint64(0), 0
	for y := range 8 {
		for x := range 8 {
			bits <<= 1
			if light[y][x] > light[y][x+1]+256 {
				bits |= 1
				ones++
			}
		}
	}
	if ones < 6 || ones > 58 {
		return ""
	}
	return fmt.Sprintf("%016x", bits)
}

// Exif is when and where a JPEG says that it was taken (Exif 2.3, JEITA
// CP-3451C): the time is that of the camera's clock, in zone. Both are nothing
// where it does not say.
func Exif(content []byte, zone *time.Location) (taken time.Time, where *Point) {
	tiff := exifOf(content)
	if len(tiff) < 8 {
		return
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	r := tiffReader{tiff, order}
	first := r.directory(r.u32(4))
	if e, ok := first[0x8769]; ok { // the Exif directory
		sub := r.directory(e.value)
		for _, tag := range []uint16{0x9003, 0x9004} { // DateTimeOriginal, DateTimeDigitized
			if d, ok := sub[tag]; ok {
				if t, err := time.ParseInLocation("2006:01:02 15:04:05", strings.TrimRight(r.text(d), "\x00 "), zone); err == nil {
					taken = t
					break
				}
			}
		}
	}
	if e, ok := first[0x8825]; ok { // the GPS directory
		sub := r.directory(e.value)
		lat, ok1 := r.degrees(sub[2])
		lon, ok2 := r.degrees(sub[4])
		if ok1 && ok2 && (lat != 0 || lon != 0) {
			if strings.HasPrefix(r.text(sub[1]), "S") {
				lat = -lat
			}
			if strings.HasPrefix(r.text(sub[3]), "W") {
				lon = -lon
			}
			where = &Point{lon, lat}
		}
	}
	return
}

// exifOf is the TIFF structure within a JPEG's APP1 segment.
func exifOf(b []byte) []byte {
	if len(b) < 4 || b[0] != 0xFF || b[1] != 0xD8 {
		return nil
	}
	for i := 2; i+4 <= len(b) && b[i] == 0xFF; {
		n := int(binary.BigEndian.Uint16(b[i+2:]))
		if b[i+1] == 0xDA || n < 2 || i+2+n > len(b) {
			return nil
		}
		if seg := b[i+4 : i+2+n]; b[i+1] == 0xE1 && bytes.HasPrefix(seg, []byte("Exif\x00\x00")) {
			return seg[6:]
		}
		i += 2 + n
	}
	return nil
}

type tiffReader struct {
	b     []byte
	order binary.ByteOrder
}

// tiffEntry is one entry of a directory; at is where its value stands.
type tiffEntry struct {
	kind  uint16
	count uint32
	value uint32
	at    uint32
}

func (r tiffReader) u16(at uint32) uint16 {
	if uint64(at)+2 > uint64(len(r.b)) {
		return 0
	}
	return r.order.Uint16(r.b[at:])
}

func (r tiffReader) u32(at uint32) uint32 {
	if uint64(at)+4 > uint64(len(r.b)) {
		return 0
	}
	return r.order.Uint32(r.b[at:])
}

func (r tiffReader) directory(at uint32) map[uint16]tiffEntry {
	out := map[uint16]tiffEntry{}
	if at == 0 {
		return out
	}
	n := uint32(r.u16(at))
	for i := uint32(0); i < min(n, 200); i++ {
		e := at + 2 + 12*i
		if uint64(e)+12 > uint64(len(r.b)) {
			break
		}
		t := tiffEntry{kind: r.u16(e + 2), count: r.u32(e + 4), value: r.u32(e + 8), at: e + 8}
		if size := map[uint16]uint32{2: 1, 3: 2, 4: 4, 5: 8}[t.kind]; uint64(size)*uint64(t.count) > 4 {
			t.at = t.value
		}
		out[r.u16(e)] = t
	}
	return out
}

func (r tiffReader) text(e tiffEntry) string {
	if e.kind != 2 || e.count > 100 || uint64(e.at)+uint64(e.count) > uint64(len(r.b)) {
		return ""
	}
	return string(r.b[e.at : e.at+e.count])
}

// degrees reads degrees, minutes and seconds as three rationals.
func (r tiffReader) degrees(e tiffEntry) (float64, bool) {
	if e.kind != 5 || e.count != 3 || uint64(e.at)+24 > uint64(len(r.b)) {
		return 0, false
	}
	sum, unit := 0.0, 1.0
	for i := range uint32(3) {
		num, den := r.u32(e.at+8*i), r.u32(e.at+8*i+4)
		if den == 0 {
			return 0, false
		}
		sum += float64(num) / float64(den) / unit
		unit *= 60
	}
	return sum, true
}
