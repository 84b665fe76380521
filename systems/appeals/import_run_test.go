package appeals

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"shanzhi/core/store"
	"shanzhi/internal/testkit"
)

// sheet is a spreadsheet that profile small reads, of n rows.
func sheet(n int) []byte {
	var b bytes.Buffer
	b.WriteString("no,at,text\n")
	for i := range n {
		fmt.Fprintf(&b, "A%05d,2021-03-%02d 08:%02d:00,第 %d 盏路灯不亮\n", i, 1+i%28, i%60, i)
	}
	return b.Bytes()
}

func mustProfile(t testing.TB, body string) *Profile {
	t.Helper()
	p, err := ReadProfile([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func importBytes(ctx context.Context, s *Service, p *Profile, content []byte, o Import) (ImportRun, error) {
	o.Profile = p
	return s.Import(ctx, bytes.NewReader(content), int64(len(content)), o)
}

// A run that is interrupted in the middle is continued by the next start, and
// nothing is lost or doubled.
func TestImportIsContinuedWhereItWas(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		const n = 500
		content, p := sheet(n), mustProfile(t, smallProfile)
		content = append(content, []byte("A00007,2021-03-08 08:07:00,另一件事\n,2021-03-08,没有编号\n")...)
		ctx, cancel := context.WithCancel(context.Background())
		var at ImportRun
		stopped, err := importBytes(ctx, h.Service, p, content, Import{Piece: 40, Progress: func(r ImportRun) {
			if r.Read >= 200 {
				at = r
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) || stopped.State != runRunning || stopped.Read < 200 || stopped.Read >= n {
			t.Fatalf("stopped: %+v, %v", stopped, err)
		}
		if got := h.count(t, `SELECT count(*) FROM appeal`); got != stopped.Imported {
			t.Fatalf("%d appeals are here, the run says %d", got, stopped.Imported)
		}
		// The process is gone; another continues.
		h = h.again(t)
		run, err := importBytes(context.Background(), h.Service, p, content, Import{Piece: 40, Alone: true})
		if err != nil {
			t.Fatal(err)
		}
		if run.ID != at.ID || run.Read != n+2 || run.Imported != n || run.Present != 0 || run.Refused != 2 || run.State != runDone {
			t.Errorf("continued: %+v", run)
		}
		if got := h.count(t, `SELECT count(DISTINCT external) FROM appeal`); got != n {
			t.Errorf("%d appeals", got)
		}
		if got := h.count(t, `SELECT sum(n) FROM appeal_tally WHERE measure = 'filed' AND dim = 'all'`); got != n {
			t.Errorf("the board counts %d", got)
		}
		var rejects bytes.Buffer
		if k, err := h.WriteRejects(context.Background(), run, bytes.NewReader(content), &rejects, "en"); err != nil || k != 2 {
			t.Fatalf("%d rejects, %v", k, err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(rejects.String(), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{{"line", "reason", "no", "at", "text"}, {"502", "the same number as line 9, with other content", "A00007", "2021-03-08 08:07:00", "另一件事"}, {"503", "number: nothing there", "", "2021-03-08", "没有编号"}}
		if fmt.Sprint(rows) != fmt.Sprint(want) {
			t.Errorf("rejects:\n%v\nwant\n%v", rows, want)
		}
		// What was corrected there can be handed in again as it is.
		fixed := strings.ReplaceAll(strings.ReplaceAll(rejects.String(), "A00007", "B1"), ",,2021-03-08,", ",B2,2021-03-08,")
		again, err := importBytes(context.Background(), h.Service, p, []byte(fixed), Import{Alone: true})
		if err != nil || again.Imported != 2 || again.Refused != 0 {
			t.Errorf("corrected: %+v, %v", again, err)
		}
	})
}

// Two imports of one file at the same time bring each appeal once, on both
// stores, and each accounts for all rows.
func TestTwoImportsAtOnceBringEachAppealOnce(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		const n = 400
		content, p := sheet(n), mustProfile(t, smallProfile)
		runs := make([]ImportRun, 4)
		var wg sync.WaitGroup
		for i := range runs {
			wg.Go(func() {
				var err error
				if runs[i], err = importBytes(context.Background(), h.Service, p, content, Import{Piece: 25}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		imported := int64(0)
		for _, r := range runs {
			imported += r.Imported
			if r.Read != n || r.Imported+r.Present != n || r.Refused != 0 {
				t.Errorf("%+v", r)
			}
		}
		if imported != n || h.count(t, `SELECT count(*) FROM appeal`) != n || h.count(t, `SELECT imported FROM import_source WHERE source = 'small'`) != n {
			t.Errorf("%d imported, %d here", imported, h.count(t, `SELECT count(*) FROM appeal`))
		}
	})
}

// A run that somebody cancels stops, and nothing comes after.
func TestCancelledImportStops(t *testing.T) {
	h := newHouse(t)
	run, err := importBytes(context.Background(), h.Service, mustProfile(t, smallProfile), sheet(300), Import{Piece: 20, Progress: func(r ImportRun) {
		if r.Read == 100 {
			err := h.Store.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE import_run SET state = 'cancelled' WHERE id = ?`, r.ID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}})
	if !errors.Is(err, ErrStopped) || run.State != runCancelled || run.Read != 100 || h.count(t, `SELECT count(*) FROM appeal`) != 100 {
		t.Errorf("%+v, %v", run, err)
	}
}

// What is wrong with a file is said before anything of it is written.
func TestBadFilesAreRefusedWhole(t *testing.T) {
	h := newHouse(t)
	good := sheet(50)
	gbk, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("编号,时间,内容\nA1,2021-03-01,路灯不亮\n"))
	if err != nil {
		t.Fatal(err)
	}
	chinese := strings.NewReplacer("{no}", "{编号}", "{at}", "{时间}", "{text}", "{内容}").Replace(smallProfile)
	for _, c := range []struct {
		name    string
		profile string
		content []byte
		want    string
	}{
		{"cut inside a quoted cell", smallProfile, append(good, []byte(`A9,2021-01-01,"this never en`)...), "cut off"},
		{"empty", smallProfile, nil, "no column"},
		{"header alone", smallProfile, []byte("no,at,text\n"), "no rows"},
		{"a column is missing", smallProfile, []byte("no,time,text\nA1,2021-01-01,x\n"), "no column at; its columns are no, time, text"},
		{"another encoding than said", chinese + "file: {encoding: utf-8}\n", gbk, "no column 编号"},
		{"a picture", smallProfile, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), ""},
		{"half a workbook", smallProfile, []byte("PK\x03\x04 and then nothing"), ""},
		{"a kind that is not ours", strings.Replace(smallProfile, "kind: other", "kind: prophecy", 1), good, `no kind "prophecy"`},
		{"a state that is not ours", strings.Replace(smallProfile, "state: closed", "state: nirvana", 1), good, `no state "nirvana"`},
	} {
		run, err := importBytes(context.Background(), h.Service, mustProfile(t, c.profile), c.content, Import{Alone: true})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
		if run.State != runFailed || run.Error == "" || run.Read != 0 {
			t.Errorf("%s: %+v", c.name, run)
		}
	}
	// The same bytes with nothing said are found out to be GB18030.
	if run, err := importBytes(context.Background(), h.Service, mustProfile(t, chinese), gbk, Import{Alone: true}); err != nil || run.Imported != 1 {
		t.Errorf("GB18030: %+v %v", run, err)
	}
	if n := h.count(t, `SELECT count(*) FROM appeal`); n != 1 {
		t.Errorf("%d appeals came of bad files", n-1)
	}
}

// Rows that cannot be trusted are refused one by one, each with its reason.
func TestBadRowsAreRefusedWithTheirReason(t *testing.T) {
	h := newHouse(t)
	body := smallProfile + `  due: "{due?}"
  late: {from: "{late?}", values: {y: "yes", n: "no"}}
  rating: {result: "{score?}"}
`
	long := strings.Repeat("长", 20_001)
	content := "no,at,text,due,late,score\n" +
		"1,2021-02-30,不存在的日子,,,\n" +
		"2,04/12/2021,哪一个是月份,,,\n" +
		"3,2091-01-01,将来,,,\n" +
		"4,1987-01-01,太早,,,\n" +
		"5,2021-01-01,,,,\n" +
		"6,2021-01-01,不知道晚没晚,,maybe,\n" +
		"7,2021-01-01,六颗星,,,6\n" +
		"8,2021-01-01,少一格\n" +
		"9,2021-01-01,多一格,,,,x\n" +
		"10,2021-01-01," + long + ",,,\n" +
		"11,2021-01-01,期限看不懂,明天,,\n" +
		"12,2021-01-01,好的,2021-01-05,y,5\n"
	run, err := importBytes(context.Background(), h.Service, mustProfile(t, body), []byte(content), Import{Alone: true})
	if err != nil || run.Imported != 1 || run.Refused != 11 {
		t.Fatalf("%+v, %v", run, err)
	}
	var out bytes.Buffer
	if _, err := h.WriteRejects(context.Background(), run, strings.NewReader(content), &out, "en"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"opened: not a date", "opened: not a date", "opened: out of range", "opened: out of range", "text: nothing there", "late: what stands there is in no table", "rating.result: out of range",
		"fewer cells", "more cells", "text: too long", "due: not a date"} {
		if !strings.Contains(out.String(), fmt.Sprintf("%d,%s", i+2, want)) && !strings.Contains(out.String(), fmt.Sprintf("%d,\"%s", i+2, want)) {
			t.Errorf("line %d is not refused with %q", i+2, want)
		}
	}
}

// Files that break naive importers: each is imported or refused with an error
// that names what is wrong, and none is a panic.
func TestFilesThatBreakNaiveImporters(t *testing.T) {
	folder := filepath.Dir(testkit.Shared(t, "tables", "table.csv"))
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	p := mustProfile(t, `profile: any
title: {zh: 任何表}
source: any
appeal: {number: "{id}", opened: "2021-01-01", state: closed, channel: web, kind: other, text: "[{name?}]无"}
`)
	for _, f := range files {
		raw, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		run, err := importBytes(context.Background(), h.Service, p, raw, Import{Alone: true})
		switch {
		case err != nil && (run.Imported != 0 || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: half done, or an error of several lines: %+v %v", f.Name(), run, err)
		case err == nil && run.Read != run.Imported+run.Present+run.Refused:
			t.Errorf("%s: %+v", f.Name(), run)
		}
		if _, err := h.Preview(bytes.NewReader(raw), int64(len(raw)), nil, "en"); err != nil && strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: preview: %v", f.Name(), err)
		}
	}
}

// An upload lies here sealed, can be read from anywhere, and is refused when it
// was changed.
func TestUploadsAreSealed(t *testing.T) {
	h := newHouse(t)
	content := bytes.Repeat([]byte("张三,13912345678\n"), 40_000) // more than two pieces
	id := h.Store.NewID()
	size, hash, err := h.keepUpload(context.Background(), id, bytes.NewReader(content))
	if err != nil || size != int64(len(content)) {
		t.Fatal(size, err)
	}
	if want, _ := hashFile(context.Background(), bytes.NewReader(content), size); hash != want {
		t.Errorf("hash %s, want %s", hash, want)
	}
	if found := grepFolder(t, h.folder, "13912345678"); len(found) > 0 {
		t.Errorf("in clear in %v", found)
	}
	f, err := h.openUpload(context.Background(), ImportRun{ID: id, FileSize: size})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, at := range []int64{0, 5, uploadPiece - 3, uploadPiece, 2*uploadPiece - 1, size - 7} {
		got := make([]byte, min(1000, size-at))
		if n, err := f.ReadAt(got, at); n != len(got) || !bytes.Equal(got, content[at:at+int64(n)]) {
			t.Errorf("at %d: %d bytes, %v", at, n, err)
		}
	}
	raw, err := os.ReadFile(filepath.Join(h.folder, "files", uploadKey(id)))
	if err != nil {
		t.Fatal(err)
	}
	raw[uploadPiece+200] ^= 1
	if err := os.WriteFile(filepath.Join(h.folder, "files", uploadKey(id)), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	changed, err := h.openUpload(context.Background(), ImportRun{ID: id, FileSize: size})
	if err != nil {
		t.Fatal(err)
	}
	defer changed.Close()
	if _, err := changed.ReadAt(make([]byte, 10), uploadPiece); err == nil {
		t.Error("a changed piece was read")
	}
}
