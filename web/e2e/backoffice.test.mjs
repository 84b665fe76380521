// After a case is accepted: a fee paid from the phone, reconciled; the end of a case
// rated; a bad rating called back and put right, without telling who rated.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

const shots = process.env.SHOTS
let server, browser
before(async () => {
  server = await serve()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const fits = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page.url()} is too wide`)
const shot = async (page, name) => shots && page.screenshot({ path: `${shots}/${name}.png` })

test('a fee is paid on the phone, and a bad rating is put right by those who never learn whose it is', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await citizen(v, '16000000031')
  const { page } = v
  const key = () => ({ 'Idempotency-Key': crypto.randomUUID() })
  const call = async (who, method, path, data) => {
    const r = await who.context.request.fetch(path, { method, data, headers: key() })
    assert.ok(r.ok(), `${method} ${path}: ${r.status()} ${await r.text()}`)
    return r.status() === 204 ? undefined : r.json()
  }
  // The application itself is told in apply.test.mjs.
  const { items } = await call(v, 'GET', '/api/services/items?q=食品经营许可')
  let a = await call(v, 'POST', '/api/services/applications', { item: items[0].id })
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
  const file = async () => {
    const r = await v.context.request.post('/api/files', { headers: { ...key(), 'Content-Type': 'application/octet-stream' }, data: png })
    assert.ok(r.ok(), await r.text())
    return (await r.json()).id
  }
  a = await call(v, 'PUT', `/api/services/applications/${a.id}`, {
    version: a.version,
    situation: { kind: 'restaurant', area: 86, chain: false },
    values: { name: '李记', id_no: '11010519491231002X', phone: '16000000031', shop_name: '李记小馆', uscc: '11440306MB2D70048K', address: '宝安区西乡街道流塘路1号', staff: [{ name: '王五', health: true }] },
    files: { business_licence: [await file()], layout: [await file()], rules: [await file()] },
  })
  const sent = await call(v, 'POST', `/api/services/applications/${a.id}/sending`, { version: a.version })
  const market = await visitor(browser, server.url)
  await staff(market, 'market')
  const act = (who, action, form) => call(who, 'POST', `/api/services/cases/${sent.case}/actions`, { action, version: 0, form })
  await act(market, 'accept', { points: ['scope', 'plan', 'health'] })

  await page.goto(`/cases/${sent.case}`)
  await page.locator('.bill', { hasText: '待缴' }).waitFor()
  await fits(page)
  await shot(page, 'case-bill')
  await page.getByRole('button', { name: '去缴费' }).click()
  await page.getByText('非税支付平台（模拟）').waitFor()
  await page.getByText('80.00').waitFor()
  await shot(page, 'pay')
  await page.getByRole('button', { name: '确认支付' }).click()
  await page.getByText('已支付').waitFor()
  await page.getByText('返回办件').click()
  await page.locator('.bill', { hasText: '已缴' }).waitFor()

  await market.page.goto(`/desk/cases/${sent.case}`)
  await market.page.locator('aside .bill', { hasText: '已缴' }).waitFor()
  assert.equal(await market.page.getByRole('button', { name: '减免' }).count(), 0, 'what was paid is waived')
  const inspector = await visitor(browser, server.url)
  await staff(inspector, 'inspector')
  await inspector.page.goto('/desk/pay-days')
  await inspector.page.getByText('两边一致').waitFor()
  await inspector.page.locator('dl', { hasText: '80.00' }).waitFor()
  await shot(inspector.page, 'pay-days')

  await act(market, 'propose', { view: 'deny', opinion: '不符合条件' })
  const head = await visitor(browser, server.url)
  await staff(head, 'market-head')
  await act(head, 'deny', { reason: '经营场所正在拆除，不具备经营条件，依据管理办法第十二条' })
  // Denied: what was paid goes back.
  await until(async () => (await page.reload(), await page.locator('.bill').innerText().catch(() => '')), (t) => /已退费/.test(t), 'the refund')

  await until(async () => (await page.reload(), await page.waitForTimeout(500), await page.locator('a.rate').count()), (n) => n === 1, 'the invitation to rate')
  await page.locator('a.rate').click()
  await page.getByText('这次办得怎么样').waitFor()
  await page.waitForTimeout(5500) // sooner it would not count
  await page.locator('.grades label').nth(3).click()
  await page.getByRole('radio', { name: '不满意' }).nth(2).click().catch(() => undefined)
  await page.locator('textarea').fill('等了三周才告诉我不行')
  await fits(page)
  await shot(page, 'rate')
  await page.getByRole('button', { name: '提交评价' }).click()
  await page.getByText('2 个工作日内回访').waitFor()
  await page.reload()
  await page.getByText('已经评价过').waitFor()

  const clerk = await visitor(browser, server.url)
  await staff(clerk, 'rating')
  const desk = clerk.page
  await desk.goto('/desk/bad-ratings')
  await desk.locator('blockquote', { hasText: '等了三周' }).waitFor()
  await shot(desk, 'bad')
  const step = async (name, fill) => {
    await desk.getByRole('button', { name, exact: true }).click()
    await fill(desk.locator('form.action'))
    await desk.locator('form.action button[type=submit]').click()
    await desk.locator('form.action').waitFor({ state: 'detached' })
  }
  await step('回访', async (f) => {
    await f.getByText('已联系上').click()
    await f.locator('textarea').fill('反映审查时间过长')
  })
  await step('核实属实，交办整改', (f) => f.locator('textarea').fill('审查环节等待时间过长，未主动告知进度'))
  await desk.goto('/desk/ratings')
  await desk.locator('tbody .link').first().click()
  await desk.locator('td.said', { hasText: '等了三周' }).waitFor()
  await shot(desk, 'ratings')
  // What was written stands by what of the item is to be mended; who edits the item reads
  // how many said so, and not the one who did.
  await desk.goto('/desk/rating-mends?element=time')
  await desk.locator('article', { hasText: '办理时限' }).filter({ hasText: '等了三周' }).waitFor()
  await head.page.goto('/desk/rating-mends')
  await head.page.locator('article', { hasText: '办理时限' }).getByText('去修改事项').waitFor()
  assert.ok(!/三周/.test(await head.page.locator('main').last().innerText()))

  await head.page.goto('/desk/bad-ratings')
  await head.page.getByText('未主动告知进度').first().waitFor()
  const told = await head.page.locator('main').last().innerText()
  assert.ok(!/三周|李记|1600|食品经营/.test(told), told)
  await shot(head.page, 'bad-head')
  assert.deepEqual(await rawKeys(head.page), [])
  assert.deepEqual(await rawKeys(desk), [])
})
