package appeals

import (
	"context"
	"errors"
	"testing"
	"time"

	"shanzhi/core/caseflow"
	"shanzhi/core/store"
)

// near finds a neighbour of a view.
func (v *GraphView) near(kind, key string) GraphNode {
	for _, n := range v.Neighbours {
		if n.Kind == kind && n.Key == key {
			return n
		}
	}
	return GraphNode{}
}

// What appeals speak of ties them together, for those who may see them.
func TestGraph(t *testing.T) { bothStores(t, graphTies) }

func graphTies(t *testing.T, h *house) {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() { cancel(); h.Bus.Wait() }()
	h.Bus.Forward(ctx, elementConsumer, h.readNew)
	p := h.closingPeople(t)
	ids := map[string]string{}
	for unit, said := range map[string]string{
		"st-xixiang": "西乡街道前进二路深圳市鸿运达电子有限公司偷排废水，希望查处",
		"st-fuyong":  "福永街道鸿运达电子公司拖欠工资两个月，要求发放",
		"":           "鸿运达电子有限公司夜里噪音扰民，请处理",
	} {
		m, _ := h.file(t, said, nil)
		ids[unit] = m.ID.String()
		if unit != "" {
			h.doAct(t, p.platform, m.ID, Step{"dispatch", map[string]any{"unit": unit, "item": "110101"}})
		}
	}
	soon, done := context.WithTimeout(ctx, 20*time.Second)
	defer done()
	if err := h.Bus.Drained(soon, elementConsumer); err != nil {
		t.Fatal(err)
	}
	v, err := h.Neighbours(ctx, p.platform, "enterprise", "鸿运达电子", 90)
	if err != nil {
		t.Fatal(err)
	}
	if v.Node.N != 3 || v.Node.Open != 3 || len(v.Newest) != 3 || v.More {
		t.Errorf("%+v", v.Node)
	}
	if n := v.near("unit", "st-xixiang"); n.N != 1 || n.Name == "" {
		t.Errorf("%+v", n)
	}
	if n := v.near("item", "110101"); n.N != 2 {
		t.Errorf("%+v", n)
	}
	if n := v.near("place", "前进二路"); n.N != 1 || n.As == "" {
		t.Errorf("%+v", v.Neighbours)
	}
	basis := h.district.Load().duty.Item("110101").basis()[0]
	if n := v.near("basis", basis); n.N != 2 {
		t.Errorf("%+v", n)
	}
	// Both ways the same count.
	for _, n := range v.Neighbours {
		back, err := h.Neighbours(ctx, p.platform, n.Kind, n.Key, 90)
		if err != nil || back.near("enterprise", "鸿运达电子").N != n.N {
			t.Errorf("%s %s: %d there, %d back, %v", n.Kind, n.Key, n.N, back.near("enterprise", "鸿运达电子").N, err)
		}
	}
	if m, err := h.Neighbours(ctx, p.platform, "matter", ids["st-xixiang"], 90); err != nil || m.near("enterprise", "鸿运达电子").N != 1 || m.near("unit", "st-xixiang").N != 1 {
		t.Errorf("%+v %v", m, err)
	}
	// A unit counts its own, and what it may not see is absent.
	if v, err = h.Neighbours(ctx, p.handler, "enterprise", "鸿运达电子", 90); err != nil || v.Node.N != 1 || v.near("unit", "st-fuyong").N != 0 {
		t.Errorf("a unit sees %+v %v", v, err)
	}
	if _, err := h.Neighbours(ctx, p.handler, "matter", ids["st-fuyong"], 90); !errors.Is(err, caseflow.ErrNotFound) {
		t.Errorf("a unit sees a matter of another: %v", err)
	}
	for kind, key := range map[string]string{"enterprise": "没有这家", "item": "nothing", "matter": "x", "colour": "red", "street": "nowhere", "basis": "《没有的法》", "topic": "1"} {
		if _, err := h.Neighbours(ctx, p.platform, kind, key, 0); !errors.Is(err, caseflow.ErrNotFound) {
			t.Errorf("%s %s: %v", kind, key, err)
		}
	}
	// The dispatcher of the third is told who had the others; no probability moves.
	third, err := store.ParseID(ids[""])
	if err != nil {
		t.Fatal(err)
	}
	m, _ := h.look(t, third)
	sg := Suggestion{Candidates: []Candidate{{Unit: "st-fuyong", P: 0.4}, {Unit: "st-shajing", P: 0.3}}}
	if err := h.addTies(ctx, &sg, m); err != nil || len(sg.Reasons) != 1 || sg.Reasons[0] != (Reason{"graph", "鸿运达电子：以往 2 件中 1 件由其承办"}) || len(sg.Candidates[1].Why) != 0 || sg.Candidates[0].P != 0.4 {
		t.Errorf("%+v %v", sg, err)
	}
	found, err := h.FindNodes(ctx, p.platform, "鸿运", 90)
	if err != nil || len(found) != 1 || found[0].Kind != "enterprise" || found[0].N != 3 {
		t.Errorf("%+v %v", found, err)
	}
	if found, err := h.FindNodes(ctx, p.handler, "", 90); err != nil || len(found) != 2 || found[0].N != 1 {
		t.Errorf("a unit finds %+v %v", found, err)
	}
	h.ahead.Add(int64(100 * 24 * time.Hour))
	if v, err := h.Neighbours(ctx, p.platform, "unit", "st-xixiang", 90); err != nil || v.Node.N != 0 {
		t.Errorf("outside the window: %+v %v", v.Node, err)
	}
}
