import type { Schema } from '@/api/client'

type Part = Schema['DutyReplay']

/** Adds what one part of a replay found to the parts before; samples are the newest, so the first part's. */
export function add(a: Part | undefined, b: Part): Part {
  if (!a) return b
  const key = (m: { from: string; to: string }) => m.from + '>' + m.to
  const moves = new Map((a.moves ?? []).map((m) => [key(m), m]))
  for (const m of b.moves ?? []) {
    const had = moves.get(key(m))
    moves.set(key(m), had ? { ...had, count: had.count + m.count } : m)
  }
  return { looked: a.looked + b.looked, same: a.same + b.same, moved: a.moved + b.moved, gained: a.gained + b.gained, lost: a.lost + b.lost, touched_items: b.touched_items, moves: [...moves.values()].sort((x, y) => y.count - x.count) }
}
