import { api, body, type Schema } from '@/api/client'
import { Problem } from '@/api/problem'

export type Archived = Schema['Archived']
export type Report = Schema['PackageReport']

const path = (id: string) => ({ params: { path: { id } } })
export const listArchives = (query: { q?: string; keep?: string; before?: string }) =>
  body(api.GET('/api/services/archives', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const checkArchive = (id: string) => body(api.POST('/api/services/archives/{id}/check', path(id)))

/** Takes a package out as a file, or the same as one XML file (DA/T 48-2009). */
export async function takeArchive(a: Archived, reason: string, format: 'zip' | 'xml') {
  const { data, error, response } = await api.POST('/api/services/archives/{id}/file', { ...path(a.id), body: { reason, format }, parseAs: 'blob' })
  if (!response.ok) throw await Problem.of(response, error ?? {})
  const link = document.createElement('a')
  link.href = URL.createObjectURL(data as unknown as Blob)
  link.download = `${a.case_no}.${format}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
