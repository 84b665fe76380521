package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"shanzhi/core/adapter"
	"shanzhi/core/store"
	"shanzhi/systems/halls"
	"shanzhi/systems/halls/kiosk"
)

// licencesOf answers the halls what they ask of government services: licences to be
// picked up, items that one may do by oneself.
type licencesOf struct{ h *House }

// LicenceToCollect implements halls.Licences.
func (x licencesOf) LicenceToCollect(ctx context.Context, id store.ID) (halls.LicencePaper, error) {
	l, err := x.h.Services.LicenceToCollect(ctx, id)
	if err != nil {
		return halls.LicencePaper{}, err
	}
	out := halls.LicencePaper{ID: l.ID, Case: l.Case, Person: l.Person, Type: l.Type, No: l.No, Token: l.Token, Name: halls.Text(l.Name), Usable: l.Usable, Holder: l.FullName, IDNumber: l.IDNumber}
	out.Lines = append(out.Lines, kiosk.PrintLine{Title: "证照编号", Value: l.No})
	for _, line := range l.Lines {
		out.Lines = append(out.Lines, kiosk.PrintLine{Title: line.Title, Value: line.Value})
	}
	out.Lines = append(out.Lines, kiosk.PrintLine{Title: "发证机关", Value: l.Issuer}, kiosk.PrintLine{Title: "发证日期", Value: l.From})
	return out, nil
}

// SelfServiceItems implements halls.SelfItems.
func (x licencesOf) SelfServiceItems(ctx context.Context, day string) ([]halls.FaceItem, error) {
	rows, err := x.h.Services.SelfServiceItems(ctx, day)
	out := make([]halls.FaceItem, len(rows))
	for i, r := range rows {
		out[i] = halls.FaceItem{ID: r.ID.String(), Code: r.Code, Name: r.Name}
	}
	return out, err
}

// facesOf is the comparison of faces that SHANZHI_FACE_URL and SHANZHI_FACE_KEY name, else
// the simulator.
func facesOf() halls.Faces {
	if at := os.Getenv("SHANZHI_FACE_URL"); at != "" {
		return &adapter.FaceGateway{URL: at, Key: os.Getenv("SHANZHI_FACE_KEY"), Client: &http.Client{Timeout: 10 * time.Second}}
	}
	return adapter.FaceSimulator{}
}

// cardsOf is the register of identity cards that SHANZHI_IDCARD_URL and SHANZHI_IDCARD_KEY
// name, else the simulator.
func cardsOf() adapter.IDCards {
	if at := os.Getenv("SHANZHI_IDCARD_URL"); at != "" {
		return &adapter.IDCardGateway{URL: at, Key: os.Getenv("SHANZHI_IDCARD_KEY"), Client: &http.Client{Timeout: 10 * time.Second}}
	}
	return &adapter.IDCardSimulator{}
}
