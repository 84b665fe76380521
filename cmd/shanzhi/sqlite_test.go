package main

import (
	"database/sql"
	"testing"
)

// execSQLite changes a file behind the program's back.
func execSQLite(t *testing.T, file, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}
