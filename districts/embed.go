// Package districts carries the district packs (区情包): everything a district
// may want different, as data. Each folder is one pack; its README says what
// its files mean.
package districts

import "embed"

// FS holds the packs, one folder each, named by the pack's id.
//
//go:embed baoan/README.md baoan/*.yaml baoan/*.csv baoan/*.geojson baoan/calendars/*.yaml baoan/appeals/* baoan/services/* baoan/halls/* baoan/portal/* baoan/cim/*
var FS embed.FS
