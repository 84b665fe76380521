// Package language lets a language model (大模型) better the wording of a text that
// has its sources, and nothing else. A model is never needed: where there is none,
// it fails, or it adds something, the text stays as it was.
//
// Only masked text leaves the house, each call is in the audit before it is made,
// and an answer is refused that claims what its sources do not (text.Unsupported).
package language

import (
	"context"
	"log/slog"
	"strings"
	"unicode/utf8"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/audit"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// Polisher betters texts by a model. The zero Model is none.
type Polisher struct {
	Model adapter.LLM
	Name  string // of the model, for the audit
	Store *store.Store
}

// On says that there is a model.
func (p *Polisher) On() bool { return p != nil && p.Model != nil }

// Why a text stayed as it was.
const (
	Off    = "off"    // there is no model
	Failed = "failed" // it gave no answer in time
	Added  = "added"  // it claims what the sources do not
)

// Polished is a text after the model, or as it was.
type Polished struct {
	Text    string   `json:"text"`
	Machine bool     `json:"machine" doc:"Worded by a language model: to be read before it is used"`
	Kept    string   `json:"kept,omitempty" enum:"off,failed,added" doc:"Why the text stayed as it was"`
	Added   []string `json:"added,omitempty" doc:"What the model claimed that no source says"`
}

// Ask is what is to be bettered.
type Ask struct {
	For         string // in the audit: "reply", "summary"
	Object      string // in the audit: "matter/123"
	Instruction string
	Text        string
	Sources     []string // what the text rests on, beside itself
	Names       []string // that it may use only where a source does
}

// rule is said to every model. It is not relied on.
const rule = "你只润色给出的文字：不增加、不删除任何事实、数字、日期、电话、单位、地点和姓名；保留所有【】及其中文字原样；只输出润色后的文字。"

// Polish gives the text in better words, or as it was with the reason. An error is
// one of the records: nothing left the house.
func (p *Polisher) Polish(ctx context.Context, who account.Actor, a Ask) (Polished, error) {
	out := Polished{Text: a.Text, Kept: Off}
	if !p.On() {
		return out, nil
	}
	asked := text.Mask(a.Text)
	err := p.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{Actor: who.Account, Unit: who.Unit, Action: "language.polish", Object: a.Object},
			map[string]any{"for": a.For, "characters": utf8.RuneCountInString(asked), "model": p.Name})
	})
	if err != nil {
		return out, err
	}
	answer, err := p.Model.Complete(ctx, rule+a.Instruction, asked)
	if err != nil {
		slog.Warn("the language model gave no answer; the text stays as it was", "for", a.For, "error", err)
		out.Kept = Failed
		return out, nil
	}
	answer = strings.TrimSpace(text.Clean(answer))
	if out.Added = text.Unsupported(answer, a.Names, append([]string{asked}, a.Sources...)...); len(out.Added) > 0 || utf8.RuneCountInString(answer) > 2*utf8.RuneCountInString(asked)+100 {
		out.Kept = Added
		return out, nil
	}
	return Polished{Text: answer, Machine: true}, nil
}
