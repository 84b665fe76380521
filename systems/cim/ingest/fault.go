package ingest

import (
	"fmt"
	"io"
	"slices"
)

// FileWhere is a place in a file.
type FileWhere struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty" doc:"From 1, of text"`
	Offset int64  `json:"offset,omitempty" doc:"Byte, from 0"`
	Path   string `json:"path,omitempty" doc:"In it: a JSON pointer, a layer and row"`
}

// String says it in one line.
func (w FileWhere) String() string {
	out := w.File
	if w.Line > 0 {
		out += fmt.Sprintf(":%d", w.Line)
	} else if w.Offset > 0 {
		out += fmt.Sprintf("@%d", w.Offset)
	}
	if w.Path != "" {
		out += " " + w.Path
	}
	return out
}

// FileFault is what could not be read. Returned as an error it ends the reading; in
// [Model.Faults] the rest was read all the same.
type FileFault struct {
	Code   string    `json:"code"` // stable
	Object string    `json:"object,omitempty"`
	Where  FileWhere `json:"where"`
	Zh     string    `json:"zh"`
	En     string    `json:"en"`
}

// Error implements error, in English.
func (f *FileFault) Error() string {
	if w := f.Where.String(); w != "" {
		return w + ": " + f.En
	}
	return f.En
}

// The codes of faults.
const (
	FaultUnknown  = "unknown_format" // no format that is read here
	FaultBroken   = "broken"         // the file does not follow its format
	FaultCut      = "cut_off"        // it ends too early
	FaultLimit    = "too_large"      // beyond a limit
	FaultMissing  = "missing_part"   // a file that belongs to it is not there
	FaultText     = "encoding"       // characters that cannot be read
	FaultSystem   = "unknown_system" // its reference system is not known here
	FaultRefers   = "dangling_index" // it refers to what is not there
	FaultNumber   = "bad_number"
	FaultSupport  = "unsupported" // in order, and not read here
	FaultNothing  = "empty"
	FaultColumns  = "no_columns"
	FaultRepeated = "repeated_id"
)

func fault(code string, at FileWhere, zh, en string, args ...any) *FileFault {
	return &FileFault{Code: code, Where: at, Zh: fmt.Sprintf(zh, args...), En: fmt.Sprintf(en, args...)}
}

// mostFaults is how many faults are kept; the rest is counted.
const mostFaults = 10000

// lines counts the lines of what is read through it, so that an offset becomes a line.
type lines struct {
	r    io.Reader
	at   int64
	ends []int64 // offsets of the ends of lines
}

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.at+int64(i))
		}
	}
	l.at += int64(n)
	return n, err
}

// line is that of an offset, from 1.
func (l *lines) line(offset int64) int {
	n, _ := slices.BinarySearch(l.ends, offset)
	return n + 1
}
