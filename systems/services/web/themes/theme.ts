import { api, body, type Schema } from '@/api/client'

export type ThemeHead = Schema['ThemeHead']
export type ThemeDetail = Schema['ThemeDetail']
export type Joint = Schema['JointDetail']
export type JointHead = Schema['JointHead']
export type Part = Schema['JointMember']
export type Candidate = Schema['ThemeCandidate']

const key = (k: string) => ({ params: { path: { key: k } } })
const path = (id: string) => ({ params: { path: { id } } })

export const listThemes = () => body(api.GET('/api/services/themes', {}))
export const getTheme = (k: string) => body(api.GET('/api/services/themes/{key}', key(k)))
export const beginTheme = (k: string, at?: { applicant: Record<string, string>; consent: boolean }) => body(api.POST('/api/services/themes/{key}/applications', { ...key(k), body: { ...at } }))
export const listJoints = () => body(api.GET('/api/services/joints', { params: { query: { limit: 50 } } }))
export const getJoint = (id: string) => body(api.GET('/api/services/joints/{id}', path(id)))
export const actOnJoint = (id: string, version: number, action: string, form: Record<string, unknown> = {}) => body(api.POST('/api/services/joints/{id}/actions', { ...path(id), body: { action, version, form } }))
export const suggestThemes = () => body(api.GET('/api/services/theme-suggestions', {}))

/** The members of each stage, in order. */
export const byStage = <M extends { stage: string }>(stages: { name: string; title: Record<string, string> }[] | null, members: M[] | null) => (stages ?? []).map((s) => ({ ...s, members: (members ?? []).filter((m) => m.stage === s.name) })).filter((s) => s.members.length)

/** The themes that can be applied for and whose name, aliases, or members have the words, or sound so (拼音). */
export const themesWith = (all: ThemeHead[], words: string) => {
  const q = words.trim().toLowerCase()
  const letters = /^[a-z' ]{2,}$/.test(q) ? q.replace(/[' ]/g, '') : ''
  const has = (x: ThemeHead) => [...Object.values(x.name), ...(x.aliases ?? []), ...(x.members ?? []).map((m) => m.name)].some((w) => w.toLowerCase().includes(q)) || (letters && (x.sounds ?? []).some((w) => w.includes(letters)))
  return q ? all.filter((x) => !x.guide && has(x)) : []
}
