// Package halls is service halls (办事大厅): where people come, or call, to have
// something done, and how long they wait.
//
// Its terms:
//
//	hall, area, window (大厅、区域、窗口)  a window is comprehensive (综合) or special (专业)
//	                                and serves kinds of business by the channels it takes
//	kind (业务类别)                  what one takes a number for; a ticket may ask for several
//	ticket (号)                     one visit: its states are those of the Munich and Berlin
//	                                ZMS, see [TicketState]
//	booking (预约)                   a ticket before its person has come: it holds a slot
//	waiting and way time (等候、到窗) from the queue to the first call, and from the last
//	                                call to the window
//	sitting (在岗)                   a clerk at an open window
//	stuck case (办不成事)             what could not be got done at a window: flows/stuck.yaml
//	refusal log (否定答复)            every "no" said at a window
//	start-up pack (开办大礼包)        what a new enterprise is given, once
package halls
