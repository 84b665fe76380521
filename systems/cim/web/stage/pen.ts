// What is drawn on the city by hand: points one after the other, ended by a double click or Enter.
import { reactive } from 'vue'
import type { Point } from './earth'

export interface Spot {
  point: Point
  height: number
}

export interface Pen {
  /** What it draws for; empty while it rests. */
  for: string
  spots: Spot[]
  ended: boolean
}

/** At how many points each kind ends by itself. */
const most: Record<string, number> = { height: 2 }
const least: Record<string, number> = { dig: 3, area: 3 }

export function usePen() {
  const pen = reactive<Pen>({ for: '', spots: [], ended: false })
  return {
    pen,
    begin(what: string) {
      Object.assign(pen, { for: what, spots: [], ended: false })
    },
    add(spot: Spot) {
      if (!pen.for || pen.ended) return
      const last = pen.spots.at(-1)
      if (last && Math.abs(last.point[0] - spot.point[0]) < 1e-7 && Math.abs(last.point[1] - spot.point[1]) < 1e-7) return // the second half of a double click
      pen.spots.push(spot)
      if (pen.spots.length === most[pen.for]) pen.ended = true
    },
    undo() {
      pen.spots.pop()
      pen.ended = false
    },
    end() {
      if (pen.for && pen.spots.length >= (least[pen.for] ?? 2)) pen.ended = true
    },
    rest() {
      Object.assign(pen, { for: '', spots: [], ended: false })
    },
  }
}
export type UsedPen = ReturnType<typeof usePen>
