import type { Middleware } from 'openapi-fetch'
import { expect, it, vi } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { api } from '@/api/client'
import { i18n } from '@/i18n'
import '@/messages'
import './messages'
import Questions from './Questions.vue'

vi.mock('element-plus/es/components/message/index', () => ({ ElMessage: () => undefined }))
vi.mock('element-plus/es/components/message/style/css', () => ({}))
vi.mock('@/components/UnitSelect.vue', () => ({ default: { render: () => null } }))

it('shows the question that is chosen, though an answer about the one before comes late', async () => {
  const question = (id: string) => ({ id, text: id, seq: 1, state: 'waiting', asked: 1, last_at: '2026-01-01T00:00:00Z', allowed: ['return', 'draft', 'reopen'] })
  let answer = () => {}
  const server: Middleware = {
    async onRequest({ request }) {
      const path = new URL(request.url).pathname
      if (request.method === 'POST') await new Promise<void>((done) => (answer = done))
      return Response.json(path === '/api/questions' ? { items: [question('first'), question('second')] } : { question: question(path.split('/')[3]!), events: [], asked: [] })
    },
  }
  api.use(server)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Questions }] })
  await router.push('/')
  const page = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(RouterView) }).use(router).use(i18n)
  app.mount(page)
  const settled = () => new Promise((r) => setTimeout(r, 20))
  await settled()
  const shown = () => page.querySelector('article h2')!.textContent
  expect(shown()).toBe('first')
  ;[...page.querySelectorAll<HTMLButtonElement>('article .acts button')].at(-1)!.click()
  await settled()
  page.querySelectorAll<HTMLButtonElement>('.row')[1]!.click()
  await settled()
  expect(shown()).toBe('second')
  answer()
  await settled()
  expect(shown()).toBe('second')
  app.unmount()
  api.eject(server)
})
