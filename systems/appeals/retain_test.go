package appeals

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/retain"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/districts"
)

func (h *house) retention() *retain.Service {
	r := &retain.Service{Store: h.Store, Packs: h.Packs, Kinds: retain.CoreKinds(h.Vault)}
	r.Kinds["attachment"] = Attachments{h.Service}
	for _, others := range []string{"archive", "pickup_evidence"} {
		r.Kinds[others] = nothingKept{}
	}
	return r
}

// nothingKept stands for a kind of another system, whose rule is in the shipped pack too.
type nothingKept struct{}

func (nothingKept) Due(context.Context, store.Querier, time.Time, int) ([]retain.Item, error) {
	return nil, nil
}

func (nothingKept) Destroy(context.Context, *store.Tx, string, vault.Access) error { return nil }

// What is due is listed and destroyed only when approved; the appeal and its
// figures stay; what is held, open, or newer is kept.
func TestRetention(t *testing.T) { onDesks(t, retention) }

func retention(t *testing.T, d *deskCast) {
	ctx := context.Background()
	r := d.retention()
	admin := d.staff(t, "admin", "baoan", account.RoleAdmin)
	closed := func(phone string, file bool) store.ID {
		in := Intake{Text: "西乡街道流塘路路灯坏了，联系电话" + phone + "，请尽快修理", Appellant: vault.Identity{vault.Name: "王小明", vault.Phone: phone}}
		if file {
			in.Files = []string{d.photo()}
		}
		id := d.fileOne(t, in, "").ID
		d.must("dispatcher@platform", id, "answer", map[string]any{"reply": "已直接答复诉求人，路灯明天修好"})
		return id
	}
	gone, heldOne := closed("13912345678", true), closed("13912345679", false)
	busy := closed("13912345670", false)
	d.fileOne(t, Intake{Text: "还有一件在办的事情，请处理", Appellant: vault.Identity{vault.Phone: "13912345670"}}, "") // the same person, open
	if err := r.PutHold(ctx, admin, d.state(heldOne).No, "涉诉"); !errors.Is(err, retain.ErrNoReason) {
		t.Error("held without a reason:", err)
	}
	if err := r.PutHold(ctx, admin, d.state(heldOne).No, "行政诉讼保全"); err != nil {
		t.Fatal(err)
	}
	if err := r.PutHold(ctx, admin, d.state(heldOne).No, "行政诉讼保全"); !errors.Is(err, retain.ErrHeld) {
		t.Error("held twice:", err)
	}
	if due, err := r.List(ctx); err != nil || due["identity"] != 0 || due["attachment"] != 0 {
		t.Fatal("due on the first day:", due, err)
	}
	d.ahead.Store(int64(5*365*24*time.Hour + 72*time.Hour))
	closedLater := closed("13912345671", false)
	due, err := r.List(ctx)
	if err != nil || due["identity"] != 1 || due["original"] < 1 || due["attachment"] != 1 {
		t.Fatal(due, err)
	}
	list := func(kind string) retain.Batch {
		t.Helper()
		b, err := store.Get[retain.Batch](ctx, d.Store, `SELECT id, kind, at, cutoff, n, state, destroyed, kept, actor, reason, ended_at FROM retain_batch WHERE kind = ? ORDER BY id DESC LIMIT 1`, kind)
		if err != nil {
			t.Fatal(kind, err)
		}
		return b
	}
	// A list alone destroys nothing, and is made anew, not twice.
	if _, err := r.List(ctx); err != nil || d.count(t, `SELECT count(*) FROM retain_batch WHERE kind = 'identity'`) != 1 {
		t.Error("listed twice", err)
	}
	person := d.state(gone).Applicant
	if who, err := d.Vault.Own(ctx, d.Store, person); err != nil || who[vault.Phone] != "13912345678" {
		t.Fatal("a list destroyed something:", who, err)
	}
	if _, err := r.Decide(ctx, admin, list("identity").ID, true, ""); !errors.Is(err, retain.ErrNoReason) {
		t.Error("approved without a reason:", err)
	}
	before := d.count(t, `SELECT count(*) FROM matter`)
	b, err := r.Decide(ctx, admin, list("identity").ID, true, "保存期满，依法删除")
	if err != nil || b.State != "done" || b.Destroyed != 1 || b.Kept != 0 {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := d.Vault.Own(ctx, d.Store, person); !errors.Is(err, vault.ErrErased) {
		t.Error("the identity is there still:", err)
	}
	for _, id := range []store.ID{heldOne, busy, closedLater} {
		if _, err := d.Vault.Own(ctx, d.Store, d.state(id).Applicant); err != nil {
			t.Error("an identity was destroyed that is held, busy or newer:", err)
		}
	}
	if n := d.count(t, `SELECT count(*) FROM matter`); n != before || d.state(gone).No == "" {
		t.Error(n, "matters,", before, "before")
	}
	if n := d.count(t, `SELECT count(*) FROM audit WHERE action IN ('retain.approve', 'retain.done', 'vault.erase')`); n != 3 {
		t.Error(n, "acts on record")
	}
	if n := d.count(t, `SELECT count(*) FROM audit WHERE detail LIKE '%13912345678%' OR reason LIKE '%13912345678%'`); n != 0 {
		t.Error("the record of a destruction has what was destroyed")
	}
	if _, err := r.Decide(ctx, admin, b.ID, true, "保存期满，依法删除"); !errors.Is(err, retain.ErrDecided) {
		t.Error("approved twice:", err)
	}

	// Held after it was listed: kept, though it is approved.
	if err := r.PutHold(ctx, admin, d.state(gone).No, "行政复议保全"); err != nil {
		t.Fatal(err)
	}
	if b, err = r.Decide(ctx, admin, list("attachment").ID, true, "保存期满，依法删除"); err != nil || b.Destroyed != 0 || b.Kept != 1 {
		t.Fatalf("held after it was listed: %+v %v", b, err)
	}
	hold, err := store.Get[store.ID](ctx, d.Store, `SELECT id FROM retain_hold WHERE matter = ?`, gone)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.ReleaseHold(ctx, admin, hold, "复议已结"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.List(ctx); err != nil {
		t.Fatal(err)
	}
	a, err := getAppeal(ctx, d.Store, gone)
	if err != nil {
		t.Fatal(err)
	}
	file := decodeList(a.Files)[0]
	if _, c, err := d.Files.Get(ctx, file); err != nil {
		t.Fatal(err)
	} else if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	} else {
		c.Close()
	}
	if b, err = r.Decide(ctx, admin, list("attachment").ID, true, "保存期满，依法删除"); err != nil || b.Destroyed != 1 {
		t.Fatalf("%+v %v", b, err)
	}
	if _, _, err := d.Files.Get(ctx, file); err == nil {
		t.Error("the photo is there still")
	}
	if due, err := r.List(ctx); err != nil || due["attachment"] != 0 {
		t.Error("listed again:", due, err)
	}
	// A list that is refused is not made again the next night.
	if b, err = r.Decide(ctx, admin, list("original").ID, false, "档案移交后再议"); err != nil || b.State != "refused" {
		t.Fatalf("%+v %v", b, err)
	}
	if _, err := r.List(ctx); err != nil || list("original").State != "refused" {
		t.Error("made again at once:", list("original"), err)
	}
	d.ahead.Add(int64(31 * 24 * time.Hour))
	if _, err := r.List(ctx); err != nil || list("original").State != "proposed" {
		t.Error("never made again:", list("original"), err)
	}
	d.verified()
}

func TestRetentionSettings(t *testing.T) {
	r := newHouse(t).retention()
	shipped, err := fs.Sub(districts.FS, "baoan")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(shipped); err != nil {
		t.Fatal(err)
	}
	const good = "rules: [{kind: session, days: 180, name: {zh: 会话}, basis: 法}]\n"
	for name, c := range map[string]struct{ from, to, want string }{
		"good":                      {"", "", ""},
		"a kind that is none":       {"session", "soul", "soul"},
		"logs for a month":          {"180", "30", "第二十一条"},
		"kept for no time":          {"kind: session, days: 180", "kind: notice, days: 0", "a day or more"},
		"no ground in law":          {"basis: 法", "basis: ''", "basis"},
		"twice":                     {"rules: [", "rules: [{kind: session, days: 200, name: {zh: 会话}, basis: 法}, ", "twice"},
		"a setting that is unknown": {"rules", "night: '04:40'\nrule: 1\nrules", "rule"},
	} {
		err := r.Check(fstest.MapFS{"retention.yaml": {Data: []byte(strings.Replace(good, c.from, c.to, 1))}})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
