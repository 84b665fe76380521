/** A piece of a text by its place in characters, as the server counts them. */
export interface Span {
  from: number
  to: number
}

/** Cuts a text into pieces, marked where any span covers it. Spans may overlap or lie outside. */
export function pieces(text: string, spans: Span[]): { text: string; marked: boolean }[] {
  const runes = [...text]
  const covered = runes.map(() => false)
  for (const s of spans) for (let i = Math.max(0, s.from); i < Math.min(runes.length, s.to); i++) covered[i] = true
  const out: { text: string; marked: boolean }[] = []
  runes.forEach((r, i) => {
    const last = out.at(-1)
    if (last && last.marked === covered[i]) last.text += r
    else out.push({ text: r, marked: covered[i]! })
  })
  return out
}
