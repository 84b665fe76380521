import type { Middleware } from 'openapi-fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api, type Schema } from '@/api/client'
import '@/messages'
import { hold, letGoOf } from '@/lib/kept'
import { me } from '@/state/session'
import type { Action, Detail } from '../appeal'
import { at, briefs, enqueue, forgetMatters, queue, restore, send, whole } from './onsite'

const detail = (id: string, version: number, allowed = ['contact', 'reply', 'redispatch']) =>
  ({ id, version, no: id, title: id, place_name: '', state: 'handling', state_name: '办理中', unit_name: '甲', class: 'normal', flow: 'appeal', item_name: '', appeal: { text: '路灯不亮', secrecy: 'open', channel: 'web', kind: 'request' }, appellant: { name: '王**', phone: '139****1111' }, allowed: allowed.map((name) => ({ name, title: { zh: name }, form: [] })), timeline: [] }) as unknown as Detail
const action = (name: string) => ({ name, title: { zh: name }, form: [], by: [], from: [], to: '' }) as unknown as Action
const problem = (status: number, code: string) => Response.json({ title: code, code, detail: code }, { status })

let asked: { path: string; key: string | null; body: { version: number; steps: { action: string }[] } }[]
let answer: (n: number, body: { version: number; steps: { action: string }[] }) => Response
let now: Detail
const server: Middleware = {
  async onRequest({ request }) {
    const path = new URL(request.url).pathname
    if (request.method === 'POST') {
      const body = await request.clone().json()
      asked.push({ path, key: request.headers.get('Idempotency-Key'), body })
      return answer(asked.length, body)
    }
    if (path === '/api/me') return Response.json(me.value)
    return Response.json(now)
  },
}

beforeEach(async () => {
  asked = []
  now = detail('1', 5)
  answer = () => Response.json({ id: '1' })
  queue.splice(0)
  await letGoOf('onsite')
  await forgetMatters()
  me.value = { id: '7', kind: 'staff', name: '黄海', roles: [] } as unknown as Schema['Me']
  api.use(server)
  vi.stubGlobal('fetch', async () => Response.json({ items: [] })) // the list
})
afterEach(() => {
  api.eject(server)
  vi.unstubAllGlobals()
})

describe('what a device keeps of a matter', () => {
  it('has no word of who appealed, and only what is safe without a network', () => {
    const b = whole(detail('1', 3), 0)
    expect(/王|139|appellant/.test(JSON.stringify(b))).toBe(false)
    expect(b.whole!.allowed.map((a) => a.name)).toEqual(['contact', 'reply'])
  })
  it('is gone after a day, and for another account', async () => {
    const kept = { as: '7', at: 1000, briefs: [whole(detail('1', 3), 1000)] }
    await hold('onsite.list', kept)
    await restore(1000 + 23 * 3600_000)
    expect(briefs.value).toHaveLength(1)
    await restore(1001 + 24 * 3600_000)
    expect([briefs.value, at.value]).toEqual([[], 0])
    await hold('onsite.list', { ...kept, as: '8' })
    await restore(1000)
    expect(briefs.value).toEqual([])
  })
})

describe('what waits to be sent', () => {
  const b = whole(detail('1', 3), 0)
  const put = async (name: string) => {
    await enqueue(b, action(name), {}, [])
    await send()
  }
  it('is sent once more under its key where the matter went on and it may be done still', async () => {
    answer = (n) => (n === 1 ? problem(409, 'conflict') : Response.json({ id: '1' }))
    await put('contact')
    expect(asked.map((a) => a.body.version)).toEqual([3, 5])
    expect(asked[0]!.key).toBe(asked[1]!.key)
    expect(queue).toHaveLength(0)
  })
  it('stays with its reason where the matter was taken back, and holds back what follows', async () => {
    now = detail('1', 5, [])
    answer = () => problem(409, 'conflict')
    await put('contact')
    await put('reply')
    expect(queue.map((j) => j.state)).toEqual(['unsent', 'waiting'])
    expect(queue[0]!.why).toContain('办理中')
    expect(asked).toHaveLength(1)
  })
  it('waits where the server is away', async () => {
    answer = () => problem(503, 'busy')
    await put('contact')
    expect(queue.map((j) => j.state)).toEqual(['waiting'])
  })
  it('is not sent by another account', async () => {
    answer = () => problem(503, 'busy')
    await put('contact')
    asked = []
    me.value = { ...me.value!, id: '8' }
    await send()
    expect(asked).toEqual([])
    expect(queue).toHaveLength(1)
  })
})
