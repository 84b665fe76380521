package document

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// drawnCodes are the modules of the QR codes that a PDF draws, read from the boxes in its
// content: dark is true.
func drawnCodes(t *testing.T, pdf []byte) [][][]bool {
	t.Helper()
	box := regexp.MustCompile(`(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re`)
	type rect struct{ x, y, w, h float64 }
	var boxes []rect
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(r)
		for _, m := range box.FindAllStringSubmatch(string(body), -1) {
			f := func(i int) float64 { v, _ := strconv.ParseFloat(m[i], 64); return v }
			boxes = append(boxes, rect{f(1), f(2), f(3), math.Abs(f(4))})
		}
	}
	// A code is where boxes stand close: they are told apart by their places.
	var out [][][]bool
	for len(boxes) > 0 {
		x0 := boxes[0].x
		for _, b := range boxes {
			x0 = math.Min(x0, b.x)
		}
		var here, rest []rect
		for _, b := range boxes {
			if b.x < x0+codeSide {
				here = append(here, b)
			} else {
				rest = append(rest, b)
			}
		}
		boxes = rest
		right, top, high := 0.0, 0.0, here[0].h
		for _, b := range here {
			right, top = math.Max(right, b.x+b.w), math.Max(top, b.y)
		}
		n := int(math.Round((right - x0) / high))
		grid := make([][]bool, n)
		for i := range grid {
			grid[i] = make([]bool, n)
		}
		for _, b := range here {
			row, from := int(math.Round((top-b.y)/high)), int(math.Round((b.x-x0)/high))
			for i := range int(math.Round(b.w / high)) {
				grid[row][from+i] = true
			}
		}
		out = append(out, grid)
	}
	return out
}

// decodeCode reads a QR code of versions 1 to 10 at level M with bytes in it (GB/T 18284:
// the format at 8.9, the masks at 8.8, the order of the bits at 8.7), mending nothing.
func decodeCode(g [][]bool) (string, error) {
	n := len(g)
	version := (n - 17) / 4
	blocks := map[int][][2]int{1: {{1, 16}}, 2: {{1, 28}}, 3: {{1, 44}}, 4: {{2, 32}}, 5: {{2, 43}}, 6: {{4, 27}}, 7: {{4, 31}}, 8: {{2, 38}, {2, 39}}, 9: {{3, 36}, {2, 37}}, 10: {{4, 43}, {1, 44}}}[version]
	if n%4 != 1 || blocks == nil {
		return "", fmt.Errorf("no code has %d modules", n)
	}
	format := 0
	for i := range 8 { // the copy beside the upper left finder
		x := []int{0, 1, 2, 3, 4, 5, 7, 8}[i]
		format <<= 1
		if g[8][x] {
			format |= 1
		}
	}
	for _, y := range []int{7, 5, 4, 3, 2, 1, 0} {
		format <<= 1
		if g[y][8] {
			format |= 1
		}
	}
	format ^= 0x5412
	if format>>13 != 0 {
		return "", fmt.Errorf("level %d is not M", format>>13)
	}
	mask := []func(y, x int) bool{
		func(y, x int) bool { return (y+x)%2 == 0 }, func(y, x int) bool { return y%2 == 0 }, func(y, x int) bool { return x%3 == 0 }, func(y, x int) bool { return (y+x)%3 == 0 },
		func(y, x int) bool { return (y/2+x/3)%2 == 0 }, func(y, x int) bool { return y*x%2+y*x%3 == 0 }, func(y, x int) bool { return (y*x%2+y*x%3)%2 == 0 }, func(y, x int) bool { return ((y+x)%2+y*x%3)%2 == 0 },
	}[format>>10&7]
	centres := map[int][]int{2: {6, 18}, 3: {6, 22}, 4: {6, 26}, 5: {6, 30}, 6: {6, 34}, 7: {6, 22, 38}, 8: {6, 24, 42}, 9: {6, 26, 46}, 10: {6, 28, 50}}[version]
	fixed := func(y, x int) bool {
		if y < 9 && (x < 9 || x >= n-8) || y >= n-8 && x < 9 || y == 6 || x == 6 {
			return true
		}
		if version >= 7 && (y < 6 && x >= n-11 || x < 6 && y >= n-11) {
			return true
		}
		for _, cy := range centres {
			for _, cx := range centres {
				corner := cy == 6 && cx == 6 || cy == 6 && cx == n-7 || cy == n-7 && cx == 6
				if !corner && y >= cy-2 && y <= cy+2 && x >= cx-2 && x <= cx+2 {
					return true
				}
			}
		}
		return false
	}
	var bits []bool
	up := true
	for x := n - 1; x > 0; x -= 2 {
		if x == 6 {
			x--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, c := range []int{x, x - 1} {
				if !fixed(y, c) {
					bits = append(bits, g[y][c] != mask(y, c))
				}
			}
		}
		up = !up
	}
	var words []byte
	for i := 0; i+8 <= len(bits); i += 8 {
		b := byte(0)
		for _, bit := range bits[i : i+8] {
			b <<= 1
			if bit {
				b |= 1
			}
		}
		words = append(words, b)
	}
	var sizes []int
	for _, b := range blocks {
		for range b[0] {
			sizes = append(sizes, b[1])
		}
	}
	parts, at := make([][]byte, len(sizes)), 0
	for i := range sizes[len(sizes)-1] {
		for j := range sizes {
			if i < sizes[j] {
				parts[j] = append(parts[j], words[at])
				at++
			}
		}
	}
	data := bytes.Join(parts, nil)
	nibble := func(i int) int { return int(data[i/2]>>(4*(1-i%2))) & 15 }
	if nibble(0) != 4 {
		return "", fmt.Errorf("mode %d is not of bytes", nibble(0))
	}
	length, from := nibble(1)<<4|nibble(2), 3
	if version >= 10 {
		length, from = length<<8|nibble(3)<<4|nibble(4), 5
	}
	out := make([]byte, length)
	for i := range out {
		out[i] = byte(nibble(from+2*i)<<4 | nibble(from+2*i+1))
	}
	return string(out), nil
}

