package check

import (
	"fmt"

	"shanzhi/systems/cim/ingest"
)

// Vec is a place on the plane of a model, in metres.
type Vec = ingest.Vec

// Breach is a rule that is broken, at a place.
type Breach struct {
	Code     string           `json:"code"`
	Severity Severity         `json:"severity" enum:"error,warning,notice"`
	Object   string           `json:"object,omitempty" doc:"Identifier in the file"`
	Other    string           `json:"other,omitempty" doc:"The second of two objects"`
	Part     string           `json:"part,omitempty" doc:"Geometry, shell, face and ring, from 0"`
	At       *Vec             `json:"at,omitempty" doc:"Longitude and latitude (WGS-84), metres"`
	Written  *Vec             `json:"xyz,omitempty" doc:"In the numbers of the file"`
	Measure  *float64         `json:"measure,omitempty" doc:"What was measured, in metres but where the message says otherwise"`
	More     int              `json:"more,omitempty" doc:"How many of the same object and code were not listed"`
	Where    ingest.FileWhere `json:"where"`
	Zh       string           `json:"zh"`
	En       string           `json:"en"`

	Number int  `json:"-"` // of the object in the model, -1 none
	Flat   *Vec `json:"-"` // on the model's plane
}

// CodeCount is how often a rule was broken.
type CodeCount struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Zh       string   `json:"zh"`
	En       string   `json:"en"`
	N        int      `json:"n"`
}

// CityReport is what was read and what is wrong with it.
type CityReport struct {
	File      string             `json:"file"`
	Format    string             `json:"format"`
	Version   string             `json:"version,omitempty"`
	Declared  string             `json:"declared,omitempty" doc:"The system that the file names"`
	System    string             `json:"system,omitempty" doc:"The system that it was taken to be in"`
	Heights   ingest.CityHeights `json:"heights"`
	Tolerance CityTolerance      `json:"tolerance"`
	Bounds    *[4]float64        `json:"bounds,omitempty" doc:"West, south, east, north, WGS-84"`
	Read      map[string]int     `json:"read" doc:"What was read, by kind"`
	Kinds     map[string]int     `json:"kinds,omitempty" doc:"Objects by their kind"`
	Left      map[string]int     `json:"left,omitempty" doc:"What was passed over"`
	Errors    int                `json:"errors"`
	Warnings  int                `json:"warnings"`
	Notices   int                `json:"notices"`
	Codes     []CodeCount        `json:"codes"`
	Refused   string             `json:"refused,omitempty" doc:"Why it cannot be imported whatever its objects are: a code"`
	Findings  []Breach           `json:"findings"`
	Suggest   *SystemHint        `json:"suggest,omitempty"`
	Engine    int                `json:"engine"`
}

// Engine is the version of the rules: raised when a result may differ.
const Engine = 1

// most is how many findings of one code are listed for one object, mostAll how many in all; all are counted.
const (
	most    = 8
	mostAll = 100_000
)

// findings gathers what is found; one per goroutine.
type findings struct {
	m     *ingest.Model
	rules *Rules
	list  []Breach
	per   map[string]int // of the object at hand, by code
	last  map[string]int // the finding of it that stands for the rest
}

// begin is called before each object.
func (f *findings) begin() {
	f.per, f.last = map[string]int{}, map[string]int{}
}

// asks reports whether a rule is asked at all.
func (f *findings) asks(codes ...string) bool {
	for _, c := range codes {
		if f.rules.severe[c] != Off {
			return true
		}
	}
	return false
}

// found notes a broken rule at a place on the model's plane.
func (f *findings) found(code string, number int, part string, at *Vec, zh, en string, args ...any) *Breach {
	severe := f.rules.severe[code]
	if severe == Off {
		return nil
	}
	if f.per != nil {
		if f.per[code]++; f.per[code] > most {
			f.list[f.last[code]].More++
			return nil
		}
		f.last[code] = len(f.list)
	}
	x := Breach{Code: code, Severity: severe, Part: part, Number: number, Zh: zh, En: en}
	if len(args) > 0 {
		x.Zh, x.En = fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)
	}
	if number >= 0 {
		o := &f.m.Objects[number]
		x.Object, x.Where = o.ID, o.Where
	}
	if at != nil {
		v := *at
		x.Flat = &v
	}
	f.list = append(f.list, x)
	return &f.list[len(f.list)-1]
}

func (x *Breach) measured(v float64) *Breach {
	if x != nil {
		x.Measure = &v
	}
	return x
}

func (x *Breach) with(other string) *Breach {
	if x != nil {
		x.Other = other
	}
	return x
}

func (x *Breach) say(zh, en string) *Breach {
	if x != nil {
		x.Zh, x.En = zh, en
	}
	return x
}
