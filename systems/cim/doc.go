// Package cim is the district's map of what stands (CIM 块数据): buildings, floors and
// units with their codes and their past, addresses brought to them, and who and what
// is linked to each.
//
// Its terms:
//
//	register (底账)       what stands and has a code; its law is core/place
//	unit (房屋)           a room with a 25-digit code; a building has one of 19
//	sheet (楼盘表)        a building's floors and units as a table
//	match (匹配)          an address brought to its building and unit
//	batch (批量)          a table of addresses matched at once
//	review (复核)         a match that is not sure, looked at by a person, from whom the register learns another name
//	link (关联)           a person, an enterprise, a house or a matter at a unit: its role, source, confidence and days
//	look (查询)           who was where on a day: for a purpose, logged
package cim
