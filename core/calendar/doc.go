// Package calendar is the working time (工作时间) behind every legal clock:
// which instants are worked, when a limit (时限) that starts now is due, and how
// much of it is left when it was paused in between.
//
// A [Definition] is data: a time zone, the weekdays and shifts that are worked,
// the holiday sets that apply, and dated exceptions. [New] compiles it into a
// [Calendar], which never changes, is safe for concurrent use, and answers in
// well under a microsecond. Its [Calendar.Version] is a hash of everything that
// can move a due time, so that a clock can say what it was computed under, and
// an operator who corrects the calendar can find the clocks to recompute.
//
// China's statutory holidays and make-up working days (调休) are shipped as the
// set "cn" (see [China]). They are announced each autumn for the year after; a
// year that has not been announced is not covered ([Calendar.Covered]), the
// weekly pattern is assumed for it, and [Reading.Assumed] says so.
//
// # Limits
//
// A [Limit] is written as a number and a unit:
//
//	30m  2h  1h30m   elapsed time, by day and by night
//	2wh  45wm        working hours and minutes
//	5wd              working days (工作日)
//	15d              natural days (自然日)
//
// Days are counted as the Civil Code (《民法典》) has it: the day of
// commencement is not counted (第二百零一条), a last day that is not a working
// day gives way to the next one that is, and the last day ends when business
// does, or at 24:00 where there are no business hours (第二百零三条). A limit
// given in hours runs from its very start (第二百零一条第二款). Where a district
// rules otherwise (第二百零四条), the limit says so:
//
//	5wd rolling      to the same time of day, five working days on
//	5wd midnight     to 24:00 of the last day, whatever the business hours
//
// See [End] for the three conventions.
package calendar
