package adapter

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Courier is a courier company (快递). A call may be made again with the same key: it gives
// the first answer.
type Courier interface {
	// Label makes a waybill before the parcel is there (预制面单).
	Label(ctx context.Context, l CourierLabel) (waybill string, err error)
	// Track is all that happened to a parcel, oldest first; ErrNoWaybill where there is none.
	Track(ctx context.Context, waybill string) ([]CourierEvent, error)
	// Statement is the company's list of the parcels that it delivered, gave back or lost on
	// a day.
	Statement(ctx context.Context, day string) ([]CourierLine, error)
	// Simulated says that nobody carries anything.
	Simulated() bool
}

// CourierLabel is what a waybill is made of.
type CourierLabel struct {
	Key      string // ours
	From, To CourierParty
	Grams    int
}

// CourierParty is one end of a parcel's way.
type CourierParty struct{ Name, Phone, Address string }

// Kinds of events.
const (
	CourierPicked    = "picked"
	CourierTransit   = "transit"
	CourierDelayed   = "delayed"
	CourierDelivered = "delivered"
	CourierReturned  = "returned"
	CourierLost      = "lost"
)

// CourierEvent is one thing that happened to a parcel.
type CourierEvent struct {
	Key    string    `json:"key"` // the company's own
	Kind   string    `json:"kind"`
	At     time.Time `json:"at"`
	Place  string    `json:"place,omitempty"`
	Grams  int       `json:"grams,omitempty"`  // as it was weighed
	Signed string    `json:"signed,omitempty"` // of a delivery: self, family, desk, locker
}

// CourierLine is a line of a statement.
type CourierLine struct {
	Waybill string `json:"waybill"`
	Kind    string `json:"kind"`
	Grams   int    `json:"grams"`
}

// ErrNoWaybill: the company has no parcel of that number.
var ErrNoWaybill = errors.New("adapter: the courier knows no such waybill")

var waybillForm = regexp.MustCompile(`^[A-Z]{2}\d{9}[A-Z]{2}$`)

// CheckWaybill says whether a number can be a waybill: 13 characters with the check digit
// of UPU S10.
func CheckWaybill(no string) bool {
	return waybillForm.MatchString(no) && no[10] == s10(no[2:10])
}

func s10(digits string) byte {
	sum := 0
	for i, w := range []int{8, 6, 4, 2, 3, 5, 9, 7} {
		sum += w * int(digits[i]-'0')
	}
	switch c := 11 - sum%11; c {
	case 10:
		return '0'
	case 11:
		return '5'
	default:
		return byte('0' + c)
	}
}

// CourierSimulator behaves as a courier company. Nothing moves until Happen says so.
type CourierSimulator struct {
	Now  func() time.Time
	Zone *time.Location

	mu      sync.Mutex
	serial  int
	byKey   map[string]string
	parcels map[string]*simulatedParcel
	broken  int
}

type simulatedParcel struct {
	grams  int
	events []CourierEvent
}

// NewCourierSimulator makes one.
func NewCourierSimulator(now func() time.Time, zone *time.Location) *CourierSimulator {
	return &CourierSimulator{Now: now, Zone: zone, serial: int(now().Unix() % 90_000_000), byKey: map[string]string{}, parcels: map[string]*simulatedParcel{}}
}

// Break makes the next n calls fail.
func (c *CourierSimulator) Break(n int) { c.mu.Lock(); c.broken = n; c.mu.Unlock() }

func (c *CourierSimulator) fails() error {
	if c.broken > 0 {
		c.broken--
		return errors.New("adapter: the courier does not answer")
	}
	return nil
}

// Label implements Courier.
func (c *CourierSimulator) Label(_ context.Context, l CourierLabel) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fails(); err != nil {
		return "", err
	}
	if no := c.byKey[l.Key]; no != "" {
		return no, nil
	}
	c.serial++
	digits := fmt.Sprintf("%08d", c.serial%100_000_000)
	no := "EK" + digits + string(s10(digits)) + "CN"
	c.byKey[l.Key], c.parcels[no] = no, &simulatedParcel{grams: l.Grams}
	return no, nil
}

// Happen is something that befalls a parcel; a waybill that nobody made is a stranger's
// parcel, which is carried all the same.
func (c *CourierSimulator) Happen(no string, e CourierEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.parcels[no]
	if p == nil {
		p = &simulatedParcel{}
		c.parcels[no] = p
	}
	if e.At.IsZero() {
		e.At = c.Now()
	}
	if e.Key == "" {
		e.Key = no + "-" + strconv.Itoa(len(p.events)+1)
	}
	if e.Grams > 0 {
		p.grams = e.Grams
	}
	p.events = append(p.events, e)
}

// Track implements Courier.
func (c *CourierSimulator) Track(_ context.Context, no string) ([]CourierEvent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fails(); err != nil {
		return nil, err
	}
	p := c.parcels[no]
	if p == nil {
		return nil, ErrNoWaybill
	}
	return append([]CourierEvent{}, p.events...), nil
}

// Statement implements Courier.
func (c *CourierSimulator) Statement(_ context.Context, day string) ([]CourierLine, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fails(); err != nil {
		return nil, err
	}
	out := []CourierLine{}
	for no, p := range c.parcels {
		for _, e := range p.events {
			if e.At.In(c.Zone).Format(time.DateOnly) == day && (e.Kind == CourierDelivered || e.Kind == CourierReturned || e.Kind == CourierLost) {
				out = append(out, CourierLine{no, e.Kind, p.grams})
			}
		}
	}
	return out, nil
}

// Simulated implements Courier.
func (c *CourierSimulator) Simulated() bool { return true }
