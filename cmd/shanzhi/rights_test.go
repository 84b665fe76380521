package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// Every operation of the OpenAPI document as every role and as a stranger: who
// may not call it gets 401 or 403 and nothing else, who may never gets 401,
// and nobody gets an error that was not foreseen.
func TestEveryOperationAsEveryRole(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	f := s.file("", "西乡街道流塘路井盖破损，请尽快处理", nil)
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Access      any    `json:"x-access"`
			RequestBody *struct{}
		}
	}
	s.must("", "GET", "/openapi.json", nil, &doc)
	cast := map[string][]string{"": nil, "citizen:16000000001": {"citizen"}}
	for _, c := range demoCast {
		cast[c.login] = append([]string{"staff"}, c.roles...)
	}
	bodies := map[string]any{
		"file-appeal":             map[string]any{"text": "新安街道路灯不亮，请维修"},
		"act-on-appeal":           map[string]any{"steps": []step{do("mark_major", map[string]any{"note": "试一试"})}},
		"assign-appeal":           map[string]any{"to": ""},
		"reveal-appellant":        map[string]any{"reason": "核实地址"},
		"find-similar":            map[string]any{"text": "井盖破损"},
		"put-filter":              map[string]any{"query": "open=true"},
		"sign-in":                 map[string]any{"login": "nobody", "password": "wrong"},
		"send-code":               map[string]any{"phone": "bad"},
		"sign-in-by-code":         map[string]any{"phone": "16000000009", "code": "000000"},
		"confirm-second-factor":   map[string]any{"secret": "AAAA", "code": "000000"},
		"create-key":              map[string]any{"name": "k", "scopes": []string{"*"}, "days": 1},
		"create-account":          map[string]any{"login": "new-one", "name": "新人", "unit": "st-xixiang", "roles": []any{}},
		"change-account":          map[string]any{"name": "新人", "unit": "st-xixiang", "roles": []any{}},
		"change-password":         map[string]any{"old": "wrong", "new": "also-wrong-1"},
		"drop-second-factor":      map[string]any{"proof": "wrong"},
		"renew-recovery-codes":    map[string]any{"proof": "wrong"},
		"check-pack-file":         map[string]any{"path": "none.yaml", "text": "x"},
		"put-pack-file":           map[string]any{"path": "none.yaml", "text": "x"},
		"merge-appeals":           map[string]any{"ids": []string{f.ID}, "reason": "同一件事"},
		"split-appeal":            map[string]any{"reason": "并错了"},
		"link-appeal":             map[string]any{"other": f.ID, "kind": "repeat"},
		"freeze-assessment":       map[string]any{"scheme": "two_by_25", "month": "2026-01"},
		"contest-score":           map[string]any{"scheme": "two_by_25", "month": "2026-01", "reason": "因台风停工超期不可抗力"},
		"add-assessment-entry":    map[string]any{"scheme": "two_by_25", "month": "2026-01", "unit": "st-xixiang", "extra": "merits", "points": 1, "reason": "经验推广"},
		"delegate":                map[string]any{"account": f.ID, "since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z", "reason": "休假"},
		"put-shift":               map[string]any{"account": f.ID, "kind": "leave", "since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"},
		"put-skills":              map[string]any{"items": []string{"1101"}},
		"add-lead":                map[string]any{"source": "patrol", "text": "西乡街道流塘路井盖破损"},
		"act-on-lead":             map[string]any{"action": "verify", "version": 1},
		"add-note":                map[string]any{"text": "请关注"},
		"open-dossier":            map[string]any{"title": "重复的事", "about": "同一处井盖反复破损", "unit": "st-xixiang", "appeals": []string{f.ID}, "reason": "多次反映"},
		"act-on-dossier":          map[string]any{"action": "archive", "version": 1},
		"write-handover":          map[string]any{"shift": "早班", "kind": "note", "text": "一切正常"},
		"act-on-topic":            map[string]any{"action": "rename", "version": 1},
		"ask":                     map[string]any{"question": "居住证需要什么材料"},
		"rate-answer":             map[string]any{"question": "居住证需要什么材料", "kind": "knowledge", "id": "none", "useful": true},
		"report-entry":            map[string]any{"text": "内容有误"},
		"look-at-tags":            map[string]any{"subject": "building", "purpose": "visit", "note": "试看"},
		"create-knowledge":        map[string]any{"entry": map[string]any{"code": "", "title": "试写一条", "body": "试写的内容。", "unit": "st-xixiang"}},
		"try-knowledge":           map[string]any{"entry": map[string]any{"code": "", "title": "试写一条", "body": "试写的内容。", "unit": "st-xixiang"}, "question": "试写"},
		"act-on-knowledge":        map[string]any{"action": "renew", "seq": 1},
		"act-on-question":         map[string]any{"action": "reopen", "seq": 0},
		"correct-elements":        map[string]any{"version": 1, "words": map[string][]string{"where": {"流塘路"}}},
		"polish-reply":            map[string]any{"text": "您好，已处理。"},
		"read-notices":            map[string]any{"upto": "1"},
		"make-report":             map[string]any{"kind": "daily", "period": "2026-01-05"},
		"act-on-report":           map[string]any{"action": "review"},
		"make-meeting":            map[string]any{"kind": "daily_dispatch"},
		"write-meeting-minute":    map[string]any{"text": "议定事项"},
		"give-meeting-task":       map[string]any{"what": "排查积水点", "to": "st-xixiang", "until": "2026-01-05"},
		"decide-retention":        map[string]any{"approve": false, "reason": "暂不销毁"},
		"put-hold":                map[string]any{"no": f.No, "reason": "涉诉保全"},
		"release-hold":            map[string]any{"reason": "诉讼已结"},
		"put-resource":            map[string]any{"resource": map[string]any{"code": "n", "board": "home", "place": 1, "name": map[string]string{"zh": "试"}, "owner": "区", "scope": "district", "url": "/guide", "auth": "none", "audience": "all"}, "version": 0, "reason": "试一试"},
		"act-on-resource":         map[string]any{"action": "stop", "version": 1, "reason": "试一试"},
		"create-place":            map[string]any{"place": map[string]any{"kind": "building", "name": "试一栋"}, "day": "2026-01-05", "reason": "试一试"},
		"change-place":            map[string]any{"action": "retire", "version": 1, "day": "2026-01-06", "reason": "试一试"},
		"link-place":              map[string]any{"kind": "enterprise", "party": "91440300MA5DA1234X", "role": "seat", "source": "试", "confidence": 1, "since": "2026-01-05", "reason": "试一试"},
		"end-place-link":          map[string]any{"version": 1, "day": "2026-01-06", "reason": "试一试"},
		"look-at-place":           map[string]any{"purpose": "visit", "note": "走访"},
		"find-cim-things-within":  map[string]any{"layer": "building", "polygon": [][]float64{{113.8, 22.6}, {113.81, 22.6}, {113.8, 22.61}}},
		"put-building-body":       map[string]any{"version": 1, "reason": "试一试", "floors": []any{}, "units": []any{}, "shell": []any{map[string]any{"code": "1", "from": 0, "to": 3, "outline": [][]float64{{113.8, 22.6}, {113.81, 22.6}, {113.8, 22.61}}}}},
		"propose-building-tiles":  map[string]any{"reason": "试一试"},
		"propose-tileset":         map[string]any{"reason": "试一试"},
		"decide-tileset":          map[string]any{"publish": false},
		"make-storyboard":         map[string]any{"title": "试一试", "shots": []any{}},
		"put-storyboard":          map[string]any{"title": "试一试", "shots": []any{}, "version": 1},
		"find-whereabouts":        map[string]any{"kind": "person", "key": "16000000001", "purpose": "visit", "note": "走访"},
		"parse-address":           map[string]any{"text": "西乡街道流塘路12号"},
		"match-address":           map[string]any{"text": "西乡街道流塘路12号"},
		"review-address":          map[string]any{"action": "nowhere"},
		"reconcile-city":          map[string]any{"day": "2026-01-05"},
		"mend-city-difference":    map[string]any{"act": "ignore", "reason": "双方已核对"},
		"create-service-item":     map[string]any{"elements": map[string]any{"name": "试写事项", "department": "区民政局"}},
		"act-on-service-item":     map[string]any{"step": "submit", "seq": 0},
		"draft-decision-version":  map[string]any{"body": "pack: n", "cases": "[]"},
		"try-decision-text":       map[string]any{"body": "pack: n", "cases": "[]"},
		"act-on-decision-version": map[string]any{"step": "review", "seq": 1},
		"try-decision":            map[string]any{"version": 1, "case": map[string]any{}},
		"put-decision-mode":       map[string]any{"mode": "off", "seq": 0, "reason": "试一试"},
		"what-if-decided":         map[string]any{"version": 1, "from": "2026-01-01", "to": "2026-01-31"},
		"reveal-decided":          map[string]any{"reason": "核对"},
		"begin-benefit-scan":      map[string]any{"reason": "免申即享"},
		"answer-offer":            map[string]any{"answer": "decline"},
		"act-on-meeting-task":     map[string]any{"action": "report", "version": 1, "note": "已排查"},
	}
	// Operations whose own answer to a wrong sign-in is 401, and sign-out, which
	// would end the session that the test uses.
	signing := []string{"sign-in", "sign-in-by-code", "confirm-second-factor", "sign-out", "change-password", "drop-second-factor"}
	tried := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			if op.Access == nil {
				t.Errorf("%s %s says nothing of who may call it", method, path)
				continue
			}
			if slices.Contains(signing, op.OperationID) {
				continue
			}
			url := strings.NewReplacer("{id}", f.ID, "{code}", f.Tracking, "{name}", "n", "{key}", f.ID, "{unit}", "st-xixiang", "{other}", f.ID, "{kind}", "repeat", "{n}", "0").Replace(path)
			if strings.HasSuffix(path, "/file") && method == "get" {
				url += "?format=pdf"
			}
			if op.OperationID == "get-pack-file" {
				url += "?path=pack.yaml"
			}
			if op.OperationID == "list-sub-matters" {
				url += "?flow=supervision"
			}
			if strings.HasPrefix(path, "/api/assessments/") && method == "get" {
				url += "?scheme=two_by_25&month=2026-01&unit=st-xixiang"
			}
			if op.OperationID == "list-pack-versions" {
				url += "?path=pack.yaml"
			}
			if op.OperationID == "get-roster" {
				url += "?unit=st-xixiang&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"
			}
			if op.OperationID == "list-graph-neighbours" {
				url += "?kind=unit&key=st-xixiang"
			}
			if op.OperationID == "find-caller" {
				url += "?phone=16000000001"
			}
			var body any
			if method == "post" || method == "put" {
				if body = bodies[op.OperationID]; body == nil {
					body = map[string]any{}
				}
			}
			for who, roles := range cast {
				status, answer := s.call(who, strings.ToUpper(method), url, body, nil)
				tried++
				may := false
				switch a := op.Access.(type) {
				case string:
					may = a == "public" || a == "signed-in" && who != ""
				case []any:
					may = slices.ContainsFunc(a, func(r any) bool { return slices.Contains(roles, r.(string)) })
				}
				var problem struct{ Code string }
				_ = json.Unmarshal([]byte(answer), &problem)
				switch {
				case status == 429: // limited before it was looked at
				case status >= 500:
					t.Errorf("%s %s as %q: %d %s", method, path, who, status, answer)
				case !may && who == "" && status != 401, !may && who != "" && status != 403:
					t.Errorf("%s %s as %q (%v): %d, must be refused: %v", method, path, who, roles, status, op.Access)
				case may && status == 401 && op.Access != "public":
					t.Errorf("%s %s as %q: %d %s", method, path, who, status, answer)
				case may && status == 403 && problem.Code == "forbidden" && !slices.Contains([]string{"reveal-appellant", "get-board"}, op.OperationID):
					t.Errorf("%s %s as %q may be called and is forbidden", method, path, who)
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d calls were tried", tried)
	}
}

