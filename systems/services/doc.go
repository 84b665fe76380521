// Package services is government services (政务服务): what a district does for people and
// enterprises on application.
//
// Its terms:
//
//	item (政务服务事项)             what may be applied for: its elements, as the law and its
//	                               department have them; versions are never changed
//	basic code (基本编码)           12 characters: 2 region, 2 type, 5 main item, 3 sub-item
//	                               (GB/T 39554.1-2020)
//	implementation code (实施编码)  31: credit code of the body, level, basic code; 33 with the
//	                               number of a 业务办理项
//	legal and promised days (法定、承诺时限)  what the law allows and what the department promises
//	decision pack (决策包)          what decides an instant approval (秒批): see core/rule
package services
