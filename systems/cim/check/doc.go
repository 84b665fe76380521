// Package check says what is wrong with a model of a city that package ingest has read: which rule, how
// bad, of which object, where, in Chinese and in English. It changes nothing and guesses nothing.
//
// Its terms:
//
//	rule (规则)      one thing that can be wrong, by a code that does not change; a district's pack says how bad
//	                 it is there, its thresholds, and whether it is asked at all
//	finding (问题)   a rule that is broken, at a place
//	tolerance (容差) below which two places are one, or a surface is flat
//	report (报告)    all findings of a delivery, with what was read and by which tolerances
//	sheet (错误清单)  the findings as a table or as GeoJSON
//
// Geometry has the codes of val3dity (ISO 19107): 1xx of rings, 2xx of surfaces, 3xx of shells, 4xx of solids,
// 5xx of several. Beyond a ring that is wrong its surface is not judged, nor beyond a surface its shell.
package check
