package services

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"shanzhi/core/store"
)

// Assisted filling: opened by the applicant, one application, limited in time; the clerk
// sees no personal answers, and nothing that they typed is sent unconfirmed.
func TestAssisted(t *testing.T) {
	onBothCases(t, func(t *testing.T, h *caseHouse) {
		ctx := context.Background()
		h.at(t, "2026-09-01 09:00")
		me, clerk := h.citizen(t, "李记", "13800138000", "11010519491231002X"), h.street(t)
		a := h.drafted(t, me)
		if _, err := h.OpenAssist(ctx, h.citizen(t, "王五", "13800138001", "110105194912310038"), a.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another's application: %v", err)
		}
		old, err := h.OpenAssist(ctx, me, a.ID)
		if err != nil || len(old.Code) != 8 || old.State != "waiting" {
			t.Fatalf("%+v %v", old, err)
		}
		open, err := h.OpenAssist(ctx, me, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.JoinAssist(ctx, clerk, old.Code); err == nil {
			t.Error("an ended code was taken")
		}
		if _, err := h.JoinAssist(ctx, h.staff["accept"], open.Code); problemOf(err) != "forbidden" {
			t.Errorf("who decides helped to fill in: %v", err)
		}
		s, err := h.JoinAssist(ctx, clerk, open.Code)
		if err != nil || s.State != "joined" {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := h.JoinAssist(ctx, h.staff["window"], open.Code); err == nil {
			t.Error("a second clerk joined")
		}
		for _, secret := range []string{"李记", "11010519491231002X", "13800138000", "王五"} {
			if strings.Contains(strings.ReplaceAll(fmt.Sprint(s.Values), "李记小馆", ""), secret) {
				t.Errorf("the clerk sees %s: %v", secret, s.Values)
			}
		}
		if s.Values["shop_name"] != "李记小馆" || len(s.Materials) == 0 {
			t.Errorf("the clerk sees too little: %+v", s.Values)
		}
		if _, err := h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"nothing": 1}); problemOf(err) != "invalid" {
			t.Errorf("an unknown question: %v", err)
		}
		if s, err = h.TypeAssist(ctx, clerk, s.ID, s.Version, nil, map[string]any{"address": "宝安区西乡街道流塘路2号"}); err != nil || s.Unconfirmed != 1 || s.Typed[0].Value != nil {
			t.Fatalf("%+v %v", s, err)
		}
		if _, err := h.SendApplication(ctx, me, a.ID, s.Version, false); problemOf(err) != "assist_unconfirmed" {
			t.Errorf("sent unconfirmed: %v", err)
		}
		if _, err := h.SendApplication(ctx, clerk, a.ID, s.Version, false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the clerk sent it: %v", err)
		}
		mine, err := h.AssistOf(ctx, me, a.ID)
		if err != nil || mine.Typed[0].Value != "宝安区西乡街道流塘路2号" || mine.Form != nil {
			t.Fatalf("%+v %v", mine, err)
		}
		if _, err := h.ConfirmAssist(ctx, me, s.ID, s.Version-1); err == nil {
			t.Error("what was not seen was confirmed")
		}
		if mine, err = h.ConfirmAssist(ctx, me, s.ID, mine.Version); err != nil || mine.Unconfirmed != 0 {
			t.Fatalf("%+v %v", mine, err)
		}
		h.at(t, "2026-09-01 09:05")
		if s, err = h.TypeAssist(ctx, clerk, s.ID, s.Version, map[string]any{"area": 80}, nil); err != nil || s.Unconfirmed != 1 {
			t.Fatalf("typed again: %+v %v", s, err)
		}
		h.at(t, "2026-09-01 09:40") // the session has run out
		if _, err := h.TypeAssist(ctx, clerk, s.ID, s.Version, map[string]any{"area": 90}, nil); problemOf(err) != "assist_ended" {
			t.Errorf("typed after the end: %v", err)
		}
		if mine, err = h.ConfirmAssist(ctx, me, s.ID, s.Version); err != nil || mine.State != "ended" || mine.EndedBy != "time" {
			t.Fatalf("%+v %v", mine, err)
		}
		sent, err := h.SendApplication(ctx, me, a.ID, mine.Version, false)
		if err != nil {
			t.Fatal(err)
		}
		if ch, err := store.Get[string](ctx, h.Store, `SELECT channel FROM service_case WHERE id = ?`, int64(sent.Case)); err != nil || ch != "assisted" {
			t.Errorf("channel %s %v", ch, err)
		}
		if mine, err = h.AssistOf(ctx, me, a.ID); err != nil || len(mine.Log) != 7 {
			t.Errorf("log: %+v %v", mine.Log, err)
		}
		// Ended by the clerk; a code that ran out.
		b := h.drafted(t, me)
		if open, err = h.OpenAssist(ctx, me, b.ID); err != nil {
			t.Fatal(err)
		}
		h.at(t, "2026-09-01 09:51")
		if _, err := h.JoinAssist(ctx, clerk, open.Code); err == nil {
			t.Error("a code that ran out was taken")
		}
		if open, err = h.OpenAssist(ctx, me, b.ID); err != nil {
			t.Fatal(err)
		}
		if s, err = h.JoinAssist(ctx, clerk, open.Code); err != nil {
			t.Fatal(err)
		}
		if s, err = h.EndAssist(ctx, clerk, s.ID); err != nil || s.State != "ended" || s.EndedBy != "clerk" || s.Values != nil {
			t.Errorf("%+v %v", s, err)
		}
	})
}
