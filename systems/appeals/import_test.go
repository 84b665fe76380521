package appeals

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

// profileOf is a shipped profile.
func profileOf(t testing.TB, name string) *Profile {
	t.Helper()
	all, err := ShippedProfiles()
	if err != nil || all[name] == nil {
		t.Fatalf("profile %s: %v", name, err)
	}
	return all[name]
}

// bring imports a file and expects no error.
func (h *house) bring(t testing.TB, profile string, content []byte) ImportRun {
	t.Helper()
	run, err := h.Import(context.Background(), bytes.NewReader(content), int64(len(content)), Import{Profile: profileOf(t, profile), Piece: 200, Alone: true})
	if err != nil {
		t.Fatalf("%s: %v", profile, err)
	}
	if run.Read != run.Imported+run.Present+run.Refused || run.Read != run.Total {
		t.Fatalf("%s: rows are not accounted for: %+v", profile, run)
	}
	return run
}

func readShared(t testing.TB, elem ...string) []byte {
	t.Helper()
	raw, err := os.ReadFile(testkit.Shared(t, elem...))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// csvRows reads a file with nothing but encoding/csv, as maps by column.
func csvRows(t testing.TB, raw []byte) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, c := range all[0] {
			m[c] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// Every row of every real file is accounted for, and a second time all of them
// are there already.
func TestRealFilesImportOnceAndForAll(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		profile  string
		file     []string
		imported int64
		refused  int64
	}{
		{"pingshan", []string{"appeals", "pingshan_2018_first6000.csv"}, 6000, 0},
		{"messages_labelled", []string{"appeals", "messages_labelled_495.csv"}, 494, 1}, // one message stands under two categories
		{"messages_with_replies", []string{"appeals", "messages_with_replies_1000.csv"}, 1000, 0},
		{"messages_hot", []string{"appeals", "messages_hot_sample.csv"}, 30, 0},
		{"message_categories", []string{"appeals", "message_categories_517.csv"}, 517, 0},
		{"baltimore", []string{"us311", "baltimore_2000.csv"}, 2000, 0},
		{"nyc", []string{"us311", "nyc_500.csv"}, 500, 0},
	} {
		raw := readShared(t, c.file...)
		first := h.bring(t, c.profile, raw)
		if first.Imported != c.imported || first.Refused != c.refused || first.Present != 0 {
			t.Errorf("%s: imported %d, present %d, refused %d; want %d imported and %d refused", c.profile, first.Imported, first.Present, first.Refused, c.imported, c.refused)
		}
		t.Logf("%s: %d imported, notes %v", c.profile, first.Imported, first.Odd)
		again := h.bring(t, c.profile, raw)
		if again.Imported != 0 || again.Present != c.imported || again.Refused != c.refused || again.ID == first.ID {
			t.Errorf("%s, again: %+v", c.profile, again)
		}
		if c.profile == "message_categories" {
			continue
		}
		if n := h.count(t, `SELECT count(*) FROM appeal WHERE source = ?`, c.profile); n != c.imported {
			t.Errorf("%s: %d appeals", c.profile, n)
		}
	}
}

func TestPingshanSpeed(t *testing.T) {
	testkit.Slow(t)
	raw := readShared(t, "appeals", "pingshan_2018_first6000.csv")
	head, body, _ := bytes.Cut(raw, []byte("\n"))
	var big bytes.Buffer
	big.Write(head)
	big.WriteByte('\n')
	for i := range 50 {
		for line := range bytes.SplitSeq(body, []byte("\n")) {
			if len(line) > 0 {
				fmt.Fprintf(&big, "%d-%s\n", i, line)
			}
		}
	}
	h := newHouse(t)
	began := time.Now()
	run, err := h.Import(context.Background(), bytes.NewReader(big.Bytes()), int64(big.Len()), Import{Profile: profileOf(t, "pingshan"), Piece: 4000, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(began).Seconds()
	t.Logf("%d rows in %.1f s: %.0f rows/s", run.Imported, took, float64(run.Imported)/took)
}

// The asserted late counts by unit and month equal a pivot that knows nothing of
// this system.
func TestAssertedLateEqualsThePivot(t *testing.T) { bothStores(t, assertedLateEqualsThePivot) }

func assertedLateEqualsThePivot(t *testing.T, h *house) {
	raw := readShared(t, "appeals", "pingshan_2018_first6000.csv")
	h.bring(t, "pingshan", raw)
	pivot := map[[2]string][2]int64{}
	for _, r := range csvRows(t, raw) {
		unit := r["DISPOSE_UNIT_NAME"]
		if unit == "-" {
			unit = ""
		}
		k := [2]string{unit, r["CREATE_TIME"][:7]}
		v := pivot[k]
		v[0]++
		if r["ARCHIVE_STATUS"] == "overtime" {
			v[1]++
		}
		pivot[k] = v
	}
	compare := func(what string) {
		t.Helper()
		got, err := h.AssertedLate(context.Background(), "pingshan")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(pivot) {
			t.Errorf("%s: %d lines, the pivot has %d", what, len(got), len(pivot))
		}
		for _, c := range got {
			if v := pivot[[2]string{c.Unit, c.Month}]; v != [2]int64{c.Total, c.Late} {
				t.Errorf("%s: %s %s: %d of %d late; the pivot says %d of %d", what, c.Unit, c.Month, c.Late, c.Total, v[1], v[0])
			}
		}
	}
	compare("as spelled")

	// A decision that two spellings are one unit moves the counts of one under
	// the other.
	err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
		return h.decideUnit(ctx, tx, unitAlias{Source: "pingshan", Name: "六联社区（坪山街道办事处）", Canonical: "六联社区", Accepted: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range pivot {
		if k[0] == "六联社区（坪山街道办事处）" {
			into := [2]string{"六联社区", k[1]}
			pivot[into] = [2]int64{pivot[into][0] + v[0], pivot[into][1] + v[1]}
			delete(pivot, k)
		}
	}
	compare("merged")
}

// What is another district's keeps its names and gets no codes of ours; its
// order in time is the source's; its history folds to what is stored.
func TestPingshanStaysPingshan(t *testing.T) {
	raw := readShared(t, "appeals", "pingshan_2018_first6000.csv")
	h := newHouse(t)
	run := h.bring(t, "pingshan", raw)
	ctx := context.Background()
	for what, query := range map[string]string{
		"a unit of ours":        `SELECT count(*) FROM matter WHERE unit <> ''`,
		"a place of ours":       `SELECT count(*) FROM appeal WHERE street <> '' OR community <> ''`,
		"an item of ours":       `SELECT count(*) FROM matter WHERE item <> ''`,
		"an open appeal":        `SELECT count(*) FROM matter WHERE open`,
		"a desk":                `SELECT count(*) FROM matter WHERE desk <> ''`,
		"a clock":               `SELECT count(*) FROM matter_clock`,
		"a closing of its own":  `SELECT count(*) FROM matter WHERE closed_at <> opened_at`,
		"an identified citizen": `SELECT count(*) FROM matter WHERE applicant IS NOT NULL`,
	} {
		if n := h.count(t, query); n != 0 {
			t.Errorf("%d appeals of Pingshan have %s", n, what)
		}
	}
	if n := h.count(t, `SELECT count(*) FROM audit WHERE action = 'appeal.import'`); n != 1 {
		t.Errorf("%d audit records stand for the import", n)
	}
	if run.Odd["closed_unknown"] != 6000 {
		t.Errorf("the missing times of closing were noted %d times", run.Odd["closed_unknown"])
	}
	type line struct {
		ID       store.ID
		OpenedAt store.Time
		Asserted string
		Street   string
	}
	lines, err := store.Select[line](ctx, h.Store, `SELECT m.id, m.opened_at, a.asserted, a.street FROM matter m JOIN appeal a ON a.id = m.id ORDER BY m.id`)
	if err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(lines); i++ {
		if lines[i].OpenedAt.Before(lines[i-1].OpenedAt.Time) {
			t.Fatalf("by key, %v comes after %v", lines[i].OpenedAt, lines[i-1].OpenedAt)
		}
	}
	var asserted map[string]any
	if err := json.Unmarshal([]byte(lines[0].Asserted), &asserted); err != nil || asserted["district"] != "坪山区" || asserted["closed_unknown"] != true {
		t.Errorf("asserted: %v %v", asserted, err)
	}
	for i := 0; i < len(lines); i += 997 {
		if diff, err := h.Engine.Verify(ctx, h.Store, lines[i].ID); err != nil || len(diff) > 0 {
			t.Errorf("matter %s: %v %v", lines[i].ID, diff, err)
		}
	}
	// The projections are those that the rows give.
	if n := h.count(t, `SELECT sum(n) FROM appeal_tally WHERE measure = 'filed' AND dim = 'all'`); n != 6000 {
		t.Errorf("the board counts %d filed", n)
	}
	if n := h.count(t, `SELECT sum(n) FROM appeal_tally WHERE measure = 'closed' AND dim = 'all'`); n != 6000 {
		t.Errorf("the board counts %d closed", n)
	}
	rows, _, err := h.list(ctx, account.Scope{All: true}, Filter{Q: "通讯井盖", Limit: 10})
	if err != nil || len(rows) == 0 {
		t.Errorf("search: %d rows, %v", len(rows), err)
	}
}

func TestBaltimoreKeepsItsDueDates(t *testing.T) {
	raw := readShared(t, "us311", "baltimore_2000.csv")
	h := newHouse(t)
	h.bring(t, "baltimore", raw)
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		External    string
		OpenedAt    store.Time
		ClosedAt    store.Time
		AssertedDue store.Time
		State       string
		Lon, Lat    *float64
	}
	lines, err := store.Select[line](context.Background(), h.Store, `SELECT a.external, m.opened_at, m.closed_at, a.asserted_due, m.state, a.lon, a.lat FROM matter m JOIN appeal a ON a.id = m.id`)
	if err != nil {
		t.Fatal(err)
	}
	byNumber := map[string]line{}
	for _, l := range lines {
		byNumber[l.External] = l
	}
	same := func(what, number, cell string, got store.Time) {
		t.Helper()
		if cell == "" {
			if !got.IsZero() {
				t.Errorf("%s: %s is %v where the file has none", number, what, got)
			}
			return
		}
		if want, err := time.ParseInLocation("01/02/2006 03:04:05 PM", cell, zone); err != nil || !want.Equal(got.Time) {
			t.Errorf("%s: %s is %v, the file says %s", number, what, got, cell)
		}
	}
	for _, r := range csvRows(t, raw) {
		n := r["SRRecordID"]
		l, ok := byNumber[n]
		if !ok {
			t.Fatalf("%s is not here", n)
		}
		same("opened", n, r["CreatedDate"], l.OpenedAt)
		same("due", n, r["DueDate"], l.AssertedDue)
		same("closed", n, r["CloseDate"], l.ClosedAt)
		if rounded := !strings.Contains(r["Latitude"], ".") || !strings.Contains(r["Longitude"], "."); rounded != (l.Lon == nil) {
			t.Errorf("%s: the coordinates %s, %s became %v", n, r["Latitude"], r["Longitude"], l.Lon)
		}
		if closed := strings.HasPrefix(r["SRStatus"], "Closed"); closed != (l.State == "closed") {
			t.Errorf("%s: %s became %s", n, r["SRStatus"], l.State)
		}
	}
}

func TestMessagesKeepTheirAppellantApart(t *testing.T) {
	raw := readShared(t, "appeals", "messages_with_replies_1000.csv")
	h := newHouse(t)
	h.bring(t, "messages_with_replies", raw)
	users := map[string]bool{}
	for _, r := range csvRows(t, raw) {
		users[strings.TrimSpace(r["留言用户"])] = true
	}
	if n := h.count(t, `SELECT count(*) FROM vault_person`); n != int64(len(users)) {
		t.Errorf("%d persons for %d users", n, len(users))
	}
	if n := h.count(t, `SELECT count(*) FROM matter WHERE applicant IS NULL`); n != 0 {
		t.Errorf("%d messages have no appellant", n)
	}
	if n := h.count(t, `SELECT count(*) FROM appeal WHERE reply <> '' AND replied_at IS NOT NULL`); n != 1000 {
		t.Errorf("%d replies", n)
	}
	if err := h.Store.Close(); err != nil {
		t.Fatal(err)
	}
	user := strings.TrimSpace(csvRows(t, raw)[0]["留言用户"])
	if found := grepFolder(t, h.folder, user); len(found) > 0 {
		t.Fatalf("the user's name stands in clear in %v", found)
	}
}

// grepFolder lists the files below a folder that hold a text.
func grepFolder(t testing.TB, folder, needle string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(needle)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
