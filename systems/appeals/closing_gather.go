package appeals

import (
	"context"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"shanzhi/core/blob"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/systems/appeals/closing"
)

// photoRow is what is known of a photo of a reply.
type photoRow struct {
	Blob   string     `bun:"blob"`
	Matter store.ID   `bun:"matter"`
	Hash   string     `bun:"hash"`
	Print  string     `bun:"print"`
	Taken  store.Time `bun:"taken"`
	Lon    *float64   `bun:"lon"`
	Lat    *float64   `bun:"lat"`
}

const (
	// besides is with how many of the unit's other replies one is compared, and
	// besidesReach how far back they may be.
	besides      = 200
	besidesReach = 90 * 24 * time.Hour
	// againNear is how far apart, in degrees, two pins are the same place: some
	// hundred metres.
	againNear = 0.001
)

// gatherClosing gathers what the records know of a closing. It reads, and
// outside any transaction: photos take long.
func (s *Service) gatherClosing(ctx context.Context, settings *closing.Settings, m *caseflow.Matter, a *Appeal) (closing.Case, []photoRow, error) {
	d := s.district.Load()
	c := closing.Case{ID: m.ID.String(), Title: m.Title, Text: a.Text, Kind: a.Kind, Item: m.Item, Opened: m.OpenedAt.Time, Solved: a.Solved,
		Reply: closing.Reply{Text: a.Reply, Result: a.Result, At: a.RepliedAt.Time}}
	if a.Lon != nil && a.Lat != nil {
		c.Place = &closing.Point{Lon: *a.Lon, Lat: *a.Lat}
	}
	if words, part, err := partWords(ctx, s.Store, m.ID); err != nil {
		return c, nil, err
	} else if part { // the other things that were asked are answered elsewhere
		c.Title, c.Text = firstClause(words), words
	}
	events, err := caseflow.Events(ctx, s.Store, m.ID)
	if err != nil {
		return c, nil, err
	}
	contacts := closing.Contacts{Denied: a.Contacted != nil && !*a.Contacted}
	timing := closing.Timing{Replied: a.RepliedAt.Time}
	for _, e := range events {
		if e.At.After(a.RepliedAt.Time) {
			continue
		}
		switch e.Action {
		case "contact":
			contacts.Recorded++
			if reached, _ := e.Data.Form["reached"].(bool); reached {
				contacts.Reached++
			}
		case "three_way", "keep_appointment":
			contacts.Recorded++
			contacts.Reached++
		case "sign":
			timing.Signed = e.At.Time
		case "auto_sign", "redo", "reopen", "send_back":
			timing.Signed = time.Time{} // the time since then is not that of a first handling
		case "reply":
			c.Reply.Basis, _ = e.Data.Form["basis"].(string)
		}
	}
	c.Contacts = &contacts
	clocks, err := caseflow.Clocks(ctx, s.Store, m.ID)
	if err != nil {
		return c, nil, err
	}
	for _, k := range clocks {
		if k.Name == "handle" && !k.Started.After(a.RepliedAt.Time) {
			timing.Start, timing.Due = k.Started.Time, k.Due.Time
		}
	}
	if timing.Due.After(timing.Start) && settings.Late(timing.Start, timing.Due, timing.Replied) { // the others count beside a late one only
		if timing.Late, err = s.lateBeside(ctx, settings, m, a); err != nil {
			return c, nil, err
		}
	}
	c.Timing = &timing
	photos, err := s.photosOf(ctx, d.zone, m, a)
	if err != nil {
		return c, nil, err
	}
	c.Photos = &closing.Photos{}
	if !a.Synthetic && a.Source == "" { // what was brought in left its photos where it came from
		c.Photos.Asked = d.duty.Item(m.Item).photos()
	}
	for _, p := range photos {
		ph := closing.Photo{ID: p.Blob, Taken: p.Taken.Time}
		if p.Lon != nil && p.Lat != nil {
			ph.Where = &closing.Point{Lon: *p.Lon, Lat: *p.Lat}
		}
		var no []string
		if no, err = store.Select[string](ctx, s.Store, `SELECT m.no FROM closing_photo p JOIN matter m ON m.id = p.matter WHERE (p.hash = ? OR p.print <> '' AND p.print = ?) AND p.matter <> ? ORDER BY p.matter LIMIT 1`, p.Hash, p.Print, m.ID); err != nil {
			return c, nil, err
		}
		if len(no) > 0 {
			ph.Before = no[0]
		}
		c.Photos.Files = append(c.Photos.Files, ph)
	}
	type beside struct {
		No    string `bun:"no"`
		Text  string `bun:"text"`
		Reply string `bun:"reply"`
	}
	if m.Unit != "" {
		list, err := store.Select[beside](ctx, s.Store, `SELECT m.no, a.text, a.reply FROM matter m JOIN appeal a ON a.id = m.id WHERE m.unit = ? AND m.id <> ? AND m.id > ? AND a.reply <> '' ORDER BY m.id DESC LIMIT ?`,
			m.Unit, m.ID, store.IDAt(a.RepliedAt.Add(-besidesReach)), besides)
		if err != nil {
			return c, nil, err
		}
		for _, o := range list {
			c.Others = append(c.Others, closing.Other{ID: o.No, Appeal: o.Text, Reply: o.Reply})
		}
	}
	if m.Item != "" && a.Lon != nil && a.Lat != nil {
		c.Again, err = store.Select[string](ctx, s.Store, `SELECT m.no FROM matter m JOIN appeal a ON a.id = m.id WHERE m.item = ? AND m.id > ? AND m.id < ? AND m.id <> ? AND m.flow = 'appeal' AND m.merged IS NULL
			AND a.lon BETWEEN ? AND ? AND a.lat BETWEEN ? AND ? ORDER BY m.id LIMIT 5`, m.Item, store.IDAt(a.RepliedAt.Time), store.IDAt(a.RepliedAt.Add(settings.Again)), m.ID, *a.Lon-againNear, *a.Lon+againNear, *a.Lat-againNear, *a.Lat+againNear)
	}
	return c, photos, err
}

