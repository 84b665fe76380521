// Package place is where things are: points in the coordinate systems that
// Chinese maps use, codes of administrative divisions in their schemes, areas
// and which of them hold a point, and the places that a text names.
//
// Three rules run through it.
//
// A coordinate without its system is not a place: the same pair of numbers is
// 500 metres elsewhere in GCJ-02, and files rarely say. [Point] carries its
// [CRS], and [ReadAreas] asks for it.
//
// A code without its scheme is not a division: 440306006 is 石岩街道 in one
// public list and 松岗街道 in another. [Code] carries its [Scheme], codes of
// different schemes are never equal, and two lists are joined by [Compare],
// which shows where they contradict each other.
//
// A name that fits two places is not an answer: a [Gazetteer] says how sure it
// is, and names the rivals instead of choosing among equals.
package place
