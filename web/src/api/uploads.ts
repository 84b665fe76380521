// Uploads in pieces, after tus 1.0: what the server has is asked for and gone on
// from, after a line that broke and after a reload.
import { language } from '@/i18n'
import { onSignedOutNow } from './client'
import { Problem } from './problem'

/** Where and when a photo was taken: by the device, and by the picture's own notes (EXIF). */
export interface Capture {
  stage?: 'before' | 'after'
  taken?: string
  lon?: number
  lat?: number
  accuracy?: number
  exif_taken?: string
  exif_lon?: number
  exif_lat?: number
}

export interface Upload {
  /** The address of an upload that was begun. */
  at?: string | undefined
  capture?: Capture | undefined
}

/** The first piece, and the largest: they grow while the line is quick. */
const FIRST = 128 << 10
const LARGEST = 2 << 20

async function ask(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
  let res: Response
  try {
    res = await fetch(path, { ...init, credentials: 'same-origin', headers: { 'Tus-Resumable': '1.0.0', 'Accept-Language': language.value === 'en' ? 'en' : 'zh-CN', ...init.headers } })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw Problem.offline()
  }
  if (res.status === 401) onSignedOutNow()
  return res
}

const base64 = (s: string) => btoa(String.fromCharCode(...new TextEncoder().encode(s)))

/**
 * Sends a file, going on where `upload.at` stands. `began` is told the address
 * as soon as there is one, so that it can be kept; `share` how much is there,
 * from 0 to 1. Returns the file's identifier.
 */
export async function sendInPieces(file: Blob, upload: Upload, told: { began?: (at: string) => void; share?: (n: number) => void }, signal?: AbortSignal): Promise<string> {
  const init = signal ? { signal } : {}
  let at = upload.at
  let offset = 0
  if (at) {
    const res = await ask(at, { method: 'HEAD', ...init })
    if (res.ok) {
      const id = res.headers.get('Upload-File')
      if (id) return id
      offset = Number(res.headers.get('Upload-Offset'))
    } else if (res.status === 404) at = undefined // it waited too long, or is another's
    else throw await Problem.of(res)
  }
  if (!at) {
    const notes = [['filetype', file.type], ...(upload.capture ? [['capture', JSON.stringify(upload.capture)]] : [])]
    const res = await ask('/api/uploads', { method: 'POST', ...init, headers: { 'Upload-Length': String(file.size), 'Upload-Metadata': notes.map(([k, v]) => `${k} ${base64(v!)}`).join(',') } })
    if (!res.ok) throw await Problem.of(res)
    at = res.headers.get('Location')!
    told.began?.(at)
  }
  let size = FIRST
  for (;;) {
    told.share?.(offset / file.size)
    const began = performance.now()
    const res = await ask(at, { method: 'PATCH', ...init, headers: { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }, body: file.slice(offset, offset + size) })
    // Another page of this browser sends the same file: what it sent counts too.
    const there = Number(res.headers.get('Upload-Offset'))
    if (!res.ok && (res.status !== 409 || there <= offset)) throw await Problem.of(res)
    offset = there
    const id = res.headers.get('Upload-File')
    if (id) {
      told.share?.(1)
      return id
    }
    if (performance.now() - began < 800) size = Math.min(LARGEST, size * 2)
    else if (performance.now() - began > 4000) size = Math.max(FIRST / 4, size / 2)
  }
}
