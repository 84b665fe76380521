import { api, body, call, type Schema } from '@/api/client'

export type Page = Schema['RatingPage']
export type Board = Schema['RatingBoard']
export type Figures = Schema['RatingFigures']
export type Rated = Schema['RatedRow']
export type Bad = Schema['BadRating']

export const ratingPage = (token: string) => call<Page>(`/api/services/rate/${encodeURIComponent(token)}`)
export const rate = (token: string, said: Schema['Rate-serviceRequest']) => body(api.POST('/api/services/rate/{token}', { params: { path: { token } }, body: said }))
export const myRatings = () => body(api.GET('/api/services/my-ratings', {}))
export const ratingBoard = (query: Record<string, string | undefined>) => body(api.GET('/api/services/rating-board', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const listRatings = (query: Record<string, string | number | undefined>) => body(api.GET('/api/services/ratings', { params: { query: Object.fromEntries(Object.entries(query).filter(([, v]) => v)) as never } }))
export const badRatings = (closed: boolean) => body(api.GET('/api/services/bad-ratings', { params: { query: { closed } } }))
export const actOnBad = (id: string, version: number, action: string, form: Record<string, unknown>) => body(api.POST('/api/services/bad-ratings/{id}/actions', { params: { path: { id } }, body: { action, version, form } }))
export const callRater = (id: string, reason: string) => body(api.POST('/api/services/bad-ratings/{id}/caller', { params: { path: { id } }, body: { reason } }))
export const percent = (x?: number | null) => (x === undefined || x === null ? '—' : `${(x * 100).toFixed(1)}%`)
