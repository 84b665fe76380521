import type { Middleware } from 'openapi-fetch'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp, h, type Component } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { api } from '@/api/client'
import { i18n } from '@/i18n'
import '@/messages'
import Meetings from './Meetings.vue'
import Report from './Report.vue'

// Its packages bring style sheets, which only a browser reads.
vi.mock('element-plus/es', () => {
  const ElDropdown = { emits: ['command'], setup: (_: unknown, { emit, slots }: { emit: (e: 'command', v: string) => void; slots: { default?: () => unknown } }) => () => [h('i', { 'data-command': '', onClick: () => emit('command', 'weekly') }), slots.default?.()] }
  return { ElDropdown, ElDropdownMenu: {}, ElDropdownItem: {}, ElDrawer: { render: () => null } }
})
vi.mock('element-plus/es/components/base/style/css', () => ({}))
vi.mock('element-plus/es/components/dropdown/style/css', () => ({}))
vi.mock('element-plus/es/components/dropdown-menu/style/css', () => ({}))
vi.mock('element-plus/es/components/dropdown-item/style/css', () => ({}))
vi.mock('element-plus/es/components/drawer/style/css', () => ({}))
vi.mock('element-plus/es/components/message/index', () => ({ ElMessage: () => undefined }))
vi.mock('element-plus/es/components/message/style/css', () => ({}))
vi.mock('element-plus/es/components/message-box/index', () => ({ ElMessageBox: {} }))
vi.mock('element-plus/es/components/message-box/style/css', () => ({}))
vi.mock('../figures/Chart.vue', () => ({ default: { render: () => null } }))
vi.mock('./FigurePanel.vue', () => ({ default: { render: () => null } }))
vi.mock('./StreetMap.vue', () => ({ default: { render: () => null } }))

let keys: Record<string, string | null>
const server: Middleware = {
  onRequest({ request }) {
    const path = new URL(request.url).pathname
    if (request.method === 'POST') keys[path] = request.headers.get('Idempotency-Key')
    return Response.json(path === '/api/meetings' ? { items: [] } : { id: '1', title: '', state: 'draft', from: '2026-11-01', to: '2026-11-02', allowed: ['review'], figures: [], body: [] })
  },
}
beforeEach(() => ((keys = {}), api.use(server)))
afterEach(() => api.eject(server))

const settled = () => new Promise((r) => setTimeout(r, 20))
it.each([
  ['a meeting that is called', Meetings, { kinds: [{ id: 'weekly', name: { zh: '周盘点' } }] }, '[data-command]', '/api/meetings'],
  ['a step of a report', Report, { id: '1' }, '[data-act]', '/api/reports/1/actions'],
] as [string, Component, object, string, string][])('sends %s with a key, so that sent twice it is done once', async (_, screen, props, press, path) => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: { render: () => h(screen, props) } }, { path: '/:rest(.*)', component: { render: () => null } }] })
  await router.push('/')
  const page = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(RouterView) }).use(router).use(i18n)
  app.mount(page)
  await settled()
  page.querySelector<HTMLElement>(press)!.click()
  await settled()
  expect(keys[path]).toMatch(/\S{16,}/)
  app.unmount()
})
