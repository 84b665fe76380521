/** A piece of a text by its place in characters, as the server counts them. */
export interface Span {
  from: number
  to: number
  /** What it is marked as; of spans that overlap the last one's. */
  kind?: string
}

/** Cuts a text into pieces, marked where any span covers it. Spans may overlap or lie outside. */
export function pieces(text: string, spans: Span[]): { text: string; marked: boolean; kind?: string }[] {
  const runes = [...text]
  const covered = runes.map((): Span | undefined => undefined)
  for (const s of spans) for (let i = Math.max(0, s.from); i < Math.min(runes.length, s.to); i++) covered[i] = s
  const out: { text: string; marked: boolean; kind?: string }[] = []
  runes.forEach((r, i) => {
    const last = out.at(-1)
    const s = covered[i]
    if (last && last.marked === !!s && last.kind === s?.kind) last.text += r
    else out.push({ text: r, marked: !!s, ...(s?.kind ? { kind: s.kind } : {}) })
  })
  return out
}