// What one may not see is absent: each role is asked for an appeal that it has
// nothing to do with, and for what a handler may not know.
func TestWhatOneMayNotSeeIsAbsent(t *testing.T) {
	t.Parallel()
	s := start(t, demoFolder(t), "--demo", "--demo-days", "0")
	more := map[string]any{"appellant": map[string]string{"name": "王小明", "phone": "16012345678"}, "channel": "hotline"}
	with := func(k string, v any) map[string]any {
		m := map[string]any{k: v}
		for key, val := range more {
			m[key] = val
		}
		return m
	}
	open := s.file("agent", "西乡街道流塘社区噪音扰民", more)
	confidential := s.file("agent", "西乡街道流塘社区黑作坊", with("secrecy", "confidential"))
	about := s.file("agent", "西乡街道办事处窗口态度恶劣", with("about", "st-xixiang"))
	anonymous := s.file("", "西乡街道流塘社区有人赌博", map[string]any{"secrecy": "anonymous"})
	for _, f := range []filed{open, confidential, about, anonymous} {
		if status, _ := s.call("street", "GET", "/api/appeals/"+f.ID, nil, nil); status != 404 {
			t.Errorf("before it is dispatched the street sees %s: %d", f.No, status)
		}
		s.act("dispatcher", f.ID, do("dispatch", map[string]any{"unit": "st-xixiang"}))
	}
	contact := func(who, id string) string {
		var page struct {
			Appellant *struct{ Name, Phone string }
		}
		s.must(who, "GET", "/api/appeals/"+id, nil, &page)
		if page.Appellant == nil {
			return "absent"
		}
		return page.Appellant.Name + " " + page.Appellant.Phone
	}
	for _, c := range []struct {
		what, who, id, want string
	}{
		{"an open appeal's unit", "street", open.ID, "王** 160****5678"},
		{"a confidential appeal's unit", "street", confidential.ID, "absent"},
		{"the unit complained of", "street", about.ID, "absent"},
		{"an anonymous appeal's unit", "street", anonymous.ID, "absent"},
		{"the platform, confidential", "reviewer", confidential.ID, "王** 160****5678"},
		{"the platform, anonymous", "agent", anonymous.ID, "absent"},
	} {
		if got := contact(c.who, c.id); got != c.want {
			t.Errorf("%s sees %q, want %q", c.what, got, c.want)
		}
	}
	// Who handles it may call through a lent number, and the appellant sees that.
	for _, c := range []struct {
		what, who, id string
		status        int
	}{
		{"an open appeal's unit", "street", open.ID, 200},
		{"a confidential appeal's unit", "street", confidential.ID, 200},
		{"the unit complained of", "street", about.ID, 403},
		{"an anonymous appeal's unit", "street", anonymous.ID, 403},
		{"another unit", "department", open.ID, 404},
		{"a leader", "leader", open.ID, 403},
	} {
		var lent struct{ Number string }
		if status, body := s.call(c.who, "POST", "/api/appeals/"+c.id+"/call", nil, &lent); status != c.status || status == 200 && !strings.HasPrefix(lent.Number, "95013") || strings.Contains(body, "16012345678") {
			t.Errorf("%s calls: %d %s", c.what, status, body)
		}
	}
	var looks []struct{ What, Unit string }
	s.must("citizen:16012345678", "GET", "/api/me/looks", nil, &looks)
	if len(looks) != 2 || looks[0].What != "relay" {
		t.Errorf("the appellant sees %+v", looks)
	}
	for _, who := range []string{"street", "street-head", "leader", "citizen:16000000002"} {
		if status, _ := s.call(who, "POST", "/api/appeals/"+open.ID+"/reveal", map[string]string{"reason": "想看看"}, nil); status != 403 {
			t.Errorf("%s revealed the appellant: %d", who, status)
		}
	}
	if status, _ := s.call("agent", "POST", "/api/appeals/"+anonymous.ID+"/reveal", map[string]string{"reason": "想看看"}, nil); status != 403 {
		t.Errorf("an anonymous appellant was revealed: %d", status)
	}
	if status, _ := s.call("citizen:16000000002", "GET", "/api/appeals/"+open.ID, nil, nil); status != 404 {
		t.Errorf("another citizen sees it: %d", status)
	}
	if status, _ := s.call("track:"+anonymous.Tracking, "GET", "/api/appeals/"+open.ID, nil, nil); status != 404 {
		t.Errorf("another appeal's tracking code opens it: %d", status)
	}
}
