import { reactive } from 'vue'
import { Problem } from '@/api/problem'

export interface PageOf<T> {
  items: T[] | null
  next?: string
}

/** A list that is read page by page by key, and kept right by live changes. */
export class KeysetList<T extends { id: string }> {
  items: T[] = []
  /** "first" while the first page is read, "more" while a later one is. */
  loading: '' | 'first' | 'more' = ''
  done = false
  problem?: Problem
  /** Rows that came since the list was first read, to be shown softly. */
  fresh = new Set<string>()

  private next?: string
  private turn = 0

  constructor(private fetch: (after: string | undefined) => Promise<PageOf<T>>) {}

  /** Makes the list reactive; `new` gives a plain one. */
  static of<T extends { id: string }>(fetch: (after: string | undefined) => Promise<PageOf<T>>): KeysetList<T> {
    return reactive(new KeysetList(fetch)) as KeysetList<T>
  }

  /** Reads the first page again. What stands stays until the answer is there. */
  async reload(keep = false): Promise<void> {
    const turn = ++this.turn
    this.loading = 'first'
    this.problem = undefined
    if (!keep) this.items = []
    try {
      const page = await this.fetch(undefined)
      if (turn !== this.turn) return
      const before = new Set(this.items.map((x) => x.id))
      this.fresh = new Set(keep && before.size ? (page.items ?? []).filter((x) => !before.has(x.id)).map((x) => x.id) : [])
      this.items = unique(page.items ?? [])
      this.next = page.next
      this.done = !page.next
    } catch (e) {
      if (turn === this.turn) this.problem = Problem.from(e)
    } finally {
      if (turn === this.turn) this.loading = ''
    }
  }

  /** Reads the next page, unless one is being read or there is none. */
  async more(): Promise<void> {
    if (this.loading || this.done || !this.next) return
    const turn = this.turn
    this.loading = 'more'
    this.problem = undefined
    try {
      const page = await this.fetch(this.next)
      if (turn !== this.turn) return
      this.items = unique([...this.items, ...(page.items ?? [])])
      this.next = page.next
      this.done = !page.next
    } catch (e) {
      if (turn === this.turn) this.problem = Problem.from(e)
    } finally {
      if (turn === this.turn) this.loading = ''
    }
  }

  /** Replaces a row where it stands; false when it does not stand here. */
  put(row: T): boolean {
    const i = this.items.findIndex((x) => x.id === row.id)
    if (i < 0) return false
    this.items.splice(i, 1, row)
    return true
  }

  /** Takes a row out and says which stands in its place now. */
  drop(id: string): T | undefined {
    const i = this.items.findIndex((x) => x.id === id)
    if (i < 0) return undefined
    this.items.splice(i, 1)
    return this.items[Math.min(i, this.items.length - 1)]
  }
}

function unique<T extends { id: string }>(rows: T[]): T[] {
  const seen = new Set<string>()
  return rows.filter((r) => !seen.has(r.id) && seen.add(r.id))
}