// What is drawn on the page is read again, of all lengths.
func TestCodesOfAPaper(t *testing.T) {
	for _, want := range [][]string{
		{"/r"}, {"https://bsq.example.gov.cn/rate/case-1s5v8q2k0f.Ab3_dE-fGh1jK?via=qr"}, {"https://x.cn/paper/1", "https://x.cn/verify/abcdefghijklmnopqrst"}, {"证照核验"},
		{strings.Repeat("0123456789", 12)}, {strings.Repeat("a", 200)},
	} {
		var codes Codes
		for _, w := range want {
			codes = append(codes, Code{Text: w, Label: "扫码核验"})
		}
		var buf bytes.Buffer
		if err := (Doc{Title: "收件凭证", Blocks: []Block{Paragraph("您的申请已收到。"), codes, &Sign{Lines: []string{"某局"}}}}).Write(&buf, PDF); err != nil {
			t.Fatal(err)
		}
		drawn := drawnCodes(t, buf.Bytes())
		if len(drawn) != len(want) {
			t.Fatalf("%d codes are drawn, of %d", len(drawn), len(want))
		}
		for i, g := range drawn {
			if got, err := decodeCode(g); err != nil || got != want[i] {
				t.Errorf("%q was read of %q: %v", got, want[i], err)
			}
		}
		for _, f := range []Format{DOCX, HTML, Markdown} {
			var other bytes.Buffer
			if err := (Doc{Title: "x", Blocks: []Block{codes}}).Write(&other, f); err != nil || other.Len() == 0 {
				t.Errorf("%s: %v", f, err)
			}
		}
	}
	// Too long for any code: the paper is made without it.
	var buf bytes.Buffer
	if err := (Doc{Title: "x", Blocks: []Block{Codes{{Text: strings.Repeat("a", 5000)}}}}).Write(&buf, PDF); err != nil || len(drawnCodes(t, buf.Bytes())) != 0 {
		t.Error(err)
	}
}

func BenchmarkCode(b *testing.B) {
	for range b.N {
		var buf bytes.Buffer
		_ = (Doc{Title: "收件凭证", Blocks: []Block{Codes{{Text: "https://bsq.example.gov.cn/rate/case-1s5v8q2k0f.Ab3_dE-fGh1jK?via=qr", Label: "扫码"}}}}).Write(&buf, PDF)
	}
}

func BenchmarkNoCode(b *testing.B) {
	for range b.N {
		var buf bytes.Buffer
		_ = (Doc{Title: "收件凭证", Blocks: []Block{Paragraph("扫码")}}).Write(&buf, PDF)
	}
}
