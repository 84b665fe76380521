package calendar_test

import (
	"fmt"
	"time"

	"shanzhi/core/calendar"
)

// Five working days that begin before the Spring Festival of 2026, and the same
// clock after it stood still for a day and a morning of work: the last day is a
// Saturday, worked as a make-up day.
func Example() {
	definition, err := calendar.ParseDefinition([]byte(`
name: office
zone: Asia/Shanghai
kind: working
days: [mon, tue, wed, thu, fri]
shifts: 09:00-12:00, 14:00-18:00
holidays: [cn]
`))
	if err != nil {
		panic(err)
	}
	c, err := calendar.New(definition)
	if err != nil {
		panic(err)
	}
	clock := calendar.Clock{
		Start: time.Date(2026, 2, 12, 10, 0, 0, 0, c.Zone()),
		Limit: calendar.MustLimit("5wd"),
	}
	fmt.Println(c.Add(clock.Start, clock.Limit))

	clock.Pauses = []calendar.Pause{{
		From: time.Date(2026, 2, 13, 9, 0, 0, 0, c.Zone()),
		To:   time.Date(2026, 2, 14, 12, 0, 0, 0, c.Zone()),
	}}
	reading := c.Read(clock, time.Date(2026, 2, 25, 9, 0, 0, 0, c.Zone()))
	fmt.Println(reading.Due, reading.Remaining, reading.Assumed)
	// Output:
	// 2026-02-26 18:00:00 +0800 CST
	// 2026-02-28 12:00:00 +0800 CST 24h0m0s false
}