// lateBeside are the unit's other replies that were given in the end of their
// clocks around this one.
func (s *Service) lateBeside(ctx context.Context, settings *closing.Settings, m *caseflow.Matter, a *Appeal) ([]string, error) {
	type row struct {
		No      string     `bun:"no"`
		Replied store.Time `bun:"replied_at"`
		Started store.Time `bun:"started_at"`
		Due     store.Time `bun:"due_at"`
	}
	// A clock that is in its end now began before it and is due soon.
	rows, err := store.Select[row](ctx, s.Store, `SELECT m.no, a.replied_at, k.started_at, k.due_at FROM matter_clock k JOIN matter m ON m.id = k.matter JOIN appeal a ON a.id = m.id
		WHERE k.clock = 'handle' AND k.due_at BETWEEN ? AND ? AND m.unit = ? AND m.id <> ? AND a.replied_at BETWEEN ? AND ? ORDER BY m.id LIMIT 100`,
		store.At(a.RepliedAt.Add(-settings.BulkWithin)), store.At(a.RepliedAt.Add(7*24*time.Hour)), m.Unit, m.ID, store.At(a.RepliedAt.Add(-settings.BulkWithin)), store.At(a.RepliedAt.Add(settings.BulkWithin)))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		if settings.Late(r.Started.Time, r.Due.Time, r.Replied.Time) {
			out = append(out, r.No)
		}
	}
	return out, nil
}

// captured is when and where a photo was taken: what it says of itself goes
// before its notes as they came beside it, and these before the device.
func captured(c blob.Capture, taken time.Time, where *closing.Point) (time.Time, *closing.Point) {
	for _, t := range []time.Time{c.ExifTaken.Time, c.Taken.Time} {
		if taken.IsZero() {
			taken = t
		}
	}
	for _, p := range [][2]*float64{{c.ExifLon, c.ExifLat}, {c.Lon, c.Lat}} {
		if where == nil && p[0] != nil && p[1] != nil {
			where = &closing.Point{Lon: *p[0], Lat: *p[1]}
		}
	}
	return taken, where
}

// photosOf reads the photos of a reply: their hash, print, and what they say of
// when and where they were taken. What an earlier judgment read is not read again;
// one that cannot be read says nothing.
func (s *Service) photosOf(ctx context.Context, zone *time.Location, m *caseflow.Matter, a *Appeal) ([]photoRow, error) {
	ids := decodeList(a.ReplyFiles)
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := store.Select[photoRow](ctx, s.Store, `SELECT blob, matter, hash, print, taken, lon, lat FROM closing_photo WHERE matter = ?`, m.ID)
	if err != nil {
		return nil, err
	}
	said, err := s.Files.Captures(ctx, s.Store, ids)
	if err != nil {
		return nil, err
	}
	var out []photoRow
	for _, id := range ids {
		if i := slices.IndexFunc(known, func(p photoRow) bool { return p.Blob == id }); i >= 0 {
			out = append(out, known[i])
			continue
		}
		b, content, err := s.Files.Get(ctx, id)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			continue
		}
		raw, err := io.ReadAll(content)
		content.Close()
		if err != nil {
			continue
		}
		p := photoRow{Blob: id, Matter: m.ID, Hash: hex.EncodeToString(b.Hash), Print: closing.Print(raw)}
		taken, where := closing.Exif(raw, zone)
		// A photo that was made small has lost its notes: what they said, and what
		// the handler's device said, came beside it.
		if i := slices.IndexFunc(said, func(c blob.Capture) bool { return c.Blob == id }); i >= 0 {
			taken, where = captured(said[i], taken, where)
		}
		if !taken.IsZero() {
			p.Taken = store.At(taken)
		}
		if where != nil {
			p.Lon, p.Lat = &where.Lon, &where.Lat
		}
		out = append(out, p)
	}
	return out, nil
}
