package services

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/archive"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

var archiveTestKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, 32))

// archived makes the papers and packages that are due, and gives the newest of a case.
func (h *caseHouse) archiveNow(t testing.TB, id store.ID) Archived {
	t.Helper()
	ctx := context.Background()
	h.ArchiveKey = archiveTestKey
	if err := h.MakeDuePapers(ctx); err != nil {
		t.Fatal(err)
	}
	if err := h.MakeDueArchives(ctx); err != nil {
		t.Fatal(err)
	}
	list, err := h.archived(ctx, `WHERE a.matter = ? ORDER BY a.version DESC LIMIT 1`, int64(id))
	if err != nil || len(list) == 0 {
		t.Fatalf("%s is not archived: %v", id, err)
	}
	return list[0]
}

// closed is a case that was granted and delivered.
func (h *caseHouse) closed(t testing.TB, who account.Actor) store.ID {
	t.Helper()
	h.at(t, "2026-09-01 10:00")
	id := h.open(t, who, "layout", "rules")
	h.at(t, "2026-09-02 10:00")
	h.do(t, id, h.staff["accept"], "accept", "points", []any{"scope", "plan", "health"})
	h.settle(t, "paid")
	h.at(t, "2026-09-03 10:00")
	h.do(t, id, h.staff["examine"], "propose", "view", "grant", "opinion", "现场符合要求，联系人13800138000")
	h.at(t, "2026-09-04 10:00")
	h.do(t, id, h.staff["decide"], "grant")
	h.at(t, "2026-09-04 11:00")
	h.do(t, id, h.staff["window"], "deliver", "mode", "counter", "to", "本人")
	return id
}

