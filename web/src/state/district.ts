import { computed, shallowRef } from 'vue'
import { api, body, type Schema } from '@/api/client'
import { language, say } from '@/i18n'

export type District = Schema['DistrictView']
export type Unit = NonNullable<District['units']>[number]
export type Place = NonNullable<District['places']>[number]

/** What the district calls things; undefined until it is known. */
export const district = shallowRef<District>()

let asking: Promise<District> | undefined

export function loadDistrict(): Promise<District> {
  if (district.value) return Promise.resolve(district.value)
  asking ??= body(api.GET('/api/district'))
    .then((d) => (district.value = d))
    .finally(() => (asking = undefined))
  return asking
}

const units = computed(() => new Map((district.value?.units ?? []).map((u) => [u.code, u])))
const places = computed(() => new Map((district.value?.places ?? []).map((p) => [p.code, p])))

export const unit = (code: string) => units.value.get(code)
export const place = (code: string) => places.value.get(code)

/** A unit as people call it: short in lists, whole where asked. */
export function unitName(code?: string, whole = false): string {
  if (!code) return ''
  const u = unit(code)
  if (!u) return code
  if (language.value === 'en' && u.name_en) return u.name_en
  return (!whole && u.short) || u.name
}

const named = computed(() => new Map((district.value?.units ?? []).map((u) => [u.name, u])))

/** A unit of which only the whole name is known, as in what was written down then, in the reader's language. */
export const unitNamed = (name?: string) => (language.value === 'en' && name && named.value.get(name)?.name_en) || name || ''

/** A place with what it lies in: 西乡街道流塘社区. */
export function placeName(code?: string): string {
  if (!code) return ''
  const p = place(code)
  if (!p) return code
  const up = p.level === 'community' && p.parent ? place(p.parent) : undefined
  if (language.value === 'en') return [p.name_en || p.name, up && (up.name_en || up.name)].filter(Boolean).join(', ')
  return (up?.name ?? '') + p.name
}

/**
 * When a calendar is open, some weeks back and ahead: what working time is
 * counted by. Absent for one that is open round the clock.
 */
export function spans(calendar?: string): [string, string][] | undefined {
  return calendar ? (district.value as { calendars?: Record<string, [string, string][]> } | undefined)?.calendars?.[calendar] : undefined
}

export const streets = computed(() => (district.value?.places ?? []).filter((p) => p.level === 'street'))

export function word(list: { code: string; name: Record<string, string> }[] | null | undefined, code?: string): string {
  const w = (list ?? []).find((x) => x.code === code)
  return w ? say(w.name) : (code ?? '')
}

export const kindName = (code?: string) => word(district.value?.words?.kinds, code)
export const channelName = (code?: string) => word(district.value?.words?.channels, code)

/** A flow's state as staff call it, or as the citizen is told. */
export function stateName(flow: string, state: string, outside = false): string {
  const s = district.value?.flows?.[flow]?.states?.[state]
  if (!s) return state
  return say((outside && s.public) || s.title)
}
