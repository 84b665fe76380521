// The city at the desk: a question chosen on the plan and answered, kept and repeated; space with
// its reference rent; the age of the layers.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { launch, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const program = process.env.SHANZHI ?? fileURLToPath(new URL('../../bin/shanzhi', import.meta.url))

let server, browser, v
before(async () => {
  server = await serve({ days: 0 })
  await promisify(execFile)(program, ['--data', join(server.dir, 'data'), 'simulate', 'city', '--section', 'demonstration'])
  browser = await launch()
  v = await visitor(browser, server.url)
  await staff(v, 'places')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a question is chosen on the plan by keyboard, answered, repeated with the same bytes, and deleted', async () => {
  const { page } = v
  await page.goto('/desk/city/analyses/new?kind=buffer')
  const plan = page.getByRole('application')
  await page.locator('path.building').first().waitFor()
  await plan.focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '开始分析' }).click()
  await page.waitForURL(/analyses\/\d+$/)
  await page.getByText('完成').first().waitFor()
  await page.locator('.drawn.buffer').waitFor()
  const hash = await page.locator('dd[title]').getAttribute('title')
  await page.getByRole('button', { name: '重算' }).click()
  await page.getByText('与原结果一致').waitFor()
  assert.equal(await page.locator('dd[title]').getAttribute('title'), hash)
  await page.getByRole('button', { name: '删除' }).click()
  await page.waitForURL(/analyses$/)
  await until(() => page.locator('tbody tr').count(), (n) => n === 1, 'one is left')
})

test('a building is picked for its hours of sun', async () => {
  const { page } = v
  await page.goto('/desk/city/analyses/new?kind=sunlight')
  const first = page.locator('path.building').first()
  await first.waitFor()
  await page.waitForTimeout(400)
  const box = await page.locator('path.building').evaluateAll((all) => {
    const r = all.map((x) => x.getBoundingClientRect()).find((b) => b.width > 20 && b.height > 20 && b.x > 120 && b.right < 1000 && b.y > 150 && b.bottom < 850)
    return r && { x: r.x + r.width / 2, y: r.y + r.height / 2 }
  })
  await page.mouse.click(box.x, box.y)
  await page.locator('path.chosen').waitFor()
  await page.getByRole('button', { name: '开始分析' }).click()
  await page.waitForURL(/analyses\/\d+$/)
  await page.locator('.drawn.unit').first().waitFor()
  await page.getByText('正午太阳高度').waitFor()
})

test('space is looked for, and its rent explained', async () => {
  const { page } = v
  await page.goto('/desk/city/space')
  await page.locator('tbody tr').first().waitFor()
  await page.getByLabel('用途').selectOption('factory')
  await page.waitForURL(/use=factory/)
  await page.getByLabel('承重不低于').fill('1')
  await page.getByLabel('承重不低于').blur()
  await page.waitForURL(/load=1/)
  await page.locator('tbody a').first().click()
  await page.getByText(/个可比案例的加权中位数|可比案例不足/).waitFor()
})

test('each layer says how old and how whole it is', async () => {
  const { page } = v
  await page.goto('/desk/city/update')
  await page.getByRole('cell', { name: '管线', exact: true }).waitFor()
  await page.getByText('航测与竣工测量').waitFor()
  assert.deepEqual(v.complaints, [])
})
