package answer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shanzhi/core/answer"
)

var day = time.Date(2026, 11, 27, 4, 0, 0, 0, time.UTC)

// shelf is a small district's knowledge, made up for these tests.
func shelf() *answer.Index {
	docs := []answer.Document{
		{ID: "dog", Kind: "knowledge", Title: "养犬登记", Keywords: []string{"犬证", "养犬"}, Source: "城管局",
			Text: "饲养犬只应当办理养犬登记。所需材料：身份证、免疫证明。办理地点：街道养犬登记点。办理时限：3个工作日。首次登记不收费。咨询电话：12345。每年5月集中登记。"},
		{ID: "pool", Kind: "knowledge", Title: "游泳馆开放时间", Keywords: []string{"游泳馆"}, Source: "文体局", Text: "区游泳馆每日9:00至21:00开放。", To: day.AddDate(0, 0, -1)},
		{ID: "later", Kind: "knowledge", Title: "滑冰场开放时间", Keywords: []string{"滑冰场"}, Source: "文体局", Text: "区滑冰场每日9:00至21:00开放。", From: day.AddDate(0, 0, 1)},
		{ID: "desk", Kind: "knowledge", Title: "坐席值班口径", Keywords: []string{"值班口径"}, Source: "指挥中心", Text: "值班口径由组长每周一公布。", Internal: true},
		{ID: "d1", Kind: "duty", Title: "河道漂浮物", Keywords: []string{"河道", "漂浮物"}, Text: "“河道漂浮物”由水务局负责。", Source: "职责清单 d1", Asks: []answer.Ask{answer.Who}},
	}
	for i := range 40 { // others, so that a rare word is rare
		docs = append(docs, answer.Document{ID: fmt.Sprint("x", i), Kind: "knowledge", Title: fmt.Sprintf("事项甲%d办事指南", i), Text: "在窗口提交申请表，经核查后答复。", Source: "某局"})
	}
	return answer.New(docs, answer.Options{Own: []string{"深圳市宝安区"}})
}

// What is asked for decides which sentence answers.
func TestSentenceThatIsAskedFor(t *testing.T) {
	x := shelf()
	for question, want := range map[string]string{
		"请问养犬登记要带什么材料？":  "身份证、免疫证明",
		"养犬登记去哪里办":       "街道养犬登记点",
		"养犬登记多久能办好":      "3个工作日",
		"养犬登记要钱吗":        "不收费",
		"养犬登记咨询电话是多少":    "12345",
		"养犬登记什么时候集中办":    "5月",
		"狗证在哪办":          "街道养犬登记点",
		"河道漂浮物归谁管":       "水务局",
		"宝安的养犬登记去哪里办":    "街道养犬登记点",
		"从湖南带来的养犬登记去哪里办": "街道养犬登记点",
	} {
		a := x.Answer(question, answer.Asking{At: day})
		if !a.Known || !strings.Contains(a.Text, want) {
			t.Errorf("%s: known %v (%s, %.2f), %q does not hold %q", question, a.Known, a.Why, a.Confidence, a.Text, want)
		}
	}
}

// What is not known is not answered, and the reason is said.
func TestNotKnown(t *testing.T) {
	x := shelf()
	for question, why := range map[string]string{
		"":             "empty",
		"？！。":          "empty",
		"请问":           "empty",
		"明天会下雨吗":       "nothing",
		"北京的养犬登记去哪里办":  "elsewhere",
		"游泳馆几点开放":      "unsure", // no longer in force
		"滑冰场几点开放":      "unsure", // not yet
		"值班口径什么时候公布":   "nothing",
		"河道漂浮物的历史有多悠久": "nothing", // a duty list tells whose a thing is, and no more
		"养犬协会理事长的生日是哪天": "unsure",
	} {
		a := x.Answer(question, answer.Asking{At: day})
		if a.Known || a.Text != "" || a.Source != nil {
			t.Errorf("%q is answered: %.2f %s", question, a.Confidence, a.Text)
		}
		if a.Why != why && !(why == "unsure" && a.Why == "nothing") {
			t.Errorf("%q: why %q, want %q", question, a.Why, why)
		}
	}
	if a := x.Answer("值班口径什么时候公布", answer.Asking{At: day, Staff: true}); !a.Known {
		t.Errorf("staff is not told what is for staff: %+v", a)
	}
	if a := x.Answer("游泳馆几点开放", answer.Asking{At: day.AddDate(0, 0, -2)}); !a.Known {
		t.Errorf("what was in force is not told of then: %+v", a)
	}
	none := func(*answer.Document) bool { return false }
	if a := x.Answer("养犬登记去哪里办", answer.Asking{At: day, Keep: none}); a.Known || len(a.Near) > 0 {
		t.Errorf("what may not be seen is told: %+v", a)
	}
	if a := answer.New(nil, answer.Options{}).Answer("养犬登记去哪里办", answer.Asking{}); a.Known || a.Why != "nothing" {
		t.Errorf("an empty index answers: %+v", a)
	}
}

