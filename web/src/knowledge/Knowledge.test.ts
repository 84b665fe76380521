import type { Middleware } from 'openapi-fetch'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import { createMemoryHistory, createRouter, RouterView, type Router } from 'vue-router'
import { api } from '@/api/client'
import { i18n } from '@/i18n'
import '@/messages'
import Knowledge from './Knowledge.vue'

// Its packages bring style sheets, which only a browser reads.
vi.mock('element-plus/es/components/message/index', () => ({ ElMessage: () => undefined }))
vi.mock('element-plus/es/components/message/style/css', () => ({}))
vi.mock('./Upload.vue', () => ({ default: { render: () => null } }))
vi.mock('./Uses.vue', () => ({ default: { render: () => null } }))
vi.mock('./Questions.vue', () => ({ default: { emits: ['changed'], render: () => h('i') } }))

const entry = (id: string) => ({ id, seq: 1, code: id, title: id, body: '', unit: '', state: 'draft', version: 1, live: 0, reports: 0, changed_at: '2026-01-01T00:00:00Z', allowed: ['submit'] })
const answers: Record<string, unknown> = { '/api/knowledge': { items: [entry('a'), entry('b')] }, '/api/knowledge/standing': { states: { draft: 2 }, categories: [], questions: 1 } }

let asked: string[]
const server: Middleware = {
  onRequest({ request }) {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    return Response.json(answers[pathname])
  },
}
let router: Router
let page: HTMLElement
let end: () => void
const settled = () => new Promise((r) => setTimeout(r, 20))
const go = async (query: Record<string, string>) => {
  asked = []
  await router.replace({ query })
  await settled()
}

beforeEach(async () => {
  asked = []
  api.use(server)
  router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Knowledge }, { path: '/desk/:rest(.*)', component: { render: () => null } }] })
  await router.push('/')
  const app = createApp({ render: () => h(RouterView) }).use(router).use(i18n)
  page = document.body.appendChild(document.createElement('div'))
  app.mount(page)
  end = () => (app.unmount(), page.remove())
  await settled()
})
afterEach(() => {
  end()
  api.eject(server)
})

describe('the knowledge page', () => {
  it('reads the entries and how they stand', () => expect(asked.sort()).toEqual(['/api/knowledge', '/api/knowledge/standing']))

  it('reads nothing of them while something else is shown, and keeps what is chosen', async () => {
    page.querySelector<HTMLInputElement>('tbody input')!.click()
    await nextTick()
    expect(page.querySelector('.bulk')).toBeTruthy()
    await go({ tab: 'questions' })
    expect(asked).toEqual([])
    await go({ tab: 'questions', state: 'answered' })
    expect(asked).toEqual([])
    await go({})
    expect(asked).toContain('/api/knowledge')
    expect(page.querySelector('.bulk')).toBeTruthy()
    await go({ state: 'draft' })
    expect(asked).toContain('/api/knowledge')
    expect(page.querySelector('.bulk')).toBeNull()
  })
})
