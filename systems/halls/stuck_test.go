package halls

import (
	"context"
	"errors"
	"testing"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// The grades of a stuck case and their clocks: complex 5 and special 10 working days,
// counted by the hall's calendar; who it is for is contacted the same day.
func TestStuckCaseByGrade(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		clerk := h.staff(t, "s", "dp-zhengshu", "stuck_clerk")
		handler := h.staff(t, "d", "dp-chengguan", "handler")
		stranger := h.staff(t, "o", "st-xixiang", "handler")
		zone := h.book.Load().zone
		open := func(scope string) (*caseflow.Matter, error) {
			return h.Report(ctx, clerk, Stuck{Hall: "center", Scope: scope, Text: "办场地变更跑了四趟，电话13800138000", Who: vault.Identity{vault.Name: "王小明", vault.Phone: "16000000001"}})
		}
		var guided *ErrGuided
		if _, err := open("litigation"); !errors.As(err, &guided) || guided.Scope.Guide.In("zh") == "" {
			t.Fatalf("out of scope: %v", err)
		}
		var cases, told int
		if err := h.Store.QueryRow(ctx, `SELECT (SELECT count(*) FROM matter), (SELECT count(*) FROM hall_guidance)`).Scan(&cases, &told); err != nil || cases != 0 || told != 1 {
			t.Fatalf("%d cases, %d told where to go: %v", cases, told, err)
		}
		if _, err := open("?"); code(err) != "invalid" {
			t.Fatalf("a scope that is none: %v", err)
		}
		do := func(m *caseflow.Matter, who string, action string, form map[string]any) error {
			actor := clerk
			if who == "d" {
				actor = handler
			}
			return h.ActOnMatter(ctx, actor, "stuck", m.ID, 0, action, form)
		}
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for grade, want := range map[string]string{"simple": "2026-11-27", "complex": "2026-12-04", "special": "2026-12-11"} {
			m := must[*caseflow.Matter](t)(open("trips"))
			ok(do(m, "s", "grade", map[string]any{"grade": grade}))
			p := must[MatterPage](t)(h.MatterOf(ctx, clerk, "stuck", m.ID))
			due := map[string]string{}
			for _, c := range p.Clocks {
				due[c.Name] = c.Due.In(zone).Add(-time.Second).Format(time.DateOnly)
			}
			if due["handle"] != want || due["contact"] != "2026-11-27" {
				t.Errorf("%s is due %v, want %s", grade, due, want)
			}
			if p.Text != "办场地变更跑了四趟，电话138****8000" || p.Person == nil || p.Person.Name != "王**" {
				t.Errorf("%q %+v", p.Text, p.Person)
			}
			if grade == "simple" {
				if err := do(m, "s", "send", map[string]any{"unit": "dp-chengguan", "note": "请办理"}); err == nil {
					t.Error("a simple case was sent on")
				}
				ok(do(m, "s", "settle", map[string]any{"reply": "已当场办成"}))
				continue
			}
			ok(do(m, "s", "send", map[string]any{"unit": "dp-chengguan", "note": "请核清材料"}))
			if _, err := h.MatterOf(ctx, stranger, "stuck", m.ID); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("another unit sees it: %v", err)
			}
			ok(do(m, "d", "contact", map[string]any{"note": "已电话联系"}))
			err := do(m, "d", "conclude", map[string]any{"reply": "材料已一次收齐"})
			if grade == "special" {
				if err == nil {
					t.Fatal("a special case was concluded without joint review")
				}
				ok(do(m, "s", "review", map[string]any{"note": "会审同意受理"}))
				err = do(m, "d", "conclude", map[string]any{"reply": "材料已一次收齐"})
			}
			ok(err)
			ok(do(m, "s", "feedback", map[string]any{"done": "yes"}))
			if err := do(m, "s", "verify", map[string]any{"cause": []any{"?"}, "note": "属实"}); code(err) != "invalid" {
				t.Fatalf("a cause that is none: %v", err)
			}
			ok(do(m, "s", "verify", map[string]any{"cause": []any{"guide_wrong"}, "fix": "修订指南", "note": "回访属实"}))
			ok(do(m, "s", "record", nil))
			if diff := must[[]caseflow.Difference](t)(h.Engine.Verify(ctx, h.Store, m.ID)); len(diff) != 0 {
				t.Errorf("%+v", diff)
			}
		}
		month := must[StuckMonth](t)(h.Month(ctx, clerk.Scope(), "2026-11"))
		if month.Cases != 3 || month.Closed != 2 || month.InTime != 3 || len(month.Causes) != 1 || month.Causes[0].N != 2 || month.Guided[0].N != 1 {
			t.Errorf("%+v", month)
		}
	})
}

// A pack once per enterprise, out of a stock that does not fall below nothing.
func TestStartupPackOnce(t *testing.T) {
	bothStores(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		who, hall := h.staff(t, "m", "dp-zhengshu", "hall_manager"), h.hallOf("startup")
		const uscc = "91350100M000100Y43"
		give := func(uscc, licensed string) error {
			_, err := h.GivePack(ctx, who, hall, "gift", uscc, "示范有限公司", licensed)
			return err
		}
		for _, c := range []struct{ uscc, licensed, want string }{
			{uscc, "2026-11-20", "stock_out"}, {"91350100M000100Y44", "2026-11-20", "invalid"}, {uscc, "", "invalid"}, {uscc, "2026-11-28", "invalid"}, {uscc, "2026-08-20", "pack_late"},
		} {
			if err := give(c.uscc, c.licensed); code(err) != c.want {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if err := h.StockPacks(ctx, who, hall, "gift", 2, "received", ""); err != nil {
			t.Fatal(err)
		}
		if err := give(uscc, "2026-11-20"); err != nil {
			t.Fatal(err)
		}
		if err := give("91350100m000100y43", "2026-11-20"); code(err) != "pack_had" {
			t.Fatalf("a second pack: %v", err)
		}
		if err := h.StockPacks(ctx, who, hall, "gift", -2, "counted", ""); code(err) != "stock_out" {
			t.Fatalf("fewer than none: %v", err)
		}
		x := must[[]PackStock](t)(h.PackStocks(ctx, hall))[0]
		if x.Stock != 1 || x.Given != 1 || x.Saved != 29000 || x.Value != 29000 {
			t.Errorf("%+v", x)
		}
	})
}
