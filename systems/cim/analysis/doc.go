// Package analysis answers questions about a city in 3D by reckoning: where the sun shines
// and for how long, what is seen from where, how far water rises, what a pit cuts, what lies
// up and down a pipe. It knows no records and draws nothing; results say by which [Engine]
// they were reckoned, so that they can be reckoned again.
//
// Its terms:
//
//	plane       metres east, north and up of a place; see tiles.Plane
//	prism       what stands up from an outline between two heights: a floor, a building
//	scene       all prisms that may stand in the way, and the ground
//	true solar time (真太阳时)  by which the sun is in the south at twelve; Beijing's clock is ahead
//	            of it by four minutes a degree west of 120° and by the equation of time
//	standard day (标准日)  大寒 or 冬至: for which the law asks hours of sun
package analysis

// Engine is the version of the reckoning: raised when a result may differ.
const Engine = 1
