import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** What a list may be narrowed by: a kind for each field. */
export type FilterSpec = Record<string, 'text' | 'list' | 'flag'>

export type Filter<S extends FilterSpec> = { -readonly [K in keyof S]?: S[K] extends 'list' ? string[] : S[K] extends 'flag' ? boolean : string }

/** Reads a filter out of a page's address. What does not belong to it, or says nothing, is left out. */
export function fromQuery<S extends FilterSpec>(spec: S, query: LocationQuery): Filter<S> {
  const out: Record<string, unknown> = {}
  for (const [name, kind] of Object.entries(spec)) {
    const raw = query[name]
    const all = (Array.isArray(raw) ? raw : [raw]).filter((v): v is string => typeof v === 'string' && v !== '')
    if (!all.length) continue
    if (kind === 'list') out[name] = [...new Set(all.flatMap((v) => v.split(',')).filter(Boolean))]
    else if (kind === 'flag') {
      if (all[0] === 'true' || all[0] === 'false') out[name] = all[0] === 'true'
    } else out[name] = all[0]
  }
  return out as Filter<S>
}

/** The address of a filter, the inverse of [fromQuery]. */
export function toQuery<S extends FilterSpec>(spec: S, filter: Filter<S>): LocationQueryRaw {
  const out: LocationQueryRaw = {}
  for (const [name, kind] of Object.entries(spec)) {
    const v = filter[name] as unknown
    if (v === undefined || v === null || v === '' || (Array.isArray(v) && !v.length)) continue
    out[name] = kind === 'list' ? (v as string[]).join(',') : String(v)
  }
  return out
}

/** How many fields narrow the list. */
export function active<S extends FilterSpec>(spec: S, filter: Filter<S>): number {
  return Object.keys(toQuery(spec, filter)).length
}
