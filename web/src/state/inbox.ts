import { ref, watch } from 'vue'
import { api, body, type Schema } from '@/api/client'
import { me } from './session'

export type Notice = Schema['Notice']

/** How many notices the one who is signed in has not read, at most 100. */
export const unread = ref(0)

/** A page of notices, newest first. */
export async function readInbox(before?: string): Promise<Schema['Inbox']> {
  const got = await body(api.GET('/api/notices', { params: { query: { limit: 30, ...(before ? { before } : {}) } } }))
  unread.value = got.unread
  return got
}

/** Says that all up to one have been read. */
export async function markRead(upto: string) {
  await body(api.POST('/api/notices/read', { body: { upto } })).catch(() => undefined)
  unread.value = 0
}

/** Counts anew; what fails leaves the count as it was. */
export const countUnread = () => (me.value ? readInbox().then(() => undefined, () => undefined) : Promise.resolve())

watch(
  () => me.value?.id,
  (id) => {
    unread.value = 0
    if (id) void countUnread()
  },
  { immediate: true },
)
