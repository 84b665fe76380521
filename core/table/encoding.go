package table

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"
)

// sampleBytes is how much of a file is looked at to tell its encoding.
const sampleBytes = 256 << 10

// detectEncoding tells the encoding of the start of a file. It returns the WHATWG label and
// the length of the byte order mark; guessed says that the bytes would have
// been valid in another encoding too.
//
// A byte order mark decides; then zero bytes (UTF-16), then validity as UTF-8.
// What remains is a legacy encoding: text is Chinese where it is valid in
// GB18030 or Big5 and most of its characters are among the common ones (the
// first level of GB 2312 or of Big5, and punctuation), for letters with accents
// read as Chinese give rare characters or none. Otherwise it is windows-1252,
// which includes Latin-1.
func detectEncoding(sample []byte, whole bool) (label string, bom int, guessed bool) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xEF\xBB\xBF")):
		return "utf-8", 3, false
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")):
		return "utf-16le", 2, false
	case bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		return "utf-16be", 2, false
	}
	if label := utf16Label(sample); label != "" {
		return label, 0, true
	}
	if validUTF8(sample, whole) {
		return "utf-8", 0, false
	}
	gb, big := commonShare(sample, isCommonGB), commonShare(sample, isCommonBig5)
	if !decodes(sample, whole, "gb18030") {
		gb = 0
	}
	if !decodes(sample, whole, "big5") {
		big = 0
	}
	switch {
	case gb >= 0.5 && gb >= big:
		return "gb18030", 0, true
	case big >= 0.5:
		return "big5", 0, true
	case mostlyUTF8(sample):
		return "utf-8", 0, true
	}
	return "windows-1252", 0, true
}

// utf16Label recognises UTF-16 without a byte order mark: the high bytes of its
// ASCII characters are zero, on one side only, those of its line ends too.
func utf16Label(sample []byte) string {
	var zeros, lines [2]int
	for i := 0; i+1 < len(sample); i += 2 {
		for side := range 2 {
			if sample[i+side] == 0 {
				zeros[side]++
				if other := sample[i+1-side]; other == '\n' || other == '\r' {
					lines[side]++
				}
			}
		}
	}
	pairs := len(sample) / 2
	switch {
	case lines[1] > 0 && zeros[1] > pairs/10 && zeros[0]*20 < zeros[1]:
		return "utf-16le"
	case lines[0] > 0 && zeros[0] > pairs/10 && zeros[1]*20 < zeros[0]:
		return "utf-16be"
	}
	return ""
}

// validUTF8 allows for a sample that ends inside a character.
func validUTF8(sample []byte, whole bool) bool {
	if utf8.Valid(sample) {
		return true
	}
	if whole {
		return false
	}
	for cut := 1; cut < utf8.UTFMax && cut < len(sample); cut++ {
		rest := sample[len(sample)-cut:]
		if utf8.RuneStart(rest[0]) {
			return !utf8.FullRune(rest) && utf8.Valid(sample[:len(sample)-cut])
		}
	}
	return false
}

// mostlyUTF8 reports whether the text is UTF-8 with some broken bytes: nearly
// all that is not ASCII forms characters of several bytes.
func mostlyUTF8(sample []byte) bool {
	good, bad := 0, 0
	for len(sample) > 0 {
		r, n := utf8.DecodeRune(sample)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		sample = sample[n:]
	}
	return good > 20*bad
}

func decodes(sample []byte, whole bool, label string) bool {
	e, _ := htmlindex.Get(label)
	if !whole && len(sample) > 4 {
		// The last character may be cut.
		for cut := range 4 {
			if out, err := e.NewDecoder().Bytes(sample[:len(sample)-cut]); err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
				return true
			}
		}
		return false
	}
	out, err := e.NewDecoder().Bytes(sample)
	return err == nil && !bytes.ContainsRune(out, utf8.RuneError)
}

// commonShare returns the share of common characters among those that take two
// bytes.
func commonShare(sample []byte, common func(lead, trail byte) bool) float64 {
	hit, all := 0, 0
	for i := 0; i+1 < len(sample); i++ {
		if sample[i] < 0x80 {
			continue
		}
		all++
		if common(sample[i], sample[i+1]) {
			hit++
		}
		i++
	}
	if all == 0 {
		return 0
	}
	return float64(hit) / float64(all)
}

func isCommonGB(lead, trail byte) bool {
	return trail >= 0xA1 && (lead >= 0xB0 && lead <= 0xD7 || lead == 0xA1 || lead == 0xA3)
}

func isCommonBig5(lead, trail byte) bool {
	return (trail >= 0x40 && trail <= 0x7E || trail >= 0xA1) && lead >= 0xA1 && lead <= 0xC6 && lead != 0xA2
}

// decoder returns a reader of UTF-8 over bytes in the labelled encoding, or the
// reader itself where they are UTF-8 already.
func decoder(label string, src io.Reader) (io.Reader, string, error) {
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, "", fmt.Errorf("%q is not an encoding", label)
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return nil, "", fmt.Errorf("%q is not an encoding", label)
	}
	if name == "utf-8" || e == encoding.Replacement {
		return src, "utf-8", nil
	}
	return transform.NewReader(src, e.NewDecoder()), name, nil
}
