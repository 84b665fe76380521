// 值班、请假、委托: a roster is kept; who is away lets a colleague do the work, which
// is on record as done for them; a changed calendar moves what is due.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, choose, launch, rawKeys, seen, until } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
before(async () => {
  server = await serve()
  browser = await launch()
  c = await cast(browser, server.url, ['dispatcher', 'street', 'street-head', 'admin', 'department'])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const person = (page, name) => page.locator('[data-person]').filter({ hasText: name })
async function filed(text) {
  const { id } = await c.post('dispatcher', '/api/appeals', { text, channel: 'web' })
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  return id
}

test('the head makes a roster: a duty, a leave, no two at once; the unit sees who is away', seen(() => c, async () => {
  const h = c.page('street-head')
  await h.goto('/desk/roster')
  await person(h, '黄海').waitFor()
  await person(h, '梁敏').getByRole('button', { name: '排班' }).click()
  const box = h.getByRole('dialog')
  await choose(h, box.locator('.el-select').first(), '单位审核')
  await box.getByRole('button', { name: '确定' }).click()
  await c.done(h, '已保存')
  await person(h, '梁敏').getByText('在岗').waitFor()
  assert.equal(await person(h, '梁敏').locator('.shift.duty').count(), 1)

  // 黄海 goes on leave himself; a second leave over it is refused and says why.
  const s = c.page('street')
  await s.goto('/desk/roster')
  assert.equal(await person(s, '梁敏').getByRole('button').count(), 0, 'nobody keeps another’s roster')
  for (const again of [false, true]) {
    await person(s, '黄海').getByRole('button', { name: '请假', exact: true }).click()
    await s.getByRole('dialog').locator('input').last().fill('年休假')
    await s.getByRole('dialog').getByRole('button', { name: '确定' }).click()
    if (again) await s.getByRole('dialog').locator('.wrong').filter({ hasText: '已有' }).waitFor()
    else await c.done(s, '已保存')
  }
  await c.shot(s, 'roster-overlap')
  await s.keyboard.press('Escape')
  await person(s, '黄海').getByText('请假中').waitFor()
  await c.shot(s, 'roster-leave')
  assert.deepEqual(await rawKeys(s), [])

  // Work is not given to who is away.
  const id = await filed('流塘社区路灯不亮，请尽快修理')
  await c.opened('street-head', id)
  await h.locator('.facts .el-select').click()
  await h.locator('.el-select-dropdown__item.is-disabled:visible').filter({ hasText: '黄海' }).filter({ hasText: '请假' }).waitFor()
  await h.keyboard.press('Escape')
}))

test('the deputy does the work, on record as for the one away, until it is taken back', seen(() => c, async () => {
  const id = await filed('流塘社区垃圾桶满溢三天没有清运')
  const h = await c.opened('street-head', id)
  assert.equal(await h.locator('[data-action=sign]').count(), 0, 'a head signs for nothing of their own')

  const s = c.page('street')
  await s.goto('/desk/me')
  await s.getByRole('button', { name: '新建委托' }).click()
  await choose(s, s.locator('[data-to]'), '梁敏')
  const form = s.locator('form').filter({ hasText: '委托给' })
  assert.ok(await form.getByRole('button', { name: '委托', exact: true }).isDisabled(), 'not without a reason')
  await form.locator('input').last().fill('年休假，由梁敏代办')
  await form.getByRole('button', { name: '委托', exact: true }).click()
  await s.getByText('委托给西乡街道审核 梁敏').first().waitFor()
  await c.shot(s, 'delegation')

  await h.goto('/desk/me')
  await h.getByText('代西乡街道经办 黄海办理').first().waitFor()
  await h.goto('/desk')
  await h.locator('.row').filter({ hasText: '垃圾桶满溢' }).locator('button.body').click()
  await h.locator('[data-action=sign]').click()
  await c.done(h, '签收')
  await c.opened('street-head', id)
  await h.locator('.line li').filter({ hasText: '签收' }).getByText('代西乡街道经办 黄海办理').waitFor()
  await c.shot(h, 'acting-for')
  // Whoever reads it sees both names.
  const d = await c.opened('dispatcher', id)
  assert.match(await d.locator('.line li').filter({ hasText: '签收' }).first().innerText(), /梁敏[\s\S]*代西乡街道经办 黄海办理/)
  // Nobody reviews their own reply, in whose name ever it was written.
  await c.act('street-head', id, 'reply', { result: 'explained', reply: '环卫班组11月26日出动清运车1台，清运垃圾约2吨，桶体冲洗消毒完毕' })
  await s.goto('/desk/me')
  await s.getByRole('button', { name: '收回' }).first().click()
  await until(() => s.getByRole('button', { name: '收回' }).count(), (n) => n < 2, 'taken back')
  while (await s.getByRole('button', { name: '收回' }).count()) {
    const n = await s.getByRole('button', { name: '收回' }).count()
    await s.getByRole('button', { name: '收回' }).first().click()
    await until(() => s.getByRole('button', { name: '收回' }).count(), (m) => m < n, 'taken back')
  }
  await s.getByText('没有进行中的委托').waitFor()
  const other = await filed('流塘社区井盖松动，车过时响声很大')
  await c.opened('street-head', other)
  assert.equal(await h.locator('[data-action=sign]').count(), 0, 'what was taken back is gone')
}))

test('a day off in the calendar moves what is due; who works by it sees the new day', seen(() => c, async () => {
  const id = await filed('流塘社区人行道地砖破损')
  const u = await c.opened('street', id)
  const due = () => u.locator('.clocks li').filter({ hasText: '总时限' }).locator('.at').innerText()
  const was = await due()
  const a = c.page('admin')
  await a.goto('/desk/pack?file=calendars/office.yaml')
  const text = a.getByLabel('calendars/office.yaml 的内容', { exact: true })
  const day = new Date(Date.now() + 8 * 3600_000 + 3 * 86_400_000).toISOString().slice(0, 10)
  const next = new Date(Date.now() + 8 * 3600_000 + 4 * 86_400_000).toISOString().slice(0, 10)
  const plain = await text.inputValue()
  await text.fill(`${plain}exceptions:\n  ${day}: somehow\n`)
  await a.getByRole('button', { name: '检查', exact: true }).click()
  await a.locator('.faults li').first().waitFor()
  await c.shot(a, 'calendar-wrong')
  await text.fill(`${plain}exceptions:\n  ${day}: off\n  ${next}: off\n`)
  await a.getByRole('button', { name: '保存并生效' }).click()
  await a.locator('textarea[name=note]').fill('台风停工两日')
  await a.locator('[data-save]').click()
  await a.getByText('已保存并生效').waitFor()
  await u.reload()
  await until(due, (now) => now !== was, `due on ${was} before`)
  await c.shot(u, 'calendar-moved')
}))