func TestClosedCaseIsArchived(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		who := h.citizen(t, "李记", "13800138000", "11010519491231002X")
		id := h.closed(t, who)
		keeper := h.account(t, account.Account{Kind: account.Staff, Login: new("keeper"), Name: "keeper", Unit: "dp-shijian"}, archiveRole)
		other := h.account(t, account.Account{Kind: account.Staff, Login: new("other"), Name: "other", Unit: "dp-minzheng"}, archiveRole)
		a := h.archiveNow(t, id)
		if a.Version != 1 || a.Keep != "permanent" && a.Keep != "30y" || !strings.HasPrefix(a.No, "B001-ZF·2026-") {
			t.Errorf("package: %+v", a)
		}

		// Who may, with the reason, which is recorded.
		if _, _, err := h.TakeArchive(ctx, other, a.ID, "查档"); err != store.ErrNotFound {
			t.Errorf("another department's archivist takes it: %v", err)
		}
		if _, _, err := h.TakeArchive(ctx, who, a.ID, "查档"); err != store.ErrNotFound {
			t.Errorf("the applicant takes it: %v", err)
		}
		_, raw, err := h.TakeArchive(ctx, keeper, a.ID, "依申请查档")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM audit WHERE action = 'archive.take' AND reason = '依申请查档'`); err != nil || n != 1 {
			t.Errorf("who took it is recorded %d times: %v", n, err)
		}
		r := archive.Check(bytes.NewReader(raw), int64(len(raw)), "")
		if len(r.Problems) > 0 || r.Manifest != a.Manifest || archive.Sum(raw) != a.SHA256 {
			t.Errorf("the package: %+v", r)
		}
		for _, want := range []string{"form/application.json", "materials/business_licence-1.png", "papers/01-receipt.pdf", "opinions.json", "trace.json", "fees.json", "delivery.json", "licences/01.json", "metadata.json", "catalogue.pdf", "食品经营许可", "餐饮", "13800138000", "现场符合要求，联系人13800138000"} {
			if !bytes.Contains(raw, []byte(want)) {
				t.Errorf("the package has no %s", want)
			}
		}
		if n, err := store.Get[int](ctx, h.Store, `SELECT count(*) FROM audit WHERE action = 'archive.make' AND detail LIKE ?`, "%"+a.Manifest+"%"); err != nil || n != 1 {
			t.Errorf("the hash of the manifest is in the audit log %d times: %v", n, err)
		}

		// The same as one XML file, by the standard.
		if _, _, err := h.TakeEncapsulation(ctx, other, a.ID, "移交"); err != store.ErrNotFound {
			t.Errorf("another department's archivist takes it as XML: %v", err)
		}
		_, eep, err := h.TakeEncapsulation(ctx, keeper, a.ID, "移交区档案馆")
		if err != nil {
			t.Fatal(err)
		}
		own := hex.EncodeToString(archiveTestKey.Public().(ed25519.PublicKey))
		if x := archive.CheckEncapsulation(bytes.NewReader(eep), int64(len(eep)), own); len(x.Problems) > 0 || x.Files != a.Files || x.No != a.No || x.Manifest != a.Manifest {
			t.Errorf("as XML: %+v", x)
		}
		for _, want := range []string{"<业务行为>准予", "<立档单位名称>深圳市市场监督管理局宝安监管局", "现场符合要求，联系人13800138000", "<组织机构代码>11440306MB2D70048K"} {
			if !bytes.Contains(eep, []byte(want)) {
				t.Errorf("as XML it has no %s", want)
			}
		}

		// The same case gives the same bytes, whenever it is packed.
		h.at(t, "2027-03-01 10:00")
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return h.archiveDue(ctx, tx, id) }); err != nil {
			t.Fatal(err)
		}
		if again := h.archiveNow(t, id); again.ID != a.ID {
			t.Errorf("the same case was packed anew: %s and %s", a.Manifest, again.Manifest)
		}

		// Where it lies nobody reads it.
		if err := filepath.WalkDir(h.Files.Temp, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if body, err := os.ReadFile(path); err != nil || bytes.Contains(body, []byte("13800138000")) {
				t.Errorf("%s is open: %v", path, err)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}

		// The applicant's data may go; the archive stays. A case that changes is archived again.
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return h.Vault.Erase(ctx, tx, who.Person, vault.Access{Actor: 1, Reason: "期满"})
		}); err != nil {
			t.Fatal(err)
		}
		if r := h.CheckArchive(ctx, a); len(r.Problems) > 0 {
			t.Errorf("after the applicant was erased: %v", r.Problems)
		}
		h.do(t, id, h.staff["decide"], "revoke", "reason", "以欺骗手段取得许可，依据第六十九条")
		if b := h.archiveNow(t, id); b.Version != 2 || !b.Newest || !strings.HasSuffix(b.No, "-2") {
			t.Errorf("after the grant was revoked: %+v", b)
		}

		// What lies there is changed.
		path := filepath.Join(h.Files.Temp, a.File)
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		body[len(body)/2] ^= 1
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		if r := h.CheckArchive(ctx, a); len(r.Problems) != 1 || r.Problems[0].Code != "unreadable" {
			t.Errorf("a changed file: %v", r.Problems)
		}
	})
}

// Terms, by the district's rules; what is held is not destroyed; destroyed is destroyed.
func TestArchiveEndsWithItsTerm(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		who := h.citizen(t, "张三", "13800138001", "11010519491231002X")
		id := h.open(t, who, "layout", "rules")
		h.do(t, id, who, "withdraw")
		a := h.archiveNow(t, id)
		// Withdrawn on 1 September 2026: ten years from 1 January 2027.
		if got := a.Until.In(districtZone).Format(time.DateOnly); a.Keep != "10y" || got != "2037-01-01" {
			t.Fatalf("%s until %s", a.Keep, got)
		}
		kind := ArchiveRetention{h.Service}
		due := func(day string) int {
			at, _ := time.ParseInLocation(time.DateOnly, day, districtZone)
			list, err := kind.Due(ctx, h.Store, at, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if due("2037-01-01") != 0 || due("2037-01-02") != 1 {
			t.Errorf("due on its last day %d, the day after %d", due("2037-01-01"), due("2037-01-02"))
		}
		granted := h.closed(t, h.citizen(t, "李四", "13800138002", "11010519491231002X"))
		if b := h.archiveNow(t, granted); b.Keep != "permanent" || !b.Until.IsZero() {
			t.Errorf("a permission that was granted: %s", b.Keep)
		}
		if due("2137-01-02") != 1 {
			t.Error("what is for good is due")
		}
		hold := func(query string) {
			t.Helper()
			if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Exec(ctx, query, 1, id, store.At(h.clock()))
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		hold(`INSERT INTO retain_hold (id, matter, at, actor, reason, release) VALUES (?, ?, ?, 1, '诉讼', '')`)
		if due("2037-01-02") != 0 {
			t.Error("what is held is due")
		}
		hold(`UPDATE retain_hold SET release = '' WHERE id <> ? OR matter <> ? OR at <> ?`)
		if err := h.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			return kind.Destroy(ctx, tx, id.String(), vault.Access{Actor: 1, Reason: "期满销毁"})
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(h.Files.Temp, a.File)); !os.IsNotExist(err) {
			t.Errorf("the file is still there: %v", err)
		}
		if b, err := h.ArchiveOf(ctx, a.No); err != nil || b.Destroyed.IsZero() || b.Manifest != a.Manifest {
			t.Errorf("that it was destroyed is not kept: %+v %v", b, err)
		}
		if _, _, err := h.TakeArchive(ctx, account.System(h.Dir), a.ID, "查档"); err != ErrArchiveDestroyed {
			t.Errorf("a destroyed package: %v", err)
		}
	})
}

func TestArchiveWaitsForItsPapersAndFees(t *testing.T) {
	h := newCaseHouse(t)
	ctx := context.Background()
	id := h.closed(t, h.citizen(t, "李记", "13800138000", "11010519491231002X"))
	h.ArchiveKey = archiveTestKey
	if err := h.MakeDueArchives(ctx); err != nil {
		t.Fatal(err)
	}
	due, err := h.ArchivesDue(ctx, h.staff["inspector"])
	if err != nil || len(due) != 1 || due[0].Error == "" {
		t.Errorf("without its papers: %+v %v", due, err)
	}
	if say, err := h.ArchiveHealth(ctx); err != nil || say != "0 packages, 1 cases wait" {
		t.Errorf("%q %v", say, err)
	}
	h.at(t, "2026-09-05 12:00")
	if _, err := h.ArchiveHealth(ctx); err == nil {
		t.Error("a case that waits for a day is well")
	}
	if a := h.archiveNow(t, id); a.Files < 10 {
		t.Errorf("%d files", a.Files)
	}
	if due, err := h.ArchivesDue(ctx, h.staff["inspector"]); err != nil || len(due) != 0 {
		t.Errorf("what is archived waits still: %+v %v", due, err)
	}
}

func TestArchiveRulesOfAPack(t *testing.T) {
	good := "fonds: {no: B001, name: 馆}\ncategory: ZF\nnumber: \"{fonds}-{no}\"\nclasses: [{keep: 30y}]\n"
	for say, want := range map[string]string{
		good: "",
		strings.Replace(good, "{no}", "{what}", 1):                              "number",
		strings.Replace(good, "-{no}", "", 1):                                   "number",
		strings.Replace(good, "30y", "20y", 1):                                  "keep",
		strings.Replace(good, "{keep: 30y}", "{types: [\"01\"], keep: 30y}", 1): "the last one",
		strings.Replace(good, "B001", `""`, 1):                                  "fonds.no",
		good + "more: 1\n":                                                      "more",
	} {
		_, err := readArchive(fstest.MapFS{packArchive: {Data: []byte(say)}})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", say, err, want)
		}
	}
	if r, err := readArchive(fstest.MapFS{}); r != nil || err != nil {
		t.Errorf("a pack without: %v %v", r, err)
	}
}
