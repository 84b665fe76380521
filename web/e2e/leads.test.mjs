// Leads (未诉先办): told twice it is one; verified and filed by a key; a street
// sees its own; the figures count; the log between shifts carries what is open.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const quiet = (v) => v.complaints.filter((c) => !/\/api\/me(\s|$)|WebGL|3D|GPU/i.test(c))

test('found, verified, filed, measured', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'dispatcher')
  const tell = (data) => v.context.request.post('/api/leads', { data }).then((r) => r.json())
  const one = await tell({ source: 'patrol', external: 'P-1', text: '西乡街道流塘社区路面井盖破损，存在安全隐患', lon: 113.864, lat: 22.592 })
  assert.equal(one.new, true)
  assert.equal((await tell({ source: 'patrol', external: 'P-1', text: '西乡街道流塘社区路面井盖破损，存在安全隐患' })).lead.id, one.lead.id)
  await tell({ source: 'media', text: '网传新安街道某小区停水' })
  await v.page.goto('/desk/leads')
  await v.page.locator('[data-lead]').filter({ hasText: '井盖' }).click()
  await v.page.getByRole('heading', { name: /井盖/ }).waitFor()
  await v.page.keyboard.press('v')
  await v.page.locator('article').getByText('已核实').waitFor()
  await v.page.locator('article button.main:enabled').filter({ has: v.page.locator('kbd', { hasText: 'f' }) }).waitFor() // a key counts when its button does
  await v.page.keyboard.press('f')
  await until(() => v.context.request.get(`/api/leads/${one.lead.id}`).then((r) => r.json()), (p) => p.lead.state === 'filed' && p.lead.appeal_no, 'filed')
  await v.page.getByRole('heading', { name: /停水/ }).waitFor()
  await v.page.keyboard.press('r')
  await v.page.getByLabel('理由').fill('核实不属实')
  await v.page.keyboard.press('Enter')
  await v.page.getByText('没有待核实的线索').waitFor()
  await v.page.getByRole('button', { name: '成效' }).click()
  await v.page.getByRole('cell', { name: '100%' }).first().waitFor()
  assert.deepEqual(await rawKeys(v.page), [])
  assert.deepEqual(quiet(v), [])
  await v.close()

  const h = await visitor(browser, server.url)
  await staff(h, 'street')
  const seen = await h.context.request.get('/api/leads?state=all').then((r) => r.json())
  assert.deepEqual(seen.items.map((l) => l.external), ['P-1'])
  assert.equal((await h.context.request.post('/api/leads', { data: { source: 'patrol', text: '新安街道路灯不亮一片' } })).status(), 403)
  await h.close()
})

test('the wall follows what comes in, and what one shift leaves open', async () => {
  const v = await visitor(browser, server.url, { size: 'board' })
  await staff(v, 'supervisor')
  await v.page.goto('/wall')
  await v.page.getByText('在办队列').waitFor()
  await v.page.evaluate(() => (window.stays = true))
  const res = await fetch(`${server.url}/api/appeals`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text: '西乡街道流塘路有大树倒伏压住车辆' }) })
  assert.equal(res.status, 201)
  await v.page.locator('.incoming').getByText(/大树倒伏/).waitFor()
  assert.equal(await v.page.evaluate(() => window.stays && document.documentElement.scrollHeight <= innerHeight), true)
  const desk = await v.context.newPage()
  await desk.goto('/desk/handover')
  await desk.getByLabel('遗留事项').check()
  await desk.getByLabel('内容').fill('流塘路倒树请早班复核')
  await desk.getByRole('button', { name: '记入' }).click()
  await desk.getByRole('button', { name: '办结' }).waitFor()
  assert.equal((await v.context.request.get('/api/handover').then((r) => r.json())).open.length, 1)
  await desk.getByRole('button', { name: '确认接班' }).click()
  await desk.getByText('已确认到此').waitFor()
  await desk.getByRole('button', { name: '办结' }).click()
  await desk.getByRole('button', { name: '办结' }).last().click()
  await desk.getByText('没有遗留事项').waitFor()
  assert.deepEqual(quiet(v), [])
  await v.close()
})
