package cim

import (
	"cmp"
	"context"
	"errors"

	"shanzhi/core/store"
)

// The parts that a pipe with bends is: its stretches, and from here on its bends, which are points of the net
// that nothing draws.
const bendParts = 10_000

// well lands a point of a net.
func (l *lander) well(ctx context.Context, tx *store.Tx, o *landing) ([]outcome, error) {
	if len(o.shapes) == 0 || len(o.shapes[0].Points) == 0 {
		return []outcome{{note: "no_shape"}}, nil
	}
	p := o.shapes[0].Points[0]
	was, err := l.before(ctx, tx, o.Ext)
	if err != nil {
		return nil, err
	}
	if err := l.dropPipes(ctx, tx, was); err != nil {
		return nil, err
	}
	depth, _ := o.number("depth")
	w := Well{ID: was[0].thing, Class: o.text("class"), Kind: cmp.Or(o.text("fitting"), o.text("feature"), "point"), Lon: p[0], Lat: p[1], Ground: p[2], Bottom: p[2] - max(depth, 0)}
	if w.ID == 0 {
		w.ID = tx.NewID()
	}
	return []outcome{{target: Pipes, thing: w.ID, cell: cellOf(w.Lon, w.Lat)}}, store.InsertRows(ctx, tx, insertWell, [][]any{w.row()})
}

// dropPipes takes away what an object was of the net before; its past is in the model.
func (l *lander) dropPipes(ctx context.Context, tx *store.Tx, was map[int]outcome) error {
	for _, b := range was {
		if b.target != Pipes || b.thing == 0 {
			continue
		}
		for _, table := range []string{"cim_pipe", "cim_well"} {
			if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE cell = ? AND id = ?`, b.cell, b.thing); err != nil {
				return err
			}
		}
	}
	return nil
}

// pipe lands a pipe between two points of its net, bend by bend.
func (l *lander) pipe(ctx context.Context, tx *store.Tx, o *landing) ([]outcome, error) {
	if len(o.shapes) == 0 || len(o.shapes[0].Lines) == 0 || len(o.shapes[0].Lines[0]) < 2 {
		return []outcome{{note: "no_shape"}}, nil
	}
	class := o.text("class")
	ends := [2]store.ID{}
	for i, name := range []string{"from", "to"} {
		id, err := store.Get[store.ID](ctx, tx, `SELECT thing FROM cim_landed WHERE layer = ? AND ext = ? AND part = 0 AND target = ?`, l.c.Layer, class+":"+o.text(name), string(Pipes))
		switch {
		case errors.Is(err, store.ErrNotFound): // an end of another class, or one that has errors
			return []outcome{{note: "no_end"}}, nil
		case err != nil:
			return nil, err
		}
		ends[i] = id
	}
	was, err := l.before(ctx, tx, o.Ext)
	if err != nil {
		return nil, err
	}
	if err := l.dropPipes(ctx, tx, was); err != nil {
		return nil, err
	}
	key := func(part int) store.ID {
		if id := was[part].thing; id != 0 {
			return id
		}
		return tx.NewID()
	}
	line := o.shapes[0].Lines[0]
	diameter, _ := o.number("diameter")
	var out []outcome
	var pipes, wells [][]any
	at := ends[0]
	for i := range len(line) - 1 {
		a, b := line[i], line[i+1]
		p := Pipe{ID: key(i), Class: class, A: at, B: ends[1], ALon: a[0], ALat: a[1], BLon: b[0], BLat: b[1], AZ: a[2], BZ: b[2], Diameter: max(diameter, 0), Material: o.text("material")}
		if i+2 < len(line) {
			w := Well{ID: key(bendParts + i), Class: class, Kind: "bend", Lon: b[0], Lat: b[1], Ground: b[2], Bottom: b[2]}
			p.B, at = w.ID, w.ID
			wells = append(wells, w.row())
			out = append(out, outcome{part: bendParts + i, target: Pipes, thing: w.ID, cell: cellOf(w.Lon, w.Lat)})
		}
		pipes = append(pipes, p.row())
		out = append(out, outcome{part: i, target: Pipes, thing: p.ID, cell: pipeCell(p.ALon, p.ALat, p.BLon, p.BLat)})
	}
	return out, errors.Join(store.InsertRows(ctx, tx, insertWell, wells), store.InsertRows(ctx, tx, insertPipe, pipes))
}
