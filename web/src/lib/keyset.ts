import { reactive } from 'vue'
import { Problem } from '@/api/problem'

export interface PageOf<T> {
  items: T[] | null
  next?: string
}

/** Reads the page after a key, the first without one, of some `limit` rows (the server's own number when absent). */
export type Fetch<T> = (after: string | undefined, limit?: number) => Promise<PageOf<T>>

/** The most rows that the server gives at once. */
const most = 200

/** A list that is read page by page by key, and kept right by live changes. */
export class KeysetList<T extends { id: string }> {
  items: T[] = []
  /** "first" while the first page is read, "more" while a later one is. */
  loading: '' | 'first' | 'more' = ''
  done = false
  problem?: Problem
  /** Rows that came since the list was first read, to be shown softly. */
  fresh = new Set<string>()

  private next: string | undefined
  private turn = 0
  private known = false
  private latest: Promise<void> = Promise.resolve()
  private again: ReturnType<typeof setTimeout> | undefined

  constructor(private fetch: Fetch<T>) {}

  /** Makes the list reactive; `new` gives a plain one. */
  static of<T extends { id: string }>(fetch: Fetch<T>): KeysetList<T> {
    return reactive(new KeysetList<T>(fetch)) as unknown as KeysetList<T>
  }

  /**
   * Reads the list again from its beginning, and is done when the newest such
   * reading is. With `keep` what stands stays until the answer is there, as
   * many rows are read as stood (at most 200), and what is new is marked fresh.
   */
  reload(keep = false): Promise<void> {
    clearTimeout(this.again)
    return (this.latest = this.read(keep, ++this.turn))
  }

  private async read(keep: boolean, turn: number): Promise<void> {
    this.loading = 'first'
    this.problem = undefined
    const stood = keep ? this.items.length : 0
    if (!keep) this.items = []
    try {
      const page = await this.fetch(undefined, stood > 50 ? Math.min(stood, most) : undefined)
      if (turn !== this.turn) return await this.latest
      const before = new Set(this.items.map((x) => x.id))
      this.fresh = new Set(this.known && keep ? (page.items ?? []).filter((x) => !before.has(x.id)).map((x) => x.id) : [])
      this.items = unique(page.items ?? [])
      this.next = page.next
      this.done = !page.next
      this.known = true
    } catch (e) {
      if (turn !== this.turn) return await this.latest
      const p = Problem.from(e)
      if (!keep || !this.items.length) this.problem = p
      // What stands may be old now, and nobody was told: it is asked for again.
      else this.again = setTimeout(() => void this.reload(true), (p.retryAfter || 3) * 1000)
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
