package appeals

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// The clocks of an appeal, by what is done when: minutes of office time after the
// filing on a Monday at nine. An appeal of normal urgency has two hours to be
// dispatched, one working day to be signed for and for the first contact (the end of the next), five
// working days to be handled.
func TestClocksOfAnAppeal(t *testing.T) {
	h := newHouse(t)
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, h.Zone())
	const hour, day = 60, 24 * 60
	type step struct {
		at     int
		action string
		form   map[string]any
	}
	dispatch := step{30, "dispatch", map[string]any{"unit": "st-xixiang"}}
	contact := func(at int) step {
		return step{at, "contact", map[string]any{"how": "phone", "reached": true}}
	}
	reply := func(at int) step {
		return step{at, "reply", map[string]any{"result": "explained", "reply": "已向您说明情况"}}
	}
	for name, c := range map[string]struct {
		steps []step
		want  string // of each clock that began: its outcome
		until int
	}{
		"filed":                             {nil, "total running, dispatch running", hour},
		"not dispatched in two hours":       {[]step{{3 * hour, "dispatch", dispatch.form}}, "total running, dispatch missed, sign running, contact running, handle running", 4 * hour},
		"clocks start at dispatch":          {[]step{dispatch}, "total running, dispatch met, sign running, contact running, handle running", hour},
		"signed":                            {[]step{dispatch, {hour, "sign", nil}}, "total running, dispatch met, sign met, contact running, handle running", 2 * hour},
		"not signed in a day: by the clock": {[]step{dispatch}, "total running, dispatch met, sign missed, contact running, handle running", 2 * day},
		"contacted":                         {[]step{dispatch, {hour, "sign", nil}, contact(2 * hour)}, "total running, dispatch met, sign met, contact met, handle running", 3 * hour},
		"contacted too late":                {[]step{dispatch, {hour, "sign", nil}, contact(2 * day)}, "total running, dispatch met, sign met, contact missed, handle running", 2*day + hour},
		"replied, no contact before":        {[]step{dispatch, {hour, "sign", nil}, reply(2 * hour)}, "total running, dispatch met, sign met, contact met, handle running", 3 * hour},
		"replied late, no contact before":   {[]step{dispatch, {hour, "sign", nil}, reply(2 * day)}, "total running, dispatch met, sign met, contact missed, handle running", 2*day + hour},
		"a contact after a contact":         {[]step{dispatch, {hour, "sign", nil}, contact(2 * hour), contact(2 * day)}, "total running, dispatch met, sign met, contact met, handle running", 2*day + hour},
		"the reply waits for approval":      {[]step{dispatch, {hour, "sign", nil}, reply(2 * hour), {3 * hour, "approve", nil}}, "total running, dispatch met, sign met, contact met, handle met, review running", 4 * hour},
		"given back: no verdict on the unit": {[]step{dispatch, {hour, "request_return", map[string]any{"reason": []any{"not_duty"}, "basis": "不属于本单位职责"}}, {hour + 5, "accept_return", nil}},
			"total running, dispatch met, sign met, contact void, handle void, return_decision met, dispatch running", 2 * hour},
		"suspended: the citizen's runs on": {[]step{dispatch, {hour, "sign", nil}, contact(hour + 1), {2 * hour, "suspend", nil}}, "total running, dispatch met, sign met, contact met, handle paused", 30 * day},
		"fixed on the spot":                {[]step{dispatch, {hour, "fix_on_site", map[string]any{"reply": "已现场更换井盖并恢复路面", "files": []any{"a", "b"}}}}, "total running, dispatch met, sign met, contact met, handle met, visit running", 2 * hour},
		"withdrawn":                        {[]step{dispatch, {hour, "withdraw", nil}}, "total met, dispatch met, sign met, contact met, handle met", 2 * hour},
	} {
		t.Run(name, func(t *testing.T) {
			steps := make([]caseflow.PastStep, len(c.steps))
			for i, s := range c.steps {
				steps[i] = caseflow.PastStep{Action: s.action, At: monday.Add(time.Duration(s.at) * time.Minute), Form: s.form}
			}
			p, err := h.Engine.Replay(caseflow.Opening{Flow: "appeal", Action: "file", ID: store.IDAt(monday), At: monday, Matter: caseflow.Matter{No: "1", Class: Normal}}, steps, monday.Add(time.Duration(c.until)*time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, k := range p.Clocks {
				got = append(got, k.Name+" "+string(k.Outcome))
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

// What a form names must be there, and a reply that says that something was done
// brings the photos that its item asks for.
func TestWhatAFormNames(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	var photos []any
	for _, content := range []string{"before", "after"} {
		raw := "\x89PNG\r\n\x1a\n" + content
		b, err := h.Files.Put(ctx, strings.NewReader(raw), int64(len(raw)), 0)
		if err != nil {
			t.Fatal(err)
		}
		photos = append(photos, b.ID)
	}
	item := map[string]string{}
	for _, it := range h.district.Load().duty.Items {
		if item[it.Evidence] == "" {
			item[it.Evidence] = it.Code
		}
	}
	who := account.NewActor(h.Dir, account.Account{Kind: account.Staff}, account.Grant{Role: "dispatcher", Unit: "pf-zhihui"}, account.Grant{Role: "receiver", Unit: "st-xixiang"}, account.Grant{Role: "handler", Unit: "st-xixiang"})
	dispatch := func(item string) Step {
		return Step{"dispatch", map[string]any{"unit": "st-xixiang", "item": item}}
	}
	sign := Step{Action: "sign"}
	reply := func(result string, files ...any) Step {
		return Step{"reply", map[string]any{"result": result, "reply": "已派员现场处置完毕", "files": files}}
	}
	for name, c := range map[string]struct {
		steps []Step
		wrong map[string]string
	}{
		"no such item":              {[]Step{dispatch("999999")}, map[string]string{"item": "no_such_item"}},
		"no such place":             {[]Step{{"dispatch", map[string]any{"unit": "st-xixiang", "place": "atlantis"}}}, map[string]string{"place": "no_such_place"}},
		"no such class":             {[]Step{{"dispatch", map[string]any{"unit": "st-xixiang", "class": "high"}}}, map[string]string{"class": "no_such_option"}},
		"no such ground to refuse":  {[]Step{{"refuse", map[string]any{"reason": []any{"mood"}, "reply": "请通过其他法定途径解决您的问题"}}}, map[string]string{"reason": "no_such_option"}},
		"no such ground to return":  {[]Step{dispatch(item["none"]), {"request_return", map[string]any{"reason": []any{"mood"}, "basis": "不属于本单位职责"}}}, map[string]string{"reason": "no_such_option"}},
		"a photo that nobody sent":  {[]Step{dispatch(item["none"]), sign, reply("solved", "made-up")}, map[string]string{"files": "no_such_file"}},
		"no photo asked for":        {[]Step{dispatch(item["none"]), sign, reply("solved")}, nil},
		"no photo where one is due": {[]Step{dispatch(item["photo"]), sign, reply("solved")}, map[string]string{"files": "evidence"}},
		"one where one is due":      {[]Step{dispatch(item["photo"]), sign, reply("solved", photos[0])}, nil},
		"one where two are due":     {[]Step{dispatch(item["before_after"]), sign, reply("partly", photos[0])}, map[string]string{"files": "evidence"}},
		"two where two are due":     {[]Step{dispatch(item["before_after"]), sign, reply("solved", photos...)}, nil},
		"an explanation needs none": {[]Step{dispatch(item["before_after"]), sign, reply("explained")}, nil},
		"nor what cannot be done":   {[]Step{dispatch(item["before_after"]), sign, reply("cannot")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			filed := h.fileOne(t, Intake{Text: "西乡街道流塘路井盖破损，请处理", Address: "西乡街道"}, "")
			_, err := h.Act(ctx, who, filed.ID, 0, c.steps)
			var r *caseflow.Refusal
			if errors.As(err, &r); (r == nil) != (c.wrong == nil) || r == nil && err != nil {
				t.Fatalf("%v, want %v", err, c.wrong)
			}
			for field, want := range c.wrong {
				if r.Code != "form" || r.Fields[field] != want {
					t.Errorf("%v, want %v", r.Fields, c.wrong)
				}
			}
		})
	}
}

// Matters that are open keep the flow that they started under: those of earlier
// releases must compile, and what they ask for must be there.
func TestFlowsOfEarlierReleases(t *testing.T) {
	files, err := filepath.Glob("testdata/flows/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	effects := (&Service{}).effects()
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := caseflow.Compile(string(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for action, a := range f.Actions {
			for _, e := range a.Effects {
				if effects[e] == nil {
					t.Errorf("%s: action %s asks for %s, which is gone", name, action, e)
				}
			}
		}
	}
}
