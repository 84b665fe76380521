// Package table reads and writes the spreadsheets that people hand over:
// delimited text in whatever encoding, and XLSX workbooks.
//
// A [Reader] streams. [Open] looks at the start of the file and settles what
// was not given in [Options]: the encoding, the delimiter, the sheet, the rows
// before the header, the header itself. [Reader.Format] says what it settled
// on, so that a person can look and overrule it. Every [Row] carries the line
// on which it begins in its source, and what was odd about it as [Flaws];
// nothing is dropped or repaired in silence: what is short, long, undecodable
// or rounded is delivered and marked, and what cannot be delivered (a file cut
// inside a quoted cell, a cell beyond the limits, a broken archive) is an
// [Error] with its line, after all rows before it.
//
// [NewCSV] and [NewXLSX] write, escaping what a spreadsheet program would run as
// a formula, and [NewRejects] writes the rows that an import refused, each with
// its line and reason, in a form that can be corrected and handed in again.
// [ParseTime] reads dates as people type them and never guesses which of two
// numbers is the month.
package table
