// Package address reads Chinese addresses as people write them and finds the
// building and the room that they mean.
//
// Its terms:
//
//	label (标签)    what a part of an address is: a road, a building, a room; see [Labels]
//	parse (解析)    an address into labelled parts, by [Parser]
//	register (底账) the addresses of what stands, by [Index]
//	match (匹配)    an address to an entry of the register, with its confidence and rivals
package address