// Whatever is asked, what is said stands in its source, word for word, and only
// from the threshold on.
func TestAnswerStandsInItsSource(t *testing.T) {
	x := shelf()
	pieces := []string{"养犬", "登记", "狗证", "哪里", "多少钱", "归谁管", "河道", "漂浮物", "北京", "？", "\x00", "\xff", "a", "怎么", "值班", "🐕", "(", "12345", " "}
	rapid.Check(t, func(t *rapid.T) {
		q := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "pieces"), "") + rapid.String().Draw(t, "end")
		a := x.Answer(q, answer.Asking{At: day})
		if a.Confidence < 0 || a.Confidence > 1 {
			t.Fatalf("confidence %v", a.Confidence)
		}
		if a.Known != (a.Text != "") || a.Known != (a.Source != nil) || a.Known != (a.Why == "") {
			t.Fatalf("known %v, text %q, why %q", a.Known, a.Text, a.Why)
		}
		if !a.Known {
			return
		}
		if a.Confidence < answer.Shipped.Threshold {
			t.Fatalf("said at %v", a.Confidence)
		}
		if a.Source.Internal {
			t.Fatal("a citizen is told what is for staff")
		}
		for s := range strings.SplitAfterSeq(a.Text, "。") {
			if !strings.Contains(a.Source.Text, s) {
				t.Fatalf("%q does not stand in %q", s, a.Source.Text)
			}
		}
	})
}

// A fit separates what can be separated, and its threshold keeps the precision
// that was asked for.
func TestFit(t *testing.T) {
	x := shelf()
	var labels []answer.Label
	for q, right := range map[string]bool{"养犬登记去哪里办": true, "狗证多少钱": true, "河道漂浮物归谁管": true, "养犬登记多久": true, "养猫登记去哪里办": false, "小狗怎么洗澡": false, "登记手机号码怎么办": false, "河道里能游泳吗": false} {
		labels = append(labels, answer.Label{Answer: x.Answer(q, answer.Asking{At: day}), Right: right})
	}
	c := answer.Fit(labels, 1)
	fitted := 0
	for _, l := range labels {
		if said := c.Confidence(l.Answer) >= c.Threshold; said && !l.Right {
			t.Errorf("%q is said", l.Answer.Question.Text)
		} else if said {
			fitted++
		}
	}
	if fitted < 3 {
		t.Errorf("only %d of 4 right ones are said", fitted)
	}
	if c := answer.Fit(nil, 0.9); c.Threshold != 1 {
		t.Errorf("fitted on nothing, it says from %v on", c.Threshold)
	}
}

func TestReadLabelled(t *testing.T) {
	got, err := answer.ReadLabelled(strings.NewReader("question,source,holds,part\n甲,K1 11*,三日,tune\n乙,none,,held\n"))
	if err != nil || len(got) != 2 || len(got[0].Sources) != 2 || len(got[1].Sources) != 0 {
		t.Errorf("%+v %v", got, err)
	}
	for _, bad := range []string{"", "question,answer\n", "question,source,holds,part\n甲,,x,tune\n", "question,source,holds,part\n甲,none\n"} {
		if _, err := answer.ReadLabelled(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
