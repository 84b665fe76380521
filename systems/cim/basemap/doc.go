// Package basemap makes an offline base map: Mapbox Vector Tiles 2.1 in one PMTiles 3 archive,
// which a map in a browser reads by ranges of bytes, without any tile server.
//
// Its terms:
//
//	feature    a point, a line or a polygon with what is said of it, on a layer, from a zoom on
//	tile       a square of web Mercator at a zoom; its own 4096 steps on a side
//	archive    all tiles one after the other along a Hilbert curve, with a directory of them
package basemap
