package simulate

import "time"

// Note accompanies every generated appeal, outside its text.
const Note = "合成数据：由善治模拟器生成，不涉及任何真实的人和事"

// Secrecy (保密级别) says who may see the appellant.
type Secrecy string

const (
	Open         Secrecy = "open"         // 公开给承办单位
	Confidential Secrecy = "confidential" // 仅平台可见
	Anonymous    Secrecy = "anonymous"    // 全匿名: Appellant has no name, phone or number
)

// Appeal is one invented appeal: first what an intake would receive, then what
// only the generator knows.
type Appeal struct {
	No        int64 // 1, 2, 3 … in the order of Time
	Time      time.Time
	Channel   string // code in appeals/channels.csv
	Kind      string // code in appeals/kinds.csv
	Title     string
	Text      string
	Appellant Appellant
	Secrecy   Secrecy
	Location  Location

	Truth  Truth
	Course Course

	Synthetic bool   // always true
	Note      string // always Note
}

// Appellant is a synthetic citizen. The same ID is always the same person.
type Appellant struct {
	ID       int64 // 0 when anonymous
	Name     string
	Phone    string // eleven digits of the unassigned segment 160
	IDNumber string // 18 characters of the non-existent division 990000; mostly not given
}

// Location is what the appellant gave: a pin, an address, both or neither. It
// may be imprecise or wrong; Truth has the real place.
type Location struct {
	Pinned   bool
	Lon, Lat float64 // WGS-84, where Pinned
	Address  string
}

// Truth is what the appeal is really about.
type Truth struct {
	Item     string   // duty item
	Unit     string   // lead unit by the pack's rules
	Also     []Demand // what else the text asks for
	CoUnits  []string // shared between appeals: not to be changed
	Keywords []string // the words of the rules' conditions that stand in the text

	Street    string // codes of places.csv; empty where the matter has no place
	Community string
	Place     string // name in the gazetteer
	PlaceType string // its kind
	Lon, Lat  float64

	Matter   int64  // No of the first appeal about this matter; its own No for the first
	RepeatOf int64  // No of an earlier appeal of the same person about it
	Recurs   bool   // the matter had been closed and came back
	Topic    string // mass event, such as "storm-2025-06-12"; empty mostly

	Frequent     bool // the appellant is one of the few who call often
	WrongPlace   bool // text or address name a wrong or outdated place
	PersonalData bool // the text contains somebody's name, number, home or plate
	Sarcasm      bool
	Dialect      bool
	Typos        int
	Emergency    bool // belongs to 110, 119, 120 or 122 first
}

// Demand is a further thing that a text asks for.
type Demand struct {
	Item string // duty item
	Unit string // lead unit by the pack's rules
}

// Quality says what a reply is worth.
type Quality string

const (
	Solved    Quality = "solved"    // done, with date and measure
	Explained Quality = "explained" // honestly cannot be done, with the legal basis
	Formal    Quality = "formal"    // 形式办结: warm words and nothing else
)

// Course is how the appeal was handled. Times are instants of the whole story;
// those after "now" have simply not happened yet.
type Course struct {
	Refused string // code in appeals/refusals.csv: not accepted, nothing below is set
	Direct  bool   // answered on the spot by the agent; only Replied to Closed are set

	Dispatched time.Time // the first time
	FirstUnit  string    // differs from Truth.Unit when wrongly dispatched
	Returns    []Return
	Assigned   time.Time // to Truth.Unit
	Signed     time.Time
	Contacted  time.Time // zero: never, whatever the unit recorded
	Extended   time.Time // zero: no extension was granted
	Due        time.Time // of the handling limit, extension included
	Replied    time.Time
	Late       bool // Replied after Due
	Reply      Reply

	FirstRating int // 1 to 5, before the official visit; 0: not rated
	Redo        *Redo
	Visit       Visit
	Closed      time.Time
}

// Return is a unit's request to give the appeal back.
type Return struct {
	At      time.Time
	Unit    string
	Reason  string // code in appeals/return_reasons.csv
	Upheld  bool
	Decided time.Time
}

// Reply is the unit's answer.
type Reply struct {
	Text    string
	Quality Quality
}

// Redo is the second handling of an appeal whose first was not good enough.
type Redo struct {
	Ordered time.Time
	Replied time.Time
	Reply   Reply
}

// Visit is the official call back. An appellant who was not reached has said
// nothing.
type Visit struct {
	Attempts  int
	Reached   bool
	Contacted bool // says the unit had been in touch
	Solved    int  // 0 no, 1 partly, 2 yes
	Result    int  // satisfaction 1 to 5 with the result
	Manner    int  // with the manner
	Speed     int  // with the speed
}
