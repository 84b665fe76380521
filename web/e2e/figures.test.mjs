// 数据查询: what is asked is chosen, read with its definition, opened to its rows,
// kept and shared, each with their own rights; 月度公开 tells everybody, and nobody's
// own story.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, choose, launch, rawKeys, seen, until, words } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
before(async () => {
  server = await serve({ past: { days: 40, perDay: 15 } })
  browser = await launch()
  c = await cast(browser, server.url, ['supervisor', 'street', ''])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** The lines of the table, each as its cells. */
const table = (page) => page.locator('.answer tbody tr').evaluateAll((rows) => rows.map((r) => [...r.children].map((x) => x.innerText.trim())))
const run = (page) => page.getByRole('button', { name: '查询', exact: true }).click()

test('dimensions and measures are chosen, the definition read, a line opened to its rows; the view is shared', seen(() => c, async () => {
  const s = c.page('supervisor')
  await s.goto('/desk/figures')
  await s.locator('.answer').waitFor()
  await choose(s, s.locator('[data-measures]'), '满意率')
  await s.keyboard.press('Escape')
  const by = s.locator('[data-by]')
  await by.locator('.el-tag__close').click() // not by street
  await choose(s, by, '单位')
  await s.keyboard.press('Escape')
  await run(s)
  await s.locator('.answer').getByText('表', { exact: true }).click()
  await until(() => s.locator('.answer thead').innerText(), (t) => /单位[\s\S]*件数[\s\S]*满意率/.test(t), 'the columns')
  await s.locator('.definitions summary').click()
  await s.locator('.definitions dd').filter({ hasText: '3 分 ×0.6' }).waitFor()
  await c.shot(s, 'figures')
  const lines = await table(s)
  const xixiang = lines.find((l) => /西乡街道/.test(l[0]))
  assert.ok(lines.length > 5 && xixiang && Number(xixiang[1]) > 0, JSON.stringify(lines.slice(0, 4)))

  // What is behind a line is as many rows as it counts.
  await s.locator('.answer tbody tr').filter({ hasText: /^西乡街道|宝安区西乡街道/ }).first().getByRole('button', { name: '查看明细' }).click()
  await s.waitForURL(/\/desk\/appeals\?/)
  await until(() => s.locator('.list header .num').innerText(), (n) => Number.parseInt(n.replace(/\D/g, '')) === Number(xixiang[1]), `the ${xixiang[1]} rows behind the line`)
  await s.goBack()
  await s.locator('.answer').waitFor()
  await s.getByRole('button', { name: '保存', exact: true }).click()
  await s.locator('.el-message-box input').fill('各单位满意率')
  await s.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  await s.locator('.el-message-box').filter({ hasText: '共享' }).getByRole('button', { name: '是' }).click()
  await s.locator('.views').getByText('各单位满意率').waitFor()

  // The street opens it and sees its own alone.
  const u = c.page('street')
  await u.goto('/desk/figures')
  await u.locator('.views').getByText('各单位满意率').click()
  await u.locator('.answer').getByText('表', { exact: true }).click()
  await until(() => u.locator('.answer thead').innerText(), (t) => /满意率/.test(t), 'the view')
  const own = await table(u)
  assert.ok(own.length > 0 && own.every((l) => /西乡|社区|固戍|流塘/.test(l[0])), `only what is its own: ${JSON.stringify(own)}`)
  assert.equal(await u.locator('.views .x').count(), 0, 'it is not theirs to take away')
  assert.equal(own.find((l) => l[0] === xixiang[0])[1], xixiang[1], 'and of these it says the same')
  await c.shot(u, 'figures-street')
  assert.deepEqual(await rawKeys(s), [])
}))

test('it is narrowed, turned to what fell due, and says so where nothing fits', seen(() => c, async () => {
  const s = c.page('supervisor')
  await s.goto('/desk/figures')
  await s.locator('.answer').waitFor()
  await choose(s, s.locator('.ask .el-select').filter({ has: s.getByLabel('口径') }).first(), '时限到期')
  await run(s)
  await s.locator('.answer').getByText('表', { exact: true }).click()
  await until(() => s.locator('.answer thead').innerText(), (t) => /到期/.test(t), 'what fell due')
  const q = encodeURIComponent(JSON.stringify({ grain: 'appeals', measures: ['count'], by: ['unit'], where: { street: ['440306'] }, on: 'filed', from: '2020-01-01', to: '2020-01-02', order: '' }))
  await s.goto(`/desk/figures?q=${q}`)
  await s.getByText('没有符合条件的数据').waitFor()
  await s.goto('/desk/figures?q=%7Bnot')
  await s.getByText('链接不完整').waitFor() // and the usual question instead
  await s.locator('.answer').waitFor()
  await c.shot(s, 'figures-broken-link')
}))

test('everybody reads the month without signing in: no name, no number, no small count', seen(() => c, async () => {
  const { page, context } = c.people['']
  // One of whom nothing may be told, in a street where little happens.
  await c.post('supervisor', '/api/appeals', { channel: 'window', kind: 'complaint', text: '我叫欧阳测试，电话 13987654321，家门口路灯坏了三天', appellant: { name: '欧阳测试', phone: '13987654321' } }).catch(() => c.post('', '/api/appeals', { text: '我叫欧阳测试，家门口路灯坏了三天，请修理', appellant: { phone: '13987654321' } }))
  await page.goto('/public')
  await page.locator('dl.big dd').first().waitFor()
  const b = await (await context.request.get('/api/public/board')).json()
  assert.equal(await page.locator('dl.big dd').first().innerText(), b.filed.toLocaleString(), 'what it says is what is counted')
  const said = `${await words(page)}${JSON.stringify(b)}`
  for (const no of ['欧阳测试', '13987654321', '139****4321']) assert.ok(!said.includes(no), no)
  const small = [...b.streets, ...b.subjects, ...b.channels].filter((x) => x.count !== undefined && x.count < b.least)
  assert.deepEqual(small, [], 'small counts are left out')
  const hidden = [...b.streets, ...b.subjects, ...b.channels].filter((x) => x.count === undefined)
  assert.ok(hidden.length > 0, 'there are some in this month')
  await page.getByText(`少于 ${b.least}`).first().waitFor()
  await c.shot(page, 'phone-public')
  await page.locator('select').selectOption({ index: 1 })
  await page.waitForURL(/month=/)
  await page.locator('dl.big dd').first().waitFor()
  await page.locator('select').selectOption({ index: 8 }) // before there was anything
  await until(() => page.locator('dl.big dd').first().innerText(), (t) => t === '0', 'a month with nothing in it')
  await page.getByText('这个月没有受理和办结的诉求').waitFor()
  await c.shot(page, 'phone-public-empty')
  assert.deepEqual(await rawKeys(page), [])
}))
