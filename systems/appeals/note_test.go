package appeals

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// code is what an error says to programs: of a field, or of a refusal, or its own.
func code(err error) string {
	var p *httpapi.Problem
	var r *caseflow.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &p) && len(p.Errors) > 0:
		return strings.TrimPrefix(p.Errors[0].Location, "body.") + ":" + p.Errors[0].Message
	case errors.As(err, &p):
		return p.Code
	case errors.As(err, &r):
		for field, wrong := range r.Fields {
			return field + ":" + wrong
		}
		return r.Code
	case errors.Is(err, caseflow.ErrNotFound), errors.Is(err, store.ErrNotFound):
		return "not_found"
	}
	return err.Error()
}

// told counts the notices of a template that an actor has in their inbox.
func (d *deskCast) told(who account.Actor, name string) (n int) {
	d.t.Helper()
	list, _, err := d.Notices.Inbox(context.Background(), who, 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, x := range list {
		if x.Name == name {
			n++
		}
	}
	return n
}

// Internal notes: masked, from staff to staff, corrected and never changed; who may
// not see the appeal cannot be mentioned and is not found; a mention is told once.
func TestNotes(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		id := d.fileOne(t, Intake{Text: lamp, Address: "西乡街道", Appellant: vault.Identity{vault.Name: "欧阳建国", vault.Phone: "13800001234"}}, "st-xixiang").ID
		handler, head, dispatcher, other := d.as("handler@st-xixiang"), d.as("unit_head@st-xixiang"), d.as("dispatcher@platform"), d.as("handler@st-xinan")
		note, err := d.AddNote(ctx, handler, id, NewNote{Text: "已找过欧阳建国，电话13800001234，请领导看一下", People: []store.ID{head.Account}, Units: []string{"pf-zhihui"}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := d.Notes(ctx, dispatcher, id)
		if err != nil || len(p) != 1 || len(p[0].Mentions) != 2 {
			t.Fatalf("%+v %v", p, err)
		}
		if n := p[0]; strings.Contains(n.Text, "建国") || strings.Contains(n.Text, "13800001234") || n.Actor != handler.Name || n.Mine || n.Unit != "st-xixiang" {
			t.Errorf("the note reads %+v", n)
		}
		if d.told(head, "mentioned") != 1 || d.told(dispatcher, "mentioned") != 1 || d.told(handler, "mentioned") != 0 {
			t.Error("a mention was not told once to those whom it names")
		}
		list, _, _ := d.Notices.Inbox(ctx, head, 0, 10)
		if strings.Contains(list[0].Body["zh"], "13800001234") {
			t.Errorf("the notice says %s", list[0].Body["zh"])
		}
		// The citizen and another unit see nothing of it.
		for _, who := range []account.Actor{d.citizen(id), other} {
			if _, err := d.Notes(ctx, who, id); code(err) != "not_found" {
				t.Errorf("%s reads the notes: %v", who.Kind, err)
			}
			if _, err := d.AddNote(ctx, who, id, NewNote{Text: "看得到吗"}); code(err) != "not_found" {
				t.Errorf("%s writes a note: %v", who.Kind, err)
			}
			if _, err := d.Mentionable(ctx, who, id, ""); code(err) != "not_found" {
				t.Errorf("%s is told who sees it: %v", who.Kind, err)
			}
		}
		// Open screens of the house are told that there is one, and no word of it.
		said, err := store.Get[string](ctx, d.Store, `SELECT body FROM outbox WHERE subject = 'note.written' AND "key" = ?`, id.String())
		var h caseflow.Happened
		if err != nil || json.Unmarshal([]byte(said), &h) != nil || !h.Concerns(handler.Scope()) || h.Concerns(d.citizen(id).Scope()) || h.Concerns(other.Scope()) || strings.Contains(said, "找过") {
			t.Errorf("who has it open is told %s (%v)", said, err)
		}
		// What a citizen or an export is told holds no word of it.
		page, err := d.Detail(ctx, d.citizen(id), id)
		if err != nil || slices.ContainsFunc(page.Timeline, func(m Moment) bool { return strings.Contains(m.Action, "note") }) {
			t.Errorf("the citizen's page: %v", err)
		}
		// Mentioned may be who sees it, and nobody else.
		for _, bad := range []struct {
			in   NewNote
			want string
		}{
			{NewNote{Text: " \u200b"}, "text:required"},
			{NewNote{Text: strings.Repeat("长", 2001)}, "text:too_long"},
			{NewNote{Text: "请看", People: []store.ID{other.Account}}, "people:cannot_see"},
			{NewNote{Text: "请看", People: []store.ID{12345}}, "people:cannot_see"},
			{NewNote{Text: "请看", Units: []string{"st-xinan"}}, "units:cannot_see"},
			{NewNote{Text: "请看", Units: []string{"dp-jiaotong"}}, "units:nobody_there"},
			{NewNote{Text: "请看", Units: []string{"none"}}, "units:nobody_there"},
			{NewNote{Text: "请看", People: make([]store.ID, 21)}, "people:too_many_values"},
			{NewNote{Text: "更正", Corrects: 99}, "corrects:invalid"},
		} {
			if _, err := d.AddNote(ctx, handler, id, bad.in); code(err) != bad.want {
				t.Errorf("%.20s: %v, want %s", bad.in.Text, err, bad.want)
			}
		}
		if n := d.count(t, `SELECT count(*) FROM appeal_note`); n != 1 || d.told(other, "mentioned") != 0 {
			t.Errorf("%d notes after those that were refused", n)
		}
		// A correction stands beside what it corrects; only the author's newest may be corrected.
		if _, err := d.AddNote(ctx, head, id, NewNote{Text: "更正他人", Corrects: note}); code(err) != "not_your_note" {
			t.Errorf("another's note was corrected: %v", err)
		}
		second, err := d.AddNote(ctx, handler, id, NewNote{Text: "已联系诉求人，请审核", People: []store.ID{head.Account}, Corrects: note})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.AddNote(ctx, handler, id, NewNote{Text: "再更正", Corrects: note}); code(err) != "corrected_already" {
			t.Errorf("corrected twice: %v", err)
		}
		p, _ = d.Notes(ctx, handler, id)
		if len(p) != 2 || p[0].Corrected != second || p[1].Corrects != note || !p[0].Mine {
			t.Errorf("after the correction: %+v", p)
		}
		if d.told(head, "mentioned") != 1 {
			t.Error("who was told of the note was told again of its correction")
		}
		// The picker offers those who may see it, those concerned first.
		found, err := d.Mentionable(ctx, handler, id, "")
		if err != nil || len(found) == 0 || found[0].Unit != "st-xixiang" || slices.ContainsFunc(found, func(m Mention) bool { return m.Account == other.Account || m.Account == handler.Account }) {
			t.Errorf("offered: %+v %v", found, err)
		}
		if found, _ = d.Mentionable(ctx, handler, id, "st-xinan"); len(found) != 0 {
			t.Errorf("one who may not see it is offered: %+v", found)
		}
		// A co-unit reads and writes with the others.
		d.must("receiver@st-xixiang", id, "sign", nil)
		d.must("handler@st-xixiang", id, "ask_co", map[string]any{"co_units": []any{"dp-chengguan"}, "note": "请协助查看电缆"})
		if _, err := d.AddNote(ctx, d.as("handler@dp-chengguan"), id, NewNote{Text: "电缆已排查"}); err != nil {
			t.Errorf("a co-unit's note: %v", err)
		}
		d.verified()
	})
}

// A watcher is told what becomes of an appeal, not of what they do themselves, and
// nothing more once they may see it no more.
func TestWatchers(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx, cancel := context.WithCancel(context.Background())
		defer func() { cancel(); d.Bus.Wait() }()
		d.Bus.Follow(ctx, noticeConsumer, d.notify)
		id := d.filed(lamp, "13800000001", "st-xixiang")
		leader, street, other := d.as("leader@baoan"), d.as("handler@st-xixiang"), d.as("handler@st-xinan")
		if err := d.Watch(ctx, other, id, true); code(err) != "not_found" {
			t.Errorf("watching what one may not see: %v", err)
		}
		if err := d.Watch(ctx, d.citizen(id), id, true); code(err) != "not_found" {
			t.Errorf("a citizen watches: %v", err)
		}
		if err := errors.Join(d.Watch(ctx, leader, id, true), d.Watch(ctx, leader, id, true), d.Watch(ctx, street, id, true)); err != nil {
			t.Fatal(err)
		}
		watching := func(who account.Actor) int {
			rows, _, err := d.list(ctx, who.Scope(), Filter{Watched: who.Account})
			if err != nil {
				t.Fatal(err)
			}
			return len(rows)
		}
		if page, err := d.Detail(ctx, leader, id); err != nil || !page.Watching {
			t.Errorf("the page does not say that it is watched: %v", err)
		}
		if watching(leader) != 1 || watching(street) != 1 || watching(other) != 0 {
			t.Error("the lists of who watches are wrong")
		}
		// Sent to another unit: the street may see it no more, and is told nothing.
		d.must("dispatcher@platform", id, "redispatch", map[string]any{"unit": "st-xinan", "note": "属新安街道"})
		d.must("receiver@st-xinan", id, "sign", nil)
		if err := d.Bus.Drained(ctx, noticeConsumer); err != nil {
			t.Fatal(err)
		}
		if err := d.Watch(ctx, other, id, true); err != nil {
			t.Fatal(err)
		}
		d.must("handler@st-xinan", id, "reply", map[string]any{"result": "explained", "reply": "路灯已于11月25日由维修班组更换电缆32米，当晚恢复照明"})
		d.must("unit_head@st-xinan", id, "approve", nil)
		d.must("reviewer@platform", id, "pass", nil)
		if err := d.citizenDoes(id, "rate", map[string]any{"contacted": true, "solved": "yes", "result": int64(5)}); err != nil {
			t.Fatal(err)
		}
		if err := d.citizenDoes(id, "reopen", map[string]any{"note": "又不亮了"}); err != nil {
			t.Fatal(err)
		}
		// On PostgreSQL the last event is read only once no older transaction is open.
		for range 500 {
			if d.told(other, "watched_reopened") > 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		for name, want := range map[string][3]int{"watched_dispatched": {1, 0, 0}, "watched_replied": {2, 0, 1}, "watched_rated": {1, 0, 1}, "watched_reopened": {1, 0, 1}, "watched_closed": {0, 0, 0}} {
			if got := [3]int{d.told(leader, name), d.told(street, name), d.told(other, name)}; got != want {
				t.Errorf("%s: leader, street and the new unit have %v, want %v", name, got, want)
			}
		}
		if d.count(t, `SELECT count(*) FROM appeal_watch WHERE account = ?`, street.Account) != 0 || watching(street) != 0 {
			t.Error("who lost the right still watches")
		}
		if err := d.Watch(ctx, leader, id, false); err != nil || watching(leader) != 0 {
			t.Errorf("unwatched: %v", err)
		}
	})
}

