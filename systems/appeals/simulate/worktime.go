package simulate

import (
	"sort"
	"time"
)

// worktime is when the simulated staff work: on workdays from nine to twelve
// and from two to six. Instants are Unix seconds.
type worktime struct {
	starts []int64 // local midnights
	work   []bool
	off    []int // on a day off: how many days off in a row it belongs to
	zone   *time.Location
}

// shifts in seconds from local midnight.
var shifts = [2][2]int64{{9 * 3600, 12 * 3600}, {14 * 3600, 18 * 3600}}

// newWorktime tabulates the days from well before from to well after to.
func newWorktime(from, to time.Time, workday func(int, time.Month, int) bool) *worktime {
	w := &worktime{zone: from.Location()}
	y, m, d := from.Date()
	for i := -15; ; i++ {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, w.zone)
		w.starts = append(w.starts, day.Unix())
		w.work = append(w.work, workday(day.Date()))
		if day.After(to.AddDate(0, 0, 200)) {
			break
		}
	}
	w.off = make([]int, len(w.work))
	for i := 0; i < len(w.work); {
		j := i
		for j < len(w.work) && !w.work[j] {
			j++
		}
		for k := i; k < j; k++ {
			w.off[k] = j - i
		}
		i = j + 1
	}
	return w
}

// day returns the index of the day that t lies in.
func (w *worktime) day(t int64) int {
	i := int((t - w.starts[0]) / 86400)
	i = min(max(i, 0), len(w.starts)-1)
	if i+1 < len(w.starts) && w.starts[i+1] <= t {
		i++
	} else if i > 0 && w.starts[i] > t {
		i--
	}
	return i
}

// after returns the index of the n-th workday after day i.
func (w *worktime) after(i, n int) int {
	for n > 0 && i < len(w.work)-1 {
		if i++; w.work[i] {
			n--
		}
	}
	return i
}

// add returns the instant s seconds of working time after t.
func (w *worktime) add(t, s int64) int64 {
	for i := w.day(t); i < len(w.starts); i++ {
		if !w.work[i] {
			continue
		}
		for _, shift := range shifts {
			from, to := max(t, w.starts[i]+shift[0]), w.starts[i]+shift[1]
			if from > to {
				continue
			}
			if left := to - from; s <= left {
				return from + s
			} else {
				s -= left
			}
		}
	}
	return w.starts[len(w.starts)-1]
}

// at returns the instant that is a share (0 to 1) of the working time into a day.
func (w *worktime) at(day int, share float64) int64 {
	s := int64(share * 7 * 3600)
	if s < 3*3600 {
		return w.starts[day] + shifts[0][0] + s
	}
	return w.starts[day] + shifts[1][0] + s - 3*3600
}

// index returns the first day that starts at t or later.
func (w *worktime) index(t int64) int {
	return sort.Search(len(w.starts), func(i int) bool { return w.starts[i] >= t })
}
