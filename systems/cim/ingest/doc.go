// Package ingest reads what others hand over of a city into one model: objects with their
// shapes by level of detail, pipes and wells, grids of heights, clouds of points, tilesets.
// It judges nothing but whether a file can be read; what is wrong with what it says is for
// package check.
//
// Two rules run through it. A coordinate without its system is not a place: a file that does
// not declare one is read, and located nowhere until somebody says which it is. And nothing
// is dropped in silence: what could not be read is a [FileFault] with its place in the file, what
// was passed over is counted in [Model.Left].
//
// Its terms:
//
//	model (模型)       what a file, or files handed in together, hold
//	object (要素)      a thing of it with attributes and shapes: a building, a road, a well
//	shape (几何)       points, lines, surfaces or a solid of one level of detail
//	net (管网)         pipe points and pipe lines of a survey, of EPANET or of SWMM
//	frame (坐标参考系)  the system that coordinates are in
//	heights (高程基准)  what heights are over: 1985, the ellipsoid, a local zero
package ingest
