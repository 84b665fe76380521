package address

import "math"

// What has stood in an address before a token decides with the token: after a
// house number a shop is a shop and no estate. pasts is how many cases there are.
const (
	pastNothing = iota // divisions at most
	pastRoad
	pastPOI
	pastHouse
	pasts
)

// labelCount is the number of labels, columns that of the columns of a row that
// depends on the past.
const (
	labelCount = tagCount / 2
	columns    = labelCount * pasts
	states     = tagCount * pasts
)

// pastOf is the case that a label brings about.
var pastOf = func() (out [labelCount]int) {
	for i, l := range Labels {
		switch l {
		case Road, SubRoad, RoadNo, SubRoadNo:
			out[i] = pastRoad
		case POI, SubPOI:
			out[i] = pastPOI
		case HouseNo, CellNo, FloorNo, RoomNo:
			out[i] = pastHouse
		}
	}
	return out
}()

// chain is what is said of a tag after another, and of the first.
type chain struct {
	trans [tagCount][tagCount]float32
	first [tagCount]float32
}

// lattice is the room in which an address is decided.
type lattice struct {
	view   view
	scores [][tagCount]float32
	past   [][columns]float32
	back   [][states]uint8
	path   []tag
}

func (l *lattice) room(n int) {
	l.scores, l.past, l.back, l.path = grow(l.scores, n), grow(l.past, n), grow(l.back, n), grow(l.path, n)
}

// behind is how far a state may be behind the best and still be looked at.
const behind = 25

// best finds the likeliest tags of the scores (Viterbi). What begins may follow
// anything, what goes on its own part alone.
func (l *lattice) best(w *chain) []tag {
	n := len(l.scores)
	if n == 0 {
		return nil
	}
	const never = -math.MaxFloat32 / 4
	var now, next [states]float32
	for s := range now {
		now[s] = never
	}
	for y := range labelCount {
		now[2*y*pasts+pastOf[y]] = l.scores[0][2*y] + w.first[2*y] + l.past[0][y*pasts]
	}
	var active [pasts][]uint8
	var lists [states]uint8
	for i := 1; i < n; i++ {
		row, past, back := &l.scores[i], &l.past[i], &l.back[i]
		// What is far behind the best does not win any more.
		best := now[0]
		for _, x := range now {
			best = max(best, x)
		}
		for h := range pasts {
			list := lists[h*tagCount : h*tagCount : (h+1)*tagCount]
			for a := range tagCount {
				if now[a*pasts+h] > best-behind {
					list = append(list, uint8(a))
				}
			}
			active[h] = list
		}
		for s := range next {
			next[s] = never
		}
		for h, from := range active {
			if len(from) == 0 {
				continue
			}
			for y := range labelCount {
				b := 2 * y
				top, at := float32(never), uint8(0)
				for _, a := range from {
					if s := now[int(a)*pasts+h] + w.trans[a][b]; s > top {
						top, at = s, a
					}
				}
				top += row[b] + past[y*pasts+h]
				if to := b*pasts + max(h, pastOf[y]); top > next[to] {
					next[to], back[to] = top, at*pasts+uint8(h)
				}
				// on
				x, z := now[b*pasts+h]+w.trans[b][b+1], now[(b+1)*pasts+h]+w.trans[b+1][b+1]
				on := (b+1)*pasts + h
				if x >= z {
					next[on], back[on] = x+row[b+1], uint8(b*pasts+h)
				} else {
					next[on], back[on] = z+row[b+1], uint8(on)
				}
			}
		}
		now = next
	}
	top := 0
	for s := range states {
		if now[s] > now[top] {
			top = s
		}
	}
	for i := n - 1; i >= 0; i-- {
		l.path[i] = tag(top / pasts)
		top = int(l.back[i][top])
	}
	return l.path
}
