package check

// kind of pipe by the rows of table 4.1.14 of GB 50289-2016.
type clearanceKind int8

const (
	supply       clearanceKind = iota // 给水
	drain                             // 污水、雨水
	heat                              // 热力
	gas                               // 燃气
	telecomPlain                      // 通信，直埋
	telecomCased                      // 通信，保护管及通道
	powerPlain                        // 电力，直埋
	powerCased                        // 电力，保护管
	reclaimed                         // 再生水
)

func clearanceKindOf(class string, cased bool) (clearanceKind, bool) {
	switch class {
	case "JS":
		return supply, true
	case "PS", "YS", "WS":
		return drain, true
	case "RL":
		return heat, true
	case "RQ":
		return gas, true
	case "TX":
		if cased {
			return telecomCased, true
		}
		return telecomPlain, true
	case "DL":
		if cased {
			return powerCased, true
		}
		return powerPlain, true
	case "ZS":
		return reclaimed, true
	}
	return 0, false
}

// clearances are the least vertical distances between the outsides of two pipes that cross, in metres:
// GB 50289-2016 城市工程管线综合规划规范, 4.1.14, the part of its table that is about pipes. Where power is buried plainly
// 0.25 m is enough with a plate between them (note of the table), which no survey says.
var clearances = [9][9]float64{
	supply:       {0.15},
	drain:        {0.40, 0.15},
	heat:         {0.15, 0.15, 0.15},
	gas:          {0.15, 0.15, 0.15, 0.15},
	telecomPlain: {0.50, 0.50, 0.25, 0.50, 0.25},
	telecomCased: {0.15, 0.15, 0.25, 0.15, 0.25, 0.25},
	powerPlain:   {0.50, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50},
	powerCased:   {0.25, 0.25, 0.25, 0.15, 0.25, 0.25, 0.25, 0.25},
	reclaimed:    {0.50, 0.40, 0.15, 0.15, 0.15, 0.15, 0.50, 0.25, 0.15},
}

// Clearance is how far two crossing pipes must lie apart; ok is false where the table has not both.
func Clearance(a string, aCased bool, b string, bCased bool) (metres float64, ok bool) {
	x, xok := clearanceKindOf(a, aCased)
	y, yok := clearanceKindOf(b, bCased)
	return clearances[max(x, y)][min(x, y)], xok && yok
}
