import { afterEach, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { i18n } from '@/i18n'
import '@/messages'
import './messages'
import Upload from './Upload.vue'

vi.mock('element-plus/es/components/message/index', () => ({ ElMessage: () => undefined }))
vi.mock('element-plus/es/components/message/style/css', () => ({}))
vi.mock('element-plus/es', () => ({ ElDialog: { inheritAttrs: false, setup: (_: unknown, { slots }: { slots: { default(): unknown } }) => () => slots.default() } }))
vi.mock('element-plus/es/components/dialog/style/css', () => ({}))
vi.mock('element-plus/es/components/base/style/css', () => ({}))
afterEach(() => vi.restoreAllMocks())

it('gives back every file that it made in the browser', async () => {
  const made: string[] = []
  const given: string[] = []
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    made.push(String(made.length + 1))
    return `blob:${made.length}`
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((u) => void (u && given.push(u.slice(5))))
  vi.stubGlobal('fetch', async () => Response.json({ taken: 0, rejected: [{ line: 1, field: 'title', code: 'required' }], file: 'title\n' }))
  const page = document.body.appendChild(document.createElement('div'))
  const app = createApp(Upload).use(i18n)
  app.mount(page)
  const input = page.querySelector<HTMLInputElement>('input[type=file]')!
  Object.defineProperty(input, 'files', { value: [new File(['x'], 'x.csv')] })
  input.dispatchEvent(new Event('change'))
  for (let i = 0; i < 2; i++) {
    await new Promise((r) => setTimeout(r))
    page.querySelector('form')!.dispatchEvent(new Event('submit'))
    await new Promise((r) => setTimeout(r, 10))
  }
  expect(made).toEqual(['1', '2'])
  app.unmount()
  expect(given.sort()).toEqual(made)
  vi.unstubAllGlobals()
})
