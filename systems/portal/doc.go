// Package portal is the district's section (区专区) on a citizen's phone: boards of
// resources that the district and the city offer, shown while they work, and whatever is
// one's own.
//
// Its terms:
//
//	board (板块)        what resources stand together under
//	resource (资源)     a service of the district or the city: a page of this house or a link
//	probe (探测)        whether a resource answers: one that does not is hidden by itself
//	pass (登录票据)     what carries who is signed in to a resource elsewhere, once
//	active (月活)       a person or device that opened the section in a month
package portal
