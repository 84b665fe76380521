// What the platform looks after: the quality of channels' data, records that are kept
// no longer than they should, the city's orders.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, launch, rawKeys, seen, until } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
before(async () => {
  server = await serve({ past: { days: 40, perDay: 15 } })
  browser = await launch()
  c = await cast(browser, server.url, ['dispatcher', 'supervisor', 'admin', 'street'])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('channels stand by the quality of their data, each opened to what cost it points', seen(() => c, async () => {
  const s = c.page('supervisor')
  await s.goto('/desk/assessment')
  await s.getByRole('link', { name: '分平台数据质量' }).click()
  const line = s.locator('[data-channel]')
  await line.first().waitFor()
  const rates = (await s.locator('[data-channel] .rate').allInnerTexts()).map(Number.parseFloat)
  const ranks = (await s.locator('[data-channel] .rank').allInnerTexts()).map(Number)
  assert.ok(ranks[0] === 1 && rates.length > 1, `${ranks} ${rates}`)
  await line.last().locator('button').click()
  await s.locator('.more .detail').waitFor()
  await s.locator('.more li, .more .dim').first().waitFor()
  await c.shot(s, 'quality')
  await s.getByRole('group').getByRole('button').last().click()
  await s.locator('input[type=date]').waitFor()
  await s.locator('[data-channel], .state').first().waitFor()
  assert.deepEqual(await rawKeys(s), [])
}))

test('what is held is not destroyed; a hold is put and released with its reason', seen(() => c, async () => {
  const { items } = await c.get('supervisor', '/api/appeals?limit=1')
  const a = c.page('admin')
  await a.goto('/desk/retention')
  await a.locator('h1', { hasText: '保存期限与销毁' }).waitFor()
  await a.getByText('《个人信息保护法》').first().waitFor()
  await a.getByRole('button', { name: '生成待销毁清单' }).click()
  await c.done(a, '清单已更新')
  await a.getByText('没有待批准的清单').waitFor()
  const hold = a.locator('form').filter({ has: a.getByRole('button', { name: '保全' }) })
  await hold.locator('input').nth(0).fill(items[0].no)
  await hold.locator('input').nth(1).fill('行政复议期间')
  await hold.getByRole('button', { name: '保全' }).click()
  const held = a.locator('li').filter({ hasText: items[0].no })
  await held.waitFor()
  await c.shot(a, 'retention')
  await held.getByRole('button', { name: '解除' }).click()
  const ask = a.locator('.el-message-box')
  await ask.locator('input, textarea').first().fill('复议已终结')
  await ask.getByRole('button').last().click()
  await a.getByText('没有保全中的诉求').waitFor()
}))

test('an order of the city’s comes down, is an appeal here, and its signing is reported up', seen(() => c, async () => {
  const d = c.page('dispatcher')
  await d.goto('/desk/city')
  await d.locator('h1', { hasText: '市平台对接' }).waitFor()
  await d.getByText('还没有市级工单').waitFor()
  const [city] = await Promise.all([c.people.dispatcher.context.waitForEvent('page'), d.getByRole('link', { name: '打开模拟市平台' }).click()])
  await city.getByRole('button', { name: '派一单' }).click()
  const line = d.locator('tbody tr')
  await until(async () => (await d.reload(), await d.locator('.tools').waitFor(), await line.count()), (n) => n === 1, 'the order')
  await line.filter({ hasText: '已下派' }).filter({ hasText: '待分拨' }).waitFor()
  await c.shot(d, 'city')
  await line.locator('a').click()
  await d.locator('.matter h2').waitFor()
  const id = new URL(d.url()).pathname.split('/').at(-1)
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  await c.opened('street', id)
  // The city urges by itself in between: what one saw has changed then, and one signs again.
  const street = c.page('street')
  await until(async () => (await street.locator('[data-action=sign]').click({ timeout: 2000 }).catch(() => undefined), await street.waitForTimeout(300), street.locator('[data-action=sign]').count()), (n) => n === 0, 'the street signs')
  await until(async () => (await d.goto('/desk/city'), await line.first().waitFor(), line.first().innerText()), (t) => /已签收[\s\S]*办理中/.test(t), 'both sides say that it is signed for')
  await until(async () => (await city.reload(), city.locator('table').innerText()), (t) => /signed|已签收/.test(t), 'the city’s own page')
  await d.getByRole('tab', { name: '对账' }).click()
  await d.getByRole('button', { name: '立即对账' }).click()
  await d.getByText(/一致 1 件.*待处理 0 项/).waitFor()
  await c.shot(d, 'city-reconciled')
}))