// Appointments: one stands at a time, the citizen reads of it, the handler is
// reminded once an hour before, and one that was kept is a contact. A three-way call
// is a contact too.
func TestAppointmentsAndCalls(t *testing.T) {
	onDesks(t, func(t *testing.T, d *deskCast) {
		ctx := context.Background()
		id := d.filed(lamp, "13800000001", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		at := func(h float64) string {
			return d.Store.Now().Add(time.Duration(h * float64(time.Hour))).UTC().Format(time.RFC3339)
		}
		try := func(action string, form map[string]any) string {
			_, err := d.Act(ctx, d.as("handler@st-xixiang"), id, 0, []Step{{action, form}})
			return code(err)
		}
		appoint := func(from, until string) map[string]any {
			return map[string]any{"how": "visit", "from": from, "until": until, "where": "流塘路12号灯杆旁", "purpose": "现场核对灯杆位置"}
		}
		for _, bad := range []struct {
			form map[string]any
			want string
		}{
			{appoint(at(-1), at(1)), "from:in_the_past"},
			{appoint(at(3), at(2)), "until:out_of_range"},
			{appoint(at(3), at(30)), "until:out_of_range"},
			{appoint(at(24*200), at(24*200+1)), "from:out_of_range"},
			{appoint("明天下午", at(3)), "from:not_a_time"},
			{map[string]any{"how": "office", "from": at(3), "until": at(4), "purpose": "核对材料"}, "where:required"},
		} {
			if got := try("appoint", bad.form); got != bad.want {
				t.Errorf("%v: %s, want %s", bad.form, got, bad.want)
			}
		}
		if got := try("move_appointment", map[string]any{"from": at(5), "until": at(6), "by": "unit", "reason": "临时会议"}); got != "guard" {
			t.Errorf("moving what was not made: %s", got)
		}
		if got := try("appoint", appoint(at(3), at(4))); got != "" {
			t.Fatal(got)
		}
		if got := try("appoint", appoint(at(8), at(9))); got != "guard" {
			t.Errorf("a second appointment: %s", got)
		}
		if got := try("keep_appointment", nil); got != "note:not_yet" {
			t.Errorf("kept before it began: %s", got)
		}
		if got := try("miss_appointment", map[string]any{"by": "citizen", "reason": "没有来"}); got != "by:not_yet" {
			t.Errorf("missed before it began: %s", got)
		}
		remind := func(want int) {
			t.Helper()
			if n, err := d.Remind(ctx); n != want || err != nil {
				t.Errorf("reminded of %d, want %d (%v)", n, want, err)
			}
		}
		forward := func(h float64) { d.ahead.Add(int64(h * float64(time.Hour))) }
		remind(0)
		if got := try("move_appointment", map[string]any{"from": at(5), "until": at(6), "by": "citizen", "reason": "市民下午有事"}); got != "" {
			t.Fatal(got)
		}
		forward(2.5) // an hour before the first time: it was moved
		remind(0)
		forward(1.6)
		remind(1)
		remind(0)
		if d.told(d.as("handler@st-xixiang"), "appointment_near") != 1 {
			t.Error("the handler was not reminded once")
		}
		forward(1)
		running := func() string {
			clocks, err := caseflow.Clocks(ctx, d.Store, id)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(clocks, func(c caseflow.Clock) bool { return c.Name == "contact" && c.Outcome != caseflow.Void })
			return string(clocks[i].Outcome)
		}
		contacted := func() bool {
			a, err := getAppeal(ctx, d.Store, id)
			if err != nil {
				t.Fatal(err)
			}
			return !a.ContactedAt.IsZero()
		}
		if got := try("miss_appointment", map[string]any{"by": "unit", "reason": "经办人途中受阻"}); got != "" {
			t.Fatal(got)
		}
		if contacted() || running() != string(caseflow.Running) {
			t.Error("an appointment that the unit missed counts as a contact")
		}
		if got := try("appoint", appoint(at(0.5), at(1))); got != "" {
			t.Fatal(got)
		}
		remind(0) // it was made within the hour
		forward(0.6)
		if got := try("keep_appointment", map[string]any{"note": "已见面核对"}); got != "" {
			t.Fatal(got)
		}
		if !contacted() || running() == string(caseflow.Running) {
			t.Error("a kept appointment is no contact")
		}
		page, err := d.Detail(ctx, d.citizen(id), id)
		if err != nil || page.Appointed == nil || page.Appointed.Outcome != "kept" || page.Appointed.Where == "" {
			t.Fatalf("the citizen's page: %+v %v", page.Appointed, err)
		}
		seen := map[string]map[string]any{}
		for _, m := range page.Timeline {
			seen[m.Action] = m.Form
		}
		if seen["appoint"]["purpose"] == nil || seen["move_appointment"]["reason"] == nil || seen["miss_appointment"]["by"] != "unit" || seen["keep_appointment"] == nil || seen["keep_appointment"]["note"] != nil {
			t.Errorf("the citizen reads %v", seen)
		}
		// A three-way call by the agent meets the unit's clock of first contact.
		id = d.filed(lamp, "13800000002", "st-xixiang")
		d.must("receiver@st-xixiang", id, "sign", nil)
		call := func(more map[string]any) map[string]any {
			form := map[string]any{"unit": "st-xixiang", "started": at(-0.2), "minutes": int64(8), "outcome": "agreed", "recording": "relay:REC-20261127-0001"}
			for k, v := range more {
				form[k] = v
			}
			return form
		}
		for want, more := range map[string]map[string]any{"started:not_yet": {"started": at(1)}, "recording:not_a_reference": {"recording": "tel:13800000002"}, "minutes:out_of_range": {"minutes": int64(0)}, "unit:no_such_unit": {"unit": "none"}, "outcome:no_such_option": {"outcome": "citizen_absent"}} {
			if _, err := d.Act(ctx, d.as("agent@platform"), id, 0, []Step{{"three_way", call(more)}}); code(err) != want {
				t.Errorf("%v: %v, want %s", more, err, want)
			}
		}
		if contacted() {
			t.Error("a call that was refused is a contact")
		}
		if got := d.try("reviewer@platform", id, "three_way", call(nil)); got != "right" {
			t.Errorf("a reviewer records a call: %s", got)
		}
		d.must("agent@platform", id, "three_way", call(nil))
		if !contacted() || running() != string(caseflow.Met) {
			t.Errorf("a three-way call is no contact: %s", running())
		}
		// The unit's own contact of the unit remains its own to record.
		if got := d.try("agent@platform", id, "contact", map[string]any{"how": "phone", "reached": true}); got != "right" {
			t.Errorf("the agent records the unit's contact: %s", got)
		}
		d.verified()
	})
}
