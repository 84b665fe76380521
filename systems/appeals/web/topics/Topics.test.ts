import type { Middleware } from 'openapi-fetch'
import { expect, it } from 'vitest'
import { createApp, h, nextTick } from 'vue'
import { createMemoryHistory, createRouter, RouterView } from 'vue-router'
import { api } from '@/api/client'
import { i18n } from '@/i18n'
import '@/messages'
import Topics from './Topics.vue'

it('searches what its address says, whoever changed it, and leaves alone what is typed since', async () => {
  const asked: (string | null)[] = []
  const server: Middleware = {
    onRequest({ request }) {
      asked.push(new URL(request.url).searchParams.get('q'))
      return Response.json({ items: [] })
    },
  }
  api.use(server)
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Topics }] })
  await router.push('/?q=路灯')
  const page = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(RouterView) }).use(router).use(i18n)
  app.mount(page)
  const settled = (ms = 20) => new Promise((r) => setTimeout(r, ms))
  await settled()
  const box = page.querySelector<HTMLInputElement>('input[type=search]')!
  const type = (text: string) => ((box.value = text), box.dispatchEvent(new Event('input')))
  expect([box.value, asked]).toEqual(['路灯', ['路灯']])

  await router.push('/?q=噪音')
  await settled()
  expect([box.value, asked.at(-1)]).toEqual(['噪音', '噪音'])

  type('井盖')
  await settled(300)
  expect([router.currentRoute.value.query.q, asked.at(-1)]).toEqual(['井盖', '井盖'])

  // The address of the first letters arrives while the next ones are typed.
  type('井盖破')
  await settled(255)
  type('井盖破损')
  await settled()
  await nextTick()
  expect(box.value).toBe('井盖破损')
  await settled(300)
  expect([router.currentRoute.value.query.q, asked.at(-1)]).toEqual(['井盖破损', '井盖破损'])
  await router.back()
  await settled()
  app.unmount()
  api.eject(server)
})
