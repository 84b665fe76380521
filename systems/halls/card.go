package halls

import (
	"context"
	"errors"
	"strings"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/adapter"
	"shanzhi/core/httpapi"
	"shanzhi/core/notice"
	"shanzhi/core/store"
	"shanzhi/core/subject"
	"shanzhi/core/vault"
)

// CardShown is who stands at a device and signs in by identity card (刷身份证): what the
// card says, and what the camera sees. Its device has signed it, so that no browser can say
// it. Neither picture is kept.
type CardShown struct {
	Name     string `json:"name" minLength:"1" maxLength:"60" doc:"As the card says"`
	IDNumber string `json:"id_number" minLength:"6" maxLength:"40"`
	Portrait []byte `json:"portrait" doc:"On the card; it is not kept"`
	Live     []byte `json:"live" doc:"Of the camera; it is not kept"`
}

// CardSession is the session of somebody who signed in so.
type CardSession struct {
	Cookie  string    `json:"cookie" doc:"For the device's own browser"`
	Name    string    `json:"name" doc:"Masked"`
	Expires time.Time `json:"expires"`
}

// cardRefusals are what the register may say against a card.
var cardRefusals = map[adapter.IDCardState]string{adapter.IDCardLost: "card_lost", adapter.IDCardOver: "card_over", adapter.IDCardUnknown: "card_unknown"}

// SignByCard signs in who stands at a device, for as long as the pack says: the card must
// be good, and the face its own. After as many refused faces within the hour as the pack
// allows the number can sign in so no more, at whatever device, and its holder is told.
func (s *Service) SignByCard(ctx context.Context, x signed, in CardShown, cookie func(token string, expires time.Time) string) (CardSession, error) {
	r := s.book.Load().devices.Sign
	if err := s.alone(ctx, &x); err != nil {
		return CardSession{}, err
	}
	name, number := strings.TrimSpace(in.Name), strings.ToUpper(strings.TrimSpace(in.IDNumber))
	switch {
	case !x.has("apply") || s.Cards == nil || s.Faces == nil:
		return CardSession{}, fail("card_none")
	case x.Locked:
		return CardSession{}, fail("device_locked")
	case name == "" || subject.CheckIDNumber(number) != nil:
		return CardSession{}, fail("card_unknown")
	}
	digest, now := s.Keys.MAC("halls.card_sign", number), s.Store.Now()
	tries, err := store.Get[int](ctx, s.Store, `SELECT count(*) FROM hall_card_sign WHERE digest = ? AND at > ? AND outcome = 'face'`, digest, store.At(now.Add(-time.Hour)))
	if err != nil {
		return CardSession{}, err
	}
	if tries >= r.Tries {
		return CardSession{}, fail("card_locked")
	}
	state, err := s.Cards.Card(ctx, name, number)
	if err != nil {
		return CardSession{}, httpapi.Fail(503, "card_off")
	}
	why, outcome := cardRefusals[state], string(state)
	if why == "" {
		alike, err := s.Faces.Alike(ctx, in.Portrait, in.Live)
		if err != nil {
			return CardSession{}, httpapi.Fail(503, "pickup_face_off")
		}
		if outcome = "signed"; alike < s.book.Load().devices.Pickup.Face {
			why, outcome = "pickup_face", "face"
		}
	}
	var who account.Account
	if why == "" {
		if who, err = s.Accounts.CitizenByCard(ctx, s.Vault, name, number); errors.Is(err, account.ErrDisabled) {
			return CardSession{}, fail("card_none")
		} else if err != nil {
			return CardSession{}, err
		}
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO hall_card_sign (id, device, digest, outcome, at) VALUES (?, ?, ?, ?, ?)`, tx.NewID(), x.ID, digest, outcome, store.At(now)); err != nil {
			return err
		}
		if why == "" {
			return s.tellCard(ctx, tx, x, who.Person, "card_signed")
		}
		if why != "pickup_face" || tries+1 < r.Tries {
			return nil
		}
		known, err := s.Vault.Find(ctx, tx, vault.IDNumber, number)
		for _, person := range known {
			if err == nil {
				err = s.tellCard(ctx, tx, x, person, "card_locked")
			}
		}
		return err
	}); err != nil {
		return CardSession{}, err
	}
	if why != "" {
		return CardSession{}, fail(why)
	}
	address, _ := httpapi.Request(ctx)
	token, expires, err := s.Accounts.NewSessionFor(ctx, who, "自助终端 "+x.Code, address, time.Duration(r.Most))
	return CardSession{cookie(token, expires), who.Name, expires}, err
}

func (s *Service) tellCard(ctx context.Context, tx *store.Tx, x signed, person store.ID, name string) error {
	if s.Notices == nil {
		return nil
	}
	return s.Notices.Tell(ctx, tx, notice.Note{Name: name, Person: person, About: "device/" + x.ID.String(), Link: "/account", Words: map[string]string{"unit": s.placeName(ctx, tx, x.ID), "title": x.Name}})
}
