import { call } from './client'
import { shrink } from '@/lib/images'

export const accepted = 'image/jpeg,image/png,image/webp,video/mp4'
export const mostBytes = 20 << 20

export interface Stored {
  id: string
  url: string
}

/** Sends a photo or a short video, photos made small first. */
export async function upload(file: File, signal?: AbortSignal): Promise<Stored> {
  const small = await shrink(file)
  return call<Stored>('/api/files', { method: 'POST', body: small, ...(signal ? { signal } : {}), headers: { 'Content-Type': small.type || 'application/octet-stream', 'X-File-Name': encodeURIComponent(small.name) } })
}

export const fileURL = (id: string) => `/api/files/${encodeURIComponent(id)}`
