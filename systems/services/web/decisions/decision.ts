import { api, body, type Schema } from '@/api/client'
import { language } from '@/i18n'

/** An answer's lists are never null, though the document of the API says that they may be. */
export type Full<T> = T extends null ? never : T extends (infer U)[] ? Full<U>[] : T extends object ? { [K in keyof T]: Full<T[K]> } : T
export type Of<K extends keyof Schema> = Full<Schema[K]>
const full = <T>(asked: Promise<T>) => asked as Promise<Full<T>>

export type Head = Of<'DecisionPackHead'>
export type Page = Of<'DecisionPackPage'>
export type Version = Of<'DecisionVersionView'>
export type Text = Of<'DecisionText'>
export type Reading = Of<'DecisionReading'>
export type Trial = Of<'DecisionTrial'>
export type Decision = Of<'Decision'>
export type Check = Of<'CheckResult'>
export type Used = Of<'Used'>

const at = (name: string) => ({ path: { name } })

export const listPacks = () => full(body(api.GET('/api/services/decisions')))
export const getPack = (name: string) => full(body(api.GET('/api/services/decisions/{name}', { params: at(name) })))
export const getText = (name: string, n: number) => full(body(api.GET('/api/services/decisions/{name}/versions/{n}', { params: { path: { name, n } } })))
export const draft = (name: string, text: string, cases: string, reason = '') => full(body(api.POST('/api/services/decisions/{name}/versions', { params: at(name), body: { body: text, cases, reason } })))
export const tryText = (name: string, text: string, cases: string) => full(body(api.POST('/api/services/decisions/{name}/check', { params: at(name), body: { body: text, cases } })))
export const act = (name: string, n: number, step: Schema['Act-on-decision-versionRequest']) => full(body(api.POST('/api/services/decisions/{name}/versions/{n}/actions', { params: { path: { name, n } }, body: step })))
export const setMode = (name: string, mode: Schema['Put-decision-modeRequest']) => full(body(api.PUT('/api/services/decisions/{name}/mode', { params: at(name), body: mode })))
export const tryCase = (name: string, version: number, kase: unknown, text = '') => full(body(api.POST('/api/services/decisions/{name}/try', { params: at(name), body: { version, text, case: kase } })))
export const figures = (name: string, from: string, to: string) => full(body(api.GET('/api/services/decisions/{name}/figures', { params: { ...at(name), query: { from, to } } })))
export const listDecided = (name: string, query: { outcome?: string; mode?: string }, after?: string, limit = 50) =>
  full(body(api.GET('/api/services/decisions/{name}/decided', { params: { ...at(name), query: { ...Object.fromEntries(Object.entries(query).filter(([, v]) => v)), ...(after && { after }), limit } as never } })))
export const getDecided = (id: string) => full(body(api.GET('/api/services/decided/{id}', { params: { path: { id } } })))
export const reveal = (id: string, reason: string) => full(body(api.POST('/api/services/decided/{id}/reveal', { params: { path: { id } }, body: { reason } })))
export const replay = (id: string, under = 0) => full(body(api.POST('/api/services/decided/{id}/replay', { params: { path: { id } }, body: { under } })))
export const whatIf = (name: string, version: number, from: string, to: string) => full(body(api.POST('/api/services/decisions/{name}/what-if', { params: at(name), body: { version, from, to } })))
export const listScans = (name: string) => full(body(api.GET('/api/services/decisions/{name}/scans', { params: at(name) })))
export const beginScan = (name: string, reason: string) => full(body(api.POST('/api/services/decisions/{name}/scans', { params: at(name), body: { reason } })))
export const askForPerson = (id: string, reason = '') => full(body(api.POST('/api/services/decided/{id}/person', { params: { path: { id } }, body: { reason } })))

/** What is said in the reader's language, else in Chinese. */
export const said = (say?: Record<string, string>) => (say && (say[language.value] || say.zh)) || ''

/** The parts of a source's names, which the trace joins. */
export const sources = (f: Used) => f.source ?? (f.sources ?? []).join('、')

export const order = ['PASS', 'FAIL', 'MISSING', 'CONFLICT'] as const
