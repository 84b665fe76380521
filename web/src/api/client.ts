import createClient, { type Middleware } from 'openapi-fetch'
import { language } from '@/i18n'
import { Problem } from './problem'
import type { components, paths } from './schema'

export type Schema = components['schemas']

/** Called when the server says that nobody is signed in. */
let signedOut = () => {}
export function onSignedOut(f: () => void) {
  signedOut = f
}
/** Says that the server knows nobody any more. */
export const onSignedOutNow = () => signedOut()

const reader: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language.value === 'en' ? 'en' : 'zh-CN')
    return request
  },
  onResponse({ response }) {
    if (response.status === 401 && !response.url.includes('/api/sign-in')) signedOut()
  },
}

export const api = createClient<paths>({ baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin, credentials: 'same-origin' })
api.use(reader)

/** The body of an answer; what is no success is thrown as a [Problem]. */
export async function body<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<NonNullable<T>> {
  let got: { data?: T; error?: unknown; response: Response }
  try {
    got = await asked
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw Problem.from(e)
  }
  if (!got.response.ok) throw await Problem.of(got.response, got.error ?? {})
  return (got.data ?? {}) as NonNullable<T>
}

/**
 * Calls an operation by its path alone: for what a figure or a saved link
 * names, and for uploads.
 */
export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers)
  headers.set('Accept-Language', language.value === 'en' ? 'en' : 'zh-CN')
  let res: Response
  try {
    res = await fetch(path, { ...init, headers, credentials: 'same-origin' })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw Problem.offline()
  }
  if (res.status === 401) signedOut()
  if (!res.ok) throw await Problem.of(res)
  const text = await res.text()
  // A path that this server does not know yet is answered with the one page.
  if (text.startsWith('<!')) throw new Problem(404, 'not_found', '')
  return (text ? JSON.parse(text) : undefined) as T
}

/** A key under which the same request may be sent again without effect. */
export function once(): { 'Idempotency-Key': string } {
  const key = typeof crypto.randomUUID === 'function' ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('')
  return { 'Idempotency-Key': key }
}
