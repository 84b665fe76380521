package table

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseTime reads a date, or a date and a time, that a person or a program
// wrote, in the given time zone (nil is UTC) unless it names its offset. day
// reports that there was a date alone; t is then its midnight.
//
// Layouts are tried in turn. Each is a name or a layout of package time:
//
//	ymd    2020/1/6 12:09:38, 2018-02-08, 2020年1月6日 上午9时5分, 20180208,
//	       2023-12-10T12:00:00.000, 2023-12-10T12:00:00+08:00
//	mdy    04/12/2018 11:11:26 AM
//	dmy    13/10/2021, 13.10.2021 18:30
//	excel  43139.5, days since 1899-12-30
//
// No layouts mean ymd alone: whether 04/12 is in April or in December is for
// the one who knows the file to say. Years have four digits. Text around the
// date, impossible dates (02-30) and times are refused; 24:00 is the midnight
// that ends the day. The error does not repeat the text, which may be anything.
func ParseTime(s string, layouts []string, zone *time.Location) (t time.Time, day bool, err error) {
	if len(layouts) == 0 {
		layouts = []string{"ymd"}
	}
	if zone == nil {
		zone = time.UTC
	}
	s = foldDigits(trim(s))
	for _, layout := range layouts {
		switch layout {
		case "ymd", "mdy", "dmy":
			t, day, err = parseOrdered(s, layout, zone)
		case "excel":
			var f float64
			if f, err = strconv.ParseFloat(s, 64); err == nil {
				t, err = fromSerial(f, zone)
				day = f == math.Trunc(f)
			}
		default:
			t, err = time.ParseInLocation(layout, s, zone)
			day = showsDayAlone(layout)
		}
		if err == nil {
			return t, day, nil
		}
	}
	return time.Time{}, false, fmt.Errorf("not a date of the form %s", strings.Join(layouts, " or "))
}

// showsDayAlone reports whether a layout of package time has no time of day.
func showsDayAlone(layout string) bool {
	midnight := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	return midnight.Format(layout) == midnight.Add(11*time.Hour+11*time.Minute+11*time.Second).Format(layout)
}

// foldDigits makes full-width digits and signs ordinary ones.
func foldDigits(s string) string {
	for i := range len(s) {
		if s[i] == 0xEF {
			return strings.Map(func(r rune) rune {
				if r >= '！' && r <= '～' {
					return r - '！' + '!'
				}
				return r
			}, s)
		}
	}
	return s
}

var errDate = errors.New("not a date")

// scanner walks over the text of a date.
type scanner string

// number takes between low and high digits.
func (s *scanner) number(low, high int) (int, bool) {
	n, i := 0, 0
	for i < len(*s) && i < high && (*s)[i] >= '0' && (*s)[i] <= '9' {
		n = n*10 + int((*s)[i]-'0')
		i++
	}
	*s = (*s)[i:]
	return n, i >= low
}

// take takes the first of the words that comes next, whatever its case.
func (s *scanner) take(words ...string) string {
	for _, w := range words {
		if len(*s) >= len(w) && strings.EqualFold(string((*s)[:len(w)]), w) {
			*s = (*s)[len(w):]
			return w
		}
	}
	return ""
}

func (s *scanner) spaces() bool {
	trimmed := scanner(trimLeft(string(*s)))
	moved := len(trimmed) < len(*s)
	*s = trimmed
	return moved
}

func trimLeft(s string) string { return strings.TrimLeft(s, " \t\u00a0\u202f\u3000") }

func parseOrdered(text, order string, zone *time.Location) (time.Time, bool, error) {
	s := scanner(text)
	var year, month, date int
	ok, apart := true, false
	if order == "ymd" {
		var compact bool
		year, ok = s.number(4, 4)
		if ok && len(s) >= 4 && s[0] >= '0' && s[0] <= '9' {
			compact = true
			month, _ = s.number(2, 2)
			date, ok = s.number(2, 2)
		} else if sep := s.take("-", "/", ".", "年"); ok && sep != "" {
			s.spaces()
			var ok1, ok2 bool
			month, ok1 = s.number(1, 2)
			if sep == "年" {
				sep = "月"
			}
			ok1 = ok1 && s.take(sep) != ""
			s.spaces()
			date, ok2 = s.number(1, 2)
			if sep == "月" {
				apart = s.take("日", "号") != ""
			}
			ok = ok1 && ok2
		} else {
			ok = false
		}
		if compact && ok && len(s) > 0 && s[0] >= '0' && s[0] <= '9' {
			return parseCompactClock(s, year, month, date, zone)
		}
	} else {
		first, ok1 := s.number(1, 2)
		sep := s.take("/", "-", ".")
		second, ok2 := s.number(1, 2)
		ok2 = ok2 && sep != "" && s.take(sep) != ""
		var ok3 bool
		year, ok3 = s.number(4, 4)
		month, date = first, second
		if order == "dmy" {
			month, date = second, first
		}
		ok = ok1 && ok2 && ok3
	}
	if !ok || !validDate(year, month, date) {
		return time.Time{}, false, errDate
	}
	if s == "" {
		return time.Date(year, time.Month(month), date, 0, 0, 0, 0, zone), true, nil
	}
	return parseClock(s, apart, year, month, date, zone)
}

