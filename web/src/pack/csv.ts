// A CSV file as rows that can be edited. What is not touched stays as it was
// written, byte for byte, so that a difference shows what was changed and no more.

export interface Row {
  cells: string[]
  /** As it stands in the file; absent once the row is edited. */
  raw?: string
  /** The line on which it begins: the header's is 1. */
  line: number
}

export interface Sheet {
  head: string[]
  rows: Row[]
  /** What stands before the rows: a byte-order mark and the header. */
  before: string
  /** How lines end. */
  end: string
}

/** Reads a file; rows of blank lines are dropped. */
export function parse(text: string): Sheet {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const mark = text.startsWith('\ufeff') ? 1 : 0
  const rows: Row[] = []
  let at = mark
  let line = 1
  while (at < text.length) {
    const start = at
    const first = line
    const cells: string[] = []
    let cell = ''
    let quoted = false
    let open = true
    while (open) {
      const c = text[at]
      if (c === undefined) open = false
      else if (quoted) {
        if (c === '\n') line++
        if (c !== '"') cell += c
        else if (text[at + 1] === '"') {
          cell += '"'
          at++
        } else quoted = false
        at++
        continue
      } else if (c === '"' && cell === '') quoted = true
      else if (c === ',') {
        cells.push(cell)
        cell = ''
      } else if (c === '\n') {
        line++
        open = false
      } else if (c !== '\r') cell += c
      at++
    }
    at = Math.min(at, text.length)
    cells.push(cell)
    const raw = text.slice(start, at).replace(/\r?\n$/, '')
    if (raw !== '') rows.push({ cells, raw, line: first })
  }
  const head = rows.shift()
  return { head: head?.cells ?? [], rows, before: text.slice(0, mark) + (head?.raw ?? ''), end }
}

const written = (cell: string) => (/[",\r\n]/.test(cell) || /^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Writes the file again. */
export function format(s: Sheet): string {
  return [s.before, ...s.rows.map((r) => r.raw ?? r.cells.map(written).join(','))].map((l) => l + s.end).join('')
}
