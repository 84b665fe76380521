// Appeals as the screens use them: the calls, and how what comes back is read.
import { api, body, call, once, type Schema } from '@/api/client'
import { Problem } from '@/api/problem'
import { say, t } from '@/i18n'
import { toQuery, type Filter, type FilterSpec } from '@/lib/filters'
import type { PageOf } from '@/lib/keyset'
import { forget, recall, remember } from '@/lib/storage'
import { when } from '@/lib/time'
import { district, placeName, unitName } from '@/state/district'

export type Row = Schema['Row']
export type Detail = Schema['Detail']
export type Action = Schema['Action']
export type Moment = Schema['Moment']
export type Clock = Schema['Clock']
export type Filed = Schema['Filed']
export type Intake = Schema['FileInputBody']
export type Similar = Schema['SimilarAppeal']
export type Candidate = Schema['Candidate']
export type Suggestion = Schema['Suggestion']
export type Step = { action: string; form?: Record<string, unknown> }

/** What a list of appeals may be narrowed by: the parameters of the API. */
export const filterSpec = {
  q: 'text',
  state: 'list',
  open: 'flag',
  late: 'flag',
  near: 'flag',
  major: 'flag',
  watched: 'flag',
  class: 'text',
  kind: 'text',
  street: 'text',
  unit: 'text',
  alone: 'flag',
  item: 'text',
  since: 'text',
  until: 'text',
  closed_since: 'text',
  due_since: 'text',
  due_until: 'text',
  rated_since: 'text',
  order: 'text',
} as const satisfies FilterSpec

export type AppealFilter = Filter<typeof filterSpec>

/** One page of a list: of the caller's desks, or of all that they may see. */
export function listAppeals(list: 'queue' | 'all', filter: AppealFilter, after?: string, limit = 50): Promise<PageOf<Row>> {
  const query = new URLSearchParams()
  for (const [k, v] of Object.entries(toQuery(filterSpec, filter))) query.set(k, String(v))
  query.set('limit', String(limit))
  if (after) query.set('after', after)
  return call<PageOf<Row>>(`${list === 'queue' ? '/api/queue' : '/api/appeals'}?${query}`)
}

/** The tracking codes that this browser was given, by appeal. */
const codes = 'appeals.tracking'

export interface Kept {
  id: string
  no: string
  code: string
  title: string
  at: string
  /** The parts of its message, which the same code opens. */
  parts?: string[]
}

export const kept = (): Kept[] => recall<Kept[]>(codes) ?? []

export function keep(k: Kept) {
  remember(codes, [k, ...kept().filter((x) => x.id !== k.id)].slice(0, 50))
}

export function letGo(id: string) {
  const rest = kept().filter((x) => x.id !== id)
  if (rest.length) remember(codes, rest)
  else forget(codes)
}

/** What opens an appeal for one who is not signed in. */
function tracking(id: string): { 'X-Tracking-Code'?: string } {
  const code = kept().find((k) => k.id === id || k.parts?.includes(id))?.code
  return code ? { 'X-Tracking-Code': code } : {}
}

export async function getAppeal(id: string, outside = false): Promise<Detail> {
  const got: Detail = await body(api.GET('/api/appeals/{id}', { params: { path: { id } }, ...(outside ? { headers: tracking(id) } : {}) }))
  const of = outside && got.parts?.length ? kept().find((k) => k.id === id) : undefined
  if (of) remember(codes, kept().map((k) => (k.id === id ? { ...k, parts: got.parts!.map((p) => p.id) } : k)))
  return got
}

export async function act(id: string, version: number, steps: Step[], outside = false, key: Record<string, string> = once()): Promise<Schema['Matter']> {
  return body(api.POST('/api/appeals/{id}/actions', { params: { path: { id } }, body: { version, steps }, headers: { ...key, ...(outside ? tracking(id) : {}) } }))
}

/** The conclusion letter of one's own appeal; reading it begins its term. */
export async function readLetter(id: string): Promise<Schema['LetterView']> {
  return body(api.POST('/api/appeals/{id}/letter', { params: { path: { id } }, headers: tracking(id) }))
}

export async function fileAppeal(intake: Intake, key: Record<string, string> = once()): Promise<Filed> {
  return body(api.POST('/api/appeals', { body: intake, headers: key }))
}

export async function findSimilar(text: string, where: { address?: string; lon?: number; lat?: number } = {}): Promise<Similar[]> {
  return (await body(api.POST('/api/appeals/similar', { body: { text, ...where } }))) as Similar[]
}

export async function join(id: string): Promise<Filed> {
  return body(api.POST('/api/appeals/{id}/followers', { params: { path: { id } } }))
}

/** Which part of the way an appeal has come, as a citizen reads it: 0 to 4, or none for one that ended otherwise. */
export function phase(state: string): number | undefined {
  return { dispatching: 0, return_request: 0, arbitrating: 0, signing: 1, handling: 2, extension_review: 2, suspended: 2, unit_review: 3, platform_review: 3, visiting: 4, alerted: 4, closed: 5, closed_justified: 5, closed_unreached: 5, closed_direct: 5 }[state]
}

/** What was said in one event, field by field, in the flow's own words; `plain` is what needs no label. */
export function said(flow: string, m: Moment): { label: string; text: string; files: string[]; plain: boolean }[] {
  const fields = district.value?.flows?.[flow]?.actions?.[m.action]?.form ?? []
  const out: ReturnType<typeof said> = []
  const place = (name: string) => fields.findIndex((x) => x.name === name)
  for (const [name, v] of Object.entries(m.form ?? {}).sort((a, b) => place(a[0]) - place(b[0]))) {
    const f = fields.find((x) => x.name === name)
    if (v === '' || v === null || v === undefined) continue
    const label = f ? say(f.title) : name
    if (f?.type === 'files') {
      out.push({ label, text: '', files: Array.isArray(v) ? v.map(String) : [], plain: true })
      continue
    }
    out.push({ label, text: f?.type === 'item' && m.item_name ? m.item_name : valueText(f, v), files: [], plain: name === 'note' || name === 'reply' })
  }
  return out
}

function valueText(f: Schema['Field'] | undefined, v: unknown): string {
  if (typeof v === 'boolean') return t(v ? 'shell.yes' : 'shell.no')
  if (Array.isArray(v)) return v.map((x) => valueText(f?.type === 'units' ? { ...f, type: 'unit' } : f, x)).join(t('shell.and'))
  const s = String(v)
  switch (f?.type) {
    case 'choice':
      return say(f.options?.find((o) => o.value === s)?.title) || s
    case 'unit':
      return unitName(s, true)
    case 'place':
      return placeName(s)
    case 'class':
      return className(s)
    case 'time':
      return when(s)
    case 'number':
      return f.max === 5 ? `${s} / 5` : s
    case 'list':
      return reasonName(s)
  }
  return s
}

/** A ground of the district's lists: why an appeal is returned or refused. */
export function reasonName(code: string): string {
  const w = district.value?.words
  const found = [...(w?.return_reasons ?? []), ...(w?.refusals ?? [])].find((x) => x.code === code)
  return found ? say(found.name) : code
}

export const className = (code: string) => (['critical', 'urgent', 'livelihood', 'normal'].includes(code) ? t(`appeal.class.${code}`) : code)

/** The title of a flow's clock. */
export function clockTitle(flow: string, name: string): string {
  return say(district.value?.flows?.[flow]?.clocks?.find((c) => c.name === name)?.title) || name
}

/** The last thing that somebody did, for telling who was first. */
export function lastDoing(d: Detail): Moment | undefined {
  return d.timeline?.at(-1)
}

export { Problem }
