// Package simulate gives a district a body: ground, roads, blocks, buildings with their
// floors and units, pipes and what stands beside the roads. All of it is made up, always the
// same of one seed, inside the real outline of the district and over hills that its pack
// names; nothing here is a real building or a real pipe.
//
// Its terms:
//
//	frame      a plane in metres that touches the globe at the district's middle; heights are
//	           metres above the pack's zero
//	lattice    the crossings of the roads: rows and columns, bent as a town's are
//	block      what four roads enclose (街坊), one use: village, estate, factory, office, school, green
//	building   a footprint, its floors and heights; a podium (裙楼) may be wider than what stands on it
//	unit       a room of a floor that is let or lived in by itself (户)
//	run        the pipes of a class between two wells
package simulate
