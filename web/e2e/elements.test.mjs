// What an appeal says is read, marked and corrected; a handler is helped with a
// draft that cannot be sent before it is filled in; the graph leads from an
// enterprise to its appeals, and a unit sees its own alone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, id
const text = '您好，昨晚11点西乡街道前进二路旁边深圳市鸿运达电子有限公司偷排废水，每天凌晨都排，臭得睡不着。希望环保部门查处，并公布处理结果。'
const quiet = (v) => assert.deepEqual(v.complaints.filter((c) => !/\/api\/me(\s|$)|422: POST|status of 422|WebGL|3D|GPU/i.test(c)), [])

before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
  const res = await fetch(`${server.url}/api/appeals`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text, appellant: { phone: '13700002226' } }) })
  id = (await res.json()).id
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('read, marked, corrected', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'dispatcher')
  await until(() => v.context.request.get(`/api/appeals/${id}/elements`).then((r) => r.json()), (e) => e.version === 1, 'the reading')
  await v.page.goto(`/desk/appeals/${id}`)
  await v.page.locator('[data-summary]').getByText('鸿运达').first().waitFor()
  const row = v.page.locator('[data-element=where]')
  assert.match(await row.innerText(), /前进二路旁边/)
  assert.deepEqual(await v.page.locator('[data-elements-text] mark.who').allInnerTexts(), ['深圳市鸿运达电子有限公司'])
  await row.getByRole('button', { name: '更正“在哪里”' }).click()
  await row.locator('textarea').fill('前进二路')
  await row.getByRole('button', { name: '保存' }).click()
  await row.getByText('更正', { exact: false }).first().waitFor()
  assert.deepEqual(await v.page.locator('[data-elements-text] mark.where').allInnerTexts(), ['前进二路'])
  const now = await v.context.request.get(`/api/appeals/${id}/elements`).then((r) => r.json())
  assert.equal(now.version, 2)
  assert.equal(now.versions.length, 2)
  assert.deepEqual(await rawKeys(v.page), [])
  quiet(v)
  await v.context.request.post(`/api/appeals/${id}/actions`, { data: { steps: [{ action: 'dispatch', form: { unit: 'st-xixiang', item: '110101' } }] } })
  await v.close()
})

test('helped, and not sent with a blank', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'street')
  await v.context.request.post(`/api/appeals/${id}/actions`, { data: { steps: [{ action: 'sign' }] } })
  await v.page.goto(`/desk/appeals/${id}`)
  await v.page.locator('[data-draft]').getByText('【', { exact: false }).first().waitFor()
  await v.page.getByRole('button', { name: '放入答复' }).click()
  const form = v.page.locator('form.action')
  await form.getByText('解释说明', { exact: true }).click()
  assert.match(await form.locator('[data-field=reply] textarea').inputValue(), /前进二路.*【/s)
  await form.locator('button[type=submit]').click()
  await form.getByText('还有【】没有填写').waitFor()
  const filled = (await form.locator('[data-field=reply] textarea').inputValue()).replace(/【[^】]*】/g, '11月26日执法人员到场封堵排污口1处')
  await form.locator('[data-field=reply] textarea').fill(filled)
  await form.locator('button[type=submit]').click()
  await until(() => v.context.request.get(`/api/appeals/${id}`).then((r) => r.json()), (d) => d.state === 'unit_review', 'the reply')
  assert.deepEqual(await rawKeys(v.page), [])
  quiet(v)
  await v.close()
})

test('the graph', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'supervisor')
  await v.page.goto('/desk/graph')
  await v.page.locator('[data-node="enterprise:鸿运达电子"]').click()
  await v.page.locator('.net canvas').waitFor()
  await v.page.locator('aside [data-node="unit:st-xixiang"]').click()
  await v.page.getByRole('heading', { name: /西乡街道/ }).waitFor()
  await v.page.getByRole('link', { name: '查看诉求' }).first().click()
  await v.page.waitForURL(/\/desk\/appeals\?.*unit=st-xixiang/)
  quiet(v)
  await v.close()
  const p = await visitor(browser, server.url, { size: 'phone' })
  await staff(p, 'supervisor')
  await p.page.goto('/desk/graph?kind=unit&key=st-xixiang')
  await p.page.getByRole('heading', { name: /西乡街道/ }).waitFor()
  assert.equal(await p.page.locator('.canvas').isVisible(), false)
  assert.ok((await p.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0)
  assert.deepEqual(await rawKeys(p.page), [])
  await p.close()
})
