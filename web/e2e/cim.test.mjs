// Buildings and units: found by an old code, looked at, asked who was there; addresses
// matched, reviewed by keyboard and learned.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, v
before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
  v = await visitor(browser, server.url)
  await staff(v, 'places')
  await until(async () => (await (await v.context.request.get('/api/addresses/batches')).json())?.length, (n) => n > 0, 'the register is made')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a building has one page, its sheet, its past, and who was there for a purpose', async () => {
  const { page } = v
  await page.goto('/desk/places')
  await page.locator('tbody tr').first().waitFor()
  await page.getByLabel('编码解读').fill('440306003012GB00007F00010203')
  await page.getByRole('button', { name: '解读' }).click()
  await page.getByText('房屋等建筑物、构筑物').waitFor()
  await page.locator('tbody a').first().click()
  await page.locator('.sheet .unit').first().waitFor()
  await page.getByText('变更历史').waitFor()
  await page.locator('.ask select').selectOption('visit')
  await page.locator('.ask input:not([type])').fill('高温天气走访')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText(/查询编号/).waitFor()
  // A code of a house may hold these digits among its others.
  assert.equal(/(?<!\d)160\d{8}(?!\d)/.test(await page.locator('.main').innerText()), false, 'a phone is shown in full')
  await page.locator('.sheet .unit').first().click()
  await page.waitForURL(/places\/\d+$/)
  await page.locator('.crumbs b').waitFor()
})

test('an address is matched, another reviewed by keyboard, and its words learned', async () => {
  const { page } = v
  const some = await (await v.context.request.get('/api/places?kind=building&limit=1')).json()
  await page.goto('/desk/addresses')
  await page.getByLabel('试一条').fill(some.items[0].address + '0')
  await page.getByRole('button', { name: '匹配', exact: true }).click()
  await page.locator('.parts span').first().waitFor()
  const items = page.locator('.item')
  await items.first().waitFor()
  const n = await items.count()
  const confirmable = items.filter({ has: page.getByRole('button', { name: '确认' }) }).first()
  await confirmable.focus()
  await page.keyboard.press('Enter')
  await until(() => items.count(), (x) => x === n - 1, 'one is confirmed')
  await page.locator('.item').first().focus()
  await page.keyboard.press('n')
  await until(() => items.count(), (x) => x === n - 2, 'one is nowhere')
  await page.locator('input[type=file]').setInputFiles({ name: '名册.csv', mimeType: 'text/csv', buffer: Buffer.from(`姓名,详细地址\n张三,${some.items[0].address}\n李四,不知道在哪里的地方\n`) })
  await page.locator('.batch', { hasText: '名册.csv' }).waitFor()
  await page.waitForURL(/batch=/)
  await until(() => items.count(), (x) => x === 1, 'one of the table waits')
  assert.deepEqual(v.complaints, [])
})
