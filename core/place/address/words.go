package address

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"sync"
)

// wordsFile has the commoner words of two to five characters of the dictionary of
// jieba (MIT licence), each with twice the logarithm of how often it was seen and
// its part of speech.
//
//go:embed words.txt.gz
var wordsFile []byte

// word is what is known of one: its cost in a division, and its part of speech.
type word struct {
	cost  float32
	class uint8
}

const (
	wordChars   = 5
	unknownCost = 17.5 // of a character that begins no word
)

var words = sync.OnceValue(func() map[string]word {
	z, err := gzip.NewReader(bytes.NewReader(wordsFile))
	if err != nil {
		panic(err) // it is in the program
	}
	out := make(map[string]word, 90000)
	classes := map[string]uint8{}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var text, class string
		var often int
		if _, err := fmt.Sscan(lines.Text(), &text, &often, &class); err != nil {
			panic(err)
		}
		if classes[class] == 0 {
			classes[class] = uint8(len(classes) + 1)
		}
		out[text] = word{unknownCost - 0.5 - float32(often)/2, classes[class]}
	}
	return out
})

// segment divides the tokens into words, the likeliest way: where the word that
// holds a token begins and ends, and its part of speech.
func (v *view) segment() {
	n := len(v.toks)
	v.wordFrom, v.wordTo, v.wordClass = grow(v.wordFrom, n), grow(v.wordTo, n), grow(v.wordClass, n)
	v.cost, v.cut = grow(v.cost, n+1), grow(v.cut, n+1)
	known := words()
	var buf [32]byte
	for i := n - 1; i >= 0; i-- {
		v.cost[i], v.cut[i] = v.cost[i+1]+unknownCost, int16(i+1)
		text := buf[:0]
		for j := i; j < n && j < i+wordChars && v.shapes[j] == 0; j++ {
			text = append(text, v.toks[j].text...)
			if w, ok := known[string(text)]; ok && v.cost[j+1]+w.cost < v.cost[i] {
				v.cost[i], v.cut[i] = v.cost[j+1]+w.cost, int16(j+1)
			}
		}
	}
	for i := 0; i < n; {
		to := int(v.cut[i])
		text := buf[:0]
		for j := i; j < to && len(text) < 24; j++ {
			text = append(text, v.toks[j].text...)
		}
		class := known[string(text)].class
		for j := i; j < to; j++ {
			v.wordFrom[j], v.wordTo[j], v.wordClass[j] = int16(i), int16(to), class
		}
		i = to
	}
}

// wordHash is the hash of the word that holds a token.
func (v *view) wordHash(h hasher, i int) hasher {
	if i < 0 || i >= len(v.toks) {
		return h.str(edge)
	}
	if s := v.shapes[i]; s > 1 && s < 10 {
		return h.num(s)
	}
	for j := v.wordFrom[i]; j < v.wordTo[i]; j++ {
		h = h.str(v.toks[j].text)
	}
	return h
}

// place of a token in its word: whole, first, middle, last.
func (v *view) inWord(i int) int {
	if i < 0 || i >= len(v.toks) {
		return 9
	}
	return toBit(int(v.wordFrom[i]) == i) + 2*toBit(int(v.wordTo[i]) == i+1)
}
