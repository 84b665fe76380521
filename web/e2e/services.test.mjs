// 办事指南 on a phone, the items at the desk, and a download that another approves.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch, staff, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
before(async () => {
  server = await serve({ days: 4 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a citizen finds an item by what people call it, and reads what it takes', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  const { page } = v
  await page.goto('/guide')
  await page.locator('li a').nth(5).waitFor()
  await page.locator('input[type=search]').fill('滴滴证')
  await page.waitForFunction(() => document.querySelectorAll('.guide li').length === 1)
  await page.locator('li a').click()
  await page.locator('h1', { hasText: '网络预约出租汽车驾驶员证核发' }).waitFor()
  await page.locator('article', { hasText: '白底证件照' }).waitFor() // what it takes is asked after the rest
  const said = await page.locator('article').innerText()
  for (const part of ['当场办结', '20 个工作日', '比法定少 20 天', '三年以上驾驶经历', '白底证件照', '第十四条']) assert.ok(said.includes(part), part)
  assert.equal(await page.locator('a[href="tel:0755-12345"]').count(), 1)
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is too wide')
  await page.goto('/guide')
  await page.locator('input[type=search]').fill('没有这种事')
  await page.getByText('没有找到这件事').waitFor()
})

test('the items at the desk: found, narrowed, opened, each figure with its definition', async () => {
  const v = await visitor(browser, server.url)
  const { page } = v
  await staff(v, 'supervisor')
  await page.goto('/desk/items')
  await page.locator('.sums a').nth(3).waitFor()
  assert.match(await page.locator('.sums').innerText(), /网办率\s+97\.0%\s+可网办 32 ÷ 说明是否网办的 33/)
  await page.locator('.sums a', { hasText: '规范化均分' }).click()
  await page.locator('td a', { hasText: '区民政局' }).click()
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 5)
  await page.locator('td a', { hasText: '结婚登记' }).click()
  await page.getByText('需要到现场').waitFor()
  assert.match(await page.locator('.page aside').innerText(), /没有实施编码[\s\S]*扣 10 分/)
})

test('a download of many rows waits for another, and leaves once', async () => {
  for (let i = 0; (await (await fetch(`${server.url}/api/district`)).json()).preparing && i < 300; i++) await new Promise((r) => setTimeout(r, 200))
  const asks = await visitor(browser, server.url)
  await staff(asks, 'dispatcher')
  const { page } = asks
  await page.goto('/desk/appeals')
  await page.locator('button.export').click()
  const go = page.locator('.el-dialog .el-button--primary')
  await page.locator('.el-dialog label', { hasText: 'CSV' }).click()
  await go.click()
  const answer = await Promise.race([page.locator('.el-dialog .wrong').waitFor().then(() => 'many'), page.waitForEvent('download', { timeout: 20000 }).then(() => 'few', () => 'few')])
  assert.equal(answer, 'many', 'the demonstration has too few appeals for this test')
  await page.locator('.el-dialog .el-input__inner').fill('季度形势分析会需要')
  await go.click()
  await page.locator('.el-dialog .asked a').click()
  await page.getByText('须由他人批准').waitFor()
  const decides = await visitor(browser, server.url)
  await staff(decides, 'supervisor')
  await decides.page.goto('/desk/downloads')
  await decides.page.locator('button', { hasText: /^批准$/ }).click()
  await decides.page.locator('.el-message-box__input input').fill('同意用于分析')
  await decides.page.locator('.el-message-box__btns .el-button--primary').click()
  await decides.page.locator('.state', { hasText: '已批准' }).waitFor()
  await page.reload()
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('td a', { hasText: '下载' }).click()])
  const rows = (await readFile(await file.path(), 'utf8')).split('\n').length
  assert.ok(rows > 2000, `${rows} rows`)
  await page.locator('.state', { hasText: '已下载' }).waitFor()
})
