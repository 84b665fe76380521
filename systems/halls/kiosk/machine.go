package kiosk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
	"sync"
	"time"
)

// Card is what a card reader reads.
type Card struct {
	Name     string `json:"name"`
	IDNumber string `json:"id_number"`
	Portrait []byte `json:"portrait,omitempty"`
}

// Machine is the hardware that an agent runs beside.
type Machine interface {
	// Look says what is left, how hot it is, and what is wrong.
	Look() (supplies map[string]int, temperature float64, faults []string)
	// ReadCard waits for a card, or until ctx ends.
	ReadCard(ctx context.Context) (Card, error)
	// Photo takes a picture: of who stands there ("person"), or of the tray ("tray").
	Photo(ctx context.Context, of string) ([]byte, error)
	// Print prints on the next blank sheet; an error leaves the sheet spoilt, unless it
	// is ErrWrongSheet.
	Print(ctx context.Context, job PrintJob) error
	// Taken waits until the printed sheet is taken out; false is that it was not.
	Taken(ctx context.Context) bool
}

// What a printer may say.
var (
	ErrJam        = errors.New("paper_jam")
	ErrOutOfPaper = errors.New("out_of_paper")
	ErrWrongSheet = errors.New("wrong_sheet")
	ErrNoCard     = errors.New("no_card")
)

// Portrait is the simulated portrait of a person: a plain picture whose colour is theirs.
func Portrait(of string) []byte {
	sum := sha256.Sum256([]byte(of))
	x := image.NewRGBA(image.Rect(0, 0, 24, 32))
	for i := range 24 * 32 {
		x.Set(i%24, i/24, color.RGBA{sum[0], sum[1], sum[2], 255})
	}
	var out bytes.Buffer
	_ = png.Encode(&out, x)
	return out.Bytes()
}

// Simulated is a machine with faults that can be set.
type Simulated struct {
	mu       sync.Mutex
	supplies map[string]int
	hot      float64
	faults   map[string]bool
	card     *Card
	stands   string // whose face the camera sees: an identity number
	fail     error  // of the next print
	slow     time.Duration
	left     bool // nobody takes the next sheet
}

// NewSimulated is a machine that is well.
func NewSimulated() *Simulated {
	return &Simulated{supplies: map[string]int{"paper": 400, "toner": 80, "sheets": 40, "cards": 40}, hot: 38, faults: map[string]bool{}, slow: 300 * time.Millisecond}
}

// Setting changes what a simulated machine does.
type Setting struct {
	Supplies map[string]int `json:"supplies,omitempty"`
	Hot      float64        `json:"temperature,omitempty"`
	Faults   []string       `json:"faults,omitempty"`
	Mended   bool           `json:"mended,omitempty"`
	Card     *Card          `json:"card,omitempty"`
	Stands   string         `json:"stands,omitempty"`
	Fail     string         `json:"fail,omitempty"`
	SlowMS   int            `json:"slow_ms,omitempty"`
	Left     bool           `json:"left,omitempty"`
}

// Set changes it.
func (m *Simulated) Set(x Setting) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.supplies, x.Supplies)
	if x.Hot != 0 {
		m.hot = x.Hot
	}
	if x.Mended {
		clear(m.faults)
	}
	for _, f := range x.Faults {
		m.faults[f] = true
	}
	if x.Card != nil {
		m.card, m.stands = x.Card, x.Card.IDNumber
	}
	if x.Stands != "" {
		m.stands = x.Stands
	}
	if x.SlowMS > 0 {
		m.slow = time.Duration(x.SlowMS) * time.Millisecond
	}
	m.fail = map[string]error{"paper_jam": ErrJam, "out_of_paper": ErrOutOfPaper, "wrong_sheet": ErrWrongSheet}[x.Fail]
	m.left = x.Left
}

// Look implements Machine.
func (m *Simulated) Look() (map[string]int, float64, []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.supplies), m.hot, slices.Sorted(maps.Keys(m.faults))
}

// ReadCard implements Machine.
func (m *Simulated) ReadCard(context.Context) (Card, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.card == nil {
		return Card{}, ErrNoCard
	}
	c := *m.card
	c.Portrait = Portrait(c.IDNumber)
	m.card = nil // who stands there takes it back
	return c, nil
}

// Photo implements Machine.
func (m *Simulated) Photo(_ context.Context, of string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if of == "person" {
		return Portrait(m.stands), nil
	}
	return Portrait(of), nil
}

// Print implements Machine.
func (m *Simulated) Print(ctx context.Context, _ PrintJob) error {
	m.mu.Lock()
	fail, slow := m.fail, m.slow
	m.fail = nil
	m.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(slow):
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if fail != nil {
		m.faults[map[error]string{ErrJam: "E101", ErrOutOfPaper: "E102", ErrWrongSheet: "E103"}[fail]] = true
		if fail != ErrWrongSheet {
			m.supplies["sheets"]--
		}
		return fail
	}
	m.supplies["sheets"]--
	return nil
}

// Taken implements Machine.
func (m *Simulated) Taken(context.Context) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := m.left
	m.left = false
	return !left
}