func validDate(year, month, date int) bool {
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	return year >= 1000 && t.Month() == time.Month(month) && t.Day() == date && date > 0
}

// parseCompactClock reads the rest of 20180208120938 or 201802081209.
func parseCompactClock(s scanner, year, month, date int, zone *time.Location) (time.Time, bool, error) {
	hour, ok1 := s.number(2, 2)
	minute, ok2 := s.number(2, 2)
	second := 0
	ok3 := true
	if s != "" {
		second, ok3 = s.number(2, 2)
	}
	if !ok1 || !ok2 || !ok3 || s != "" || hour > 23 || minute > 59 || second > 59 || !validDate(year, month, date) {
		return time.Time{}, false, errDate
	}
	return time.Date(year, time.Month(month), date, hour, minute, second, 0, zone), false, nil
}

// parseClock reads the time of day after a date; apart says that nothing needs
// to stand between the two.
func parseClock(s scanner, apart bool, year, month, date int, zone *time.Location) (time.Time, bool, error) {
	if !s.spaces() && s.take("T") == "" && !apart {
		return time.Time{}, false, errDate
	}
	half := s.take("上午", "下午", "AM", "PM")
	s.spaces()
	hour, ok := s.number(1, 2)
	ok = ok && s.take(":", "时", "點", "点") != ""
	minute, okMinute := s.number(1, 2)
	s.take("分")
	var second, nanos int
	if s.take(":") != "" || s != "" && s[0] >= '0' && s[0] <= '9' {
		var okSecond bool
		second, okSecond = s.number(1, 2)
		ok = ok && okSecond
		if s.take(".", ",") != "" {
			digits := len(s)
			fraction, okFraction := s.number(1, 9)
			for digits -= len(s); digits < 9; digits++ {
				fraction *= 10
			}
			nanos, ok = fraction, ok && okFraction
		}
		s.take("秒")
	}
	s.spaces()
	if half == "" {
		half = s.take("AM", "PM", "A.M.", "P.M.")
		s.spaces()
	}
	if half != "" {
		if hour < 1 || hour > 12 {
			return time.Time{}, false, errDate
		}
		hour %= 12
		if half == "下午" || half[0] == 'P' {
			hour += 12
		}
	}
	if s.take("Z") != "" {
		zone = time.UTC
	} else if sign := s.take("+", "-"); sign != "" {
		hours, ok1 := s.number(2, 2)
		s.take(":")
		minutes, ok2 := s.number(2, 2)
		if !ok1 || !ok2 || hours > 14 || minutes > 59 {
			return time.Time{}, false, errDate
		}
		offset := hours*3600 + minutes*60
		if sign == "-" {
			offset = -offset
		}
		zone = time.FixedZone("", offset)
	}
	midnight := hour == 24 && minute == 0 && second == 0 && nanos == 0
	if !ok || !okMinute || s != "" || hour > 23 && !midnight || minute > 59 || second > 59 {
		return time.Time{}, false, errDate
	}
	return time.Date(year, time.Month(month), date, hour, minute, second, nanos, zone), false, nil
}

// fromSerial reads the serial number of a spreadsheet's 1900 date system, to
// the millisecond. Number 60 is a 29 February that 1900 did not have.
func fromSerial(f float64, zone *time.Location) (time.Time, error) {
	if !(f >= 1 && f < 2958466) || math.Trunc(f) == 60 {
		return time.Time{}, errDate
	}
	days := math.Trunc(f)
	millis := int(math.Round((f - days) * 86400e3))
	if days < 60 {
		days++
	}
	return time.Date(1899, 12, 30+int(days), 0, 0, millis/1000, millis%1000*1e6, zone), nil
}
