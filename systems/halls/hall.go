package halls

import (
	"slices"
	"time"
)

// Hall is a service hall (办事大厅), as the district's pack has it.
type Hall struct {
	Code     string       `json:"code"`
	Name     Text         `json:"name"`
	Unit     string       `json:"unit"`
	Address  string       `json:"address,omitempty"`
	Phone    string       `json:"phone,omitempty"`
	Calendar string       `json:"-"`
	Areas    []HallArea   `json:"areas"`
	Kinds    []HallKind   `json:"kinds"`
	Windows  []HallWindow `json:"windows"`
	plan     []planned
}

// HallArea is a part of a hall with its own numbers.
type HallArea struct {
	Code   string `json:"code"`
	Name   Text   `json:"name"`
	Prefix string `json:"prefix"`
	First  int    `json:"first"`
	Last   int    `json:"last"`
}

// HallKind is a kind of business (业务类别) that one takes a number for.
type HallKind struct {
	Code    string   `json:"code"`
	Name    Text     `json:"name"`
	Area    string   `json:"area"`
	Minutes int      `json:"minutes" doc:"What one usually takes, until it has been measured"`
	Book    bool     `json:"book" doc:"May be booked"`
	Items   []string `json:"items,omitempty" doc:"Service items, by the beginnings of their codes"`
}

// HallWindow is a window (窗口).
type HallWindow struct {
	Code     string    `json:"code"`
	Name     Text      `json:"name"`
	Area     string    `json:"area"`
	Sort     string    `json:"sort" enum:"comprehensive,special"`
	Kinds    []string  `json:"kinds"`
	Channels []Channel `json:"channels"`
}

// planned are windows that are to be open at some hours of some days of the week.
type planned struct {
	days     []time.Weekday
	from, to time.Duration
	windows  []string
}

func (w *HallWindow) kind(code string) bool { return slices.Contains(w.Kinds, code) }

func find[T any](list []T, is func(*T) bool) *T {
	for i := range list {
		if is(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

func (h *Hall) area(code string) *HallArea {
	return find(h.Areas, func(a *HallArea) bool { return a.Code == code })
}
func (h *Hall) kind(code string) *HallKind {
	return find(h.Kinds, func(k *HallKind) bool { return k.Code == code })
}
func (h *Hall) window(code string) *HallWindow {
	return find(h.Windows, func(w *HallWindow) bool { return w.Code == code })
}

// plannedWindows are those that the plan has open at a local time of a day.
func (h *Hall) plannedWindows(day time.Weekday, clock time.Duration) (out []string) {
	for _, p := range h.plan {
		if slices.Contains(p.days, day) && clock >= p.from && clock < p.to {
			for _, w := range p.windows {
				if !slices.Contains(out, w) {
					out = append(out, w)
				}
			}
		}
	}
	return out
}
