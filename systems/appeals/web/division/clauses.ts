// A message as clauses, and the parts that a person makes of them.

export interface Clause {
  from: number
  to: number
  text: string
}

/** The clauses of a message, by characters as the API counts them: none is lost. */
export function clauses(text: string): Clause[] {
  const all = Array.from(text)
  const out: Clause[] = []
  let from = 0
  all.forEach((c, i) => {
    const next = all[i + 1]
    const ends = /[，。！？；：,!?;\n]/.test(c) && !(next && /[，。！？；：,!?;\n”"）)]/.test(next))
    if (ends || i === all.length - 1) {
      out.push({ from, to: i + 1, text: all.slice(from, i + 1).join('') })
      from = i + 1
    }
  })
  return out
}

export interface Group {
  from: number
  to: number
  text: string
  own: boolean
  item: string
}

/** Clauses cut into groups before each of `cuts`; what was said of a group before stays with the one that begins there. */
export function groups(all: Clause[], cuts: Set<number>, before: Group[]): Group[] {
  const out: Group[] = []
  for (const c of all) {
    const last = out.at(-1)
    if (last && !cuts.has(c.from)) {
      last.to = c.to
      last.text += c.text
      continue
    }
    const was = before.find((g) => g.from === c.from)
    out.push({ ...c, own: was?.own ?? true, item: was?.item ?? '' })
  }
  return out
}

/** Where to cut for parts that are proposed: at the nearest clause's beginning, and after their end. */
export function cutsFor(all: Clause[], parts: { from: number; to: number }[]): Set<number> {
  const at = (n: number) => all.reduce((best, c) => (Math.abs(c.from - n) < Math.abs(best - n) ? c.from : best), 0)
  const out = new Set<number>()
  for (const p of parts) {
    out.add(at(p.from))
    const after = all.find((c) => c.from >= p.to)
    if (after) out.add(after.from)
  }
  out.delete(0)
  return out
}

/** The parts as the action takes them. */
export const spans = (all: Group[]) =>
  all
    .filter((g) => g.own)
    .map((g) => `${g.from}-${g.to}${g.item ? ` ${g.item}` : ''}`)
    .join(';')
