// Package tiles makes 3D Tiles 1.1 (OGC 22-025r4) of what stands in a district: an implicit
// quadtree of glTF 2.0, whose tiles say of each triangle which building, floor or unit it is
// of, so that what is picked on any level answers with the same code.
//
// Its terms:
//
//	solid      what stands up from an outline between two heights
//	feature    what a solid is of: a row of the tile's property table (EXT_structural_metadata)
//	level      the further down, the finer: shells of large buildings, of all, floors, units
//	error      how much a level leaves out, in metres (geometricError): what is smaller is not on it
//	tile       a cell of a level, of the buildings whose middle lies in it; its bounding region
//	           holds them whole, also where they reach over the cell's edge
//	subtree    which tiles of several levels there are, as bits in Morton order
//
// What changes (vacancy, rent, alarms) is never in a tile: it is asked for by code.
package tiles
