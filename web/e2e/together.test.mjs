// 首办负责、协同办理: who signs first stays the citizen's contact; a lead asks others,
// each has a task and a clock of its own; the lead waits for them or says why not;
// what the citizen thinks of it is the lead's.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, choose, launch, rawKeys, seen, until, words } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
const text = '西乡街道流塘社区流塘路占道摆摊，路灯又不亮，晚上行人只能走到马路上'
const reply = '经查属实。11月26日城管执法队清理占道摊位12处，维修班组更换电缆32米，当晚亮灯，已电话告知您。'
before(async () => {
  server = await serve()
  browser = await launch()
  c = await cast(browser, server.url, ['agent', 'dispatcher', 'street', 'street-head', 'department', 'reviewer', 'supervisor', '13811110001'])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** An appeal of the citizen's that the street has signed for. */
async function signed(what) {
  const { id } = await c.post('13811110001', '/api/appeals', { text: what, address: '西乡街道流塘路 58 号' })
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  await c.act('street', id, 'sign')
  return id
}

test('the unit that signed first stays the contact when another gets it, and may still call', seen(() => c, async () => {
  const id = await signed(text)
  const d = await c.opened('dispatcher', id)
  await d.locator('[data-action=redispatch]').click()
  await choose(d, d.locator('[data-field=unit] .el-select'), '城市管理')
  await c.fill(d, { note: '占道执法由城管部门主办' })
  await c.done(d, '改派')
  const first = d.locator('.facts div').filter({ hasText: '首办单位' })
  assert.match(await first.innerText(), /西乡街道/, 'the first unit is named beside the one that has it')
  assert.match(await d.locator('.clocks').innerText(), /签收[\s\S]*城管[\s\S]*签收[\s\S]*西乡/, 'each unit’s time is named as its own')

  await c.act('department', id, 'sign')

  // The street still reads it, and talks to the citizen; what belongs to the lead it may not.
  const s = await c.opened('street', id)
  await s.locator('[data-action=contact]').click()
  await s.locator('[data-field=how]').getByText('电话').click()
  await s.locator('[data-field=reached]').getByText('是', { exact: true }).click()
  await c.fill(s, { note: '已告知由城管局主办，仍由我街道联系您' })
  await c.done(s, '首次联系')
  for (const action of ['reply', 'sign', 'ask_co']) assert.equal(await s.locator(`[data-action=${action}]`).count(), 0, `${action} is the lead's`)
  await c.shot(s, 'first-unit')

  const p = c.page('13811110001')
  await p.goto(`/appeals/${id}`)
  await p.locator('.line').getByText('首次联系').waitFor()
  assert.match(await p.locator('.hero').innerText(), /由 .*城市管理.* 办理[\s\S]*首办单位 .*西乡街道/, 'the citizen sees who has it and who stays in touch')
  await c.shot(p, 'phone-first-unit')
}))

test('a lead asks two units; it waits for them or says why; each answers in its own time; the rating is the lead’s', seen(() => c, async () => {
  const id = await signed(`${text}，请一并处理`)
  const s = await c.opened('street', id)
  await s.locator('[data-action=ask_co]').click()
  const units = s.locator('[data-field=co_units] .el-select')
  await choose(s, units, '城市管理')
  await choose(s, units, '供电')
  await s.keyboard.press('Escape')
  await c.fill(s, { note: '请城管清理摊位，请供电检修路灯线路' })
  await c.done(s, '请求协办')
  const tasks = s.locator('[data-co-tasks] li')
  await until(() => tasks.allInnerTexts(), (t) => t.length === 2 && t.every((x) => /待签收/.test(x)), 'two tasks')
  for (const t of await tasks.allInnerTexts()) assert.match(t, /(天|小时|分钟|时)/, `each has its own time left: ${t}`)
  await c.shot(s, 'lead-asked')

  // Not over an open task without a reason.
  await s.locator('[data-action=reply]').click()
  await s.locator('[data-field=result]').getByText('解释说明').click()
  await c.fill(s, { reply })
  await s.getByText('还有协办任务未完成').waitFor()
  await c.shot(s, 'lead-waits')
  await s.keyboard.press('Escape')

  // The co-unit finds it at its desk, with its own limit and what is asked, signs and answers.
  const u = c.page('department')
  await u.goto('/desk')
  await u.locator('.row').filter({ hasText: '占道摆摊' }).filter({ hasText: '-C' }).locator('button.body').click()
  await u.locator('.matter .state', { hasText: '待签收' }).waitFor()
  await u.locator('.line').getByText('请城管清理摊位，请供电检修路灯线路').waitFor()
  const clock = u.locator('.clocks li')
  await until(() => clock.count(), (n) => n === 1, 'one clock of its own')
  assert.match(await clock.innerText(), /协办/)
  assert.equal(await u.locator('[data-action=reply]').count(), 0, 'a co-unit does not answer the citizen')
  await u.locator('[data-action=sign]').click()
  await c.done(u, '签收')
  await u.locator('[data-action=answer]').click()
  await c.fill(u, { reply: '11月26日已清理占道摊位12处，照片附后' })
  await c.done(u, '反馈')
  await until(() => u.locator('.row').filter({ hasText: '-C' }).count(), (n) => n === 0, 'it left the desk')

  // The lead reads it without a reload of its own, and the other task is still open.
  await until(() => tasks.allInnerTexts(), (t) => t.some((x) => /城市管理[\s\S]*已反馈/.test(x)) && t.some((x) => /待签收/.test(x)), 'what the lead sees')
  assert.match(await s.locator('[data-co-tasks]').innerText(), /已清理占道摊位12处/, 'the answer stands in the lead’s page')
  await c.shot(s, 'lead-answered')
  await s.locator('[data-action=reply]').click()
  await s.locator('[data-field=reply] textarea').waitFor()
  await c.fill(s, { co_reason: '供电部门尚在排查线路，先行答复已完成部分' })
  await c.done(s, '答复')

  await c.act('street-head', id, 'approve')
  await c.act('reviewer', id, 'pass')
  const p = c.page('13811110001')
  await p.goto(`/appeals/${id}`)
  await p.locator('.card.reply').getByText('西乡街道').waitFor()
  assert.ok(!(await words(p)).includes('供电部门尚在排查'), 'why it was early is not told to the citizen')
  const form = p.locator('form.rate')
  await form.getByRole('radiogroup').first().getByText('是', { exact: true }).tap()
  await form.getByText('已解决', { exact: true }).tap()
  await form.getByRole('radiogroup', { name: '对结果满意度' }).getByText('满意', { exact: true }).first().tap()
  await form.getByRole('button').last().tap()
  await p.locator('.rated').waitFor()
  await c.shot(p, 'phone-together')

  // The rating is counted for the lead, and for no co-unit.
  const v = c.page('supervisor')
  const today = new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10)
  const tomorrow = new Date(Date.now() + 32 * 3600_000).toISOString().slice(0, 10)
  await v.goto(`/desk/figures?q=${encodeURIComponent(JSON.stringify({ grain: 'appeals', measures: ['count', 'satisfied'], by: ['unit'], where: {}, on: 'rated', from: today, to: tomorrow, order: '' }))}`)
  await v.locator('.answer').getByText('表', { exact: true }).click()
  await until(() => v.locator('.answer tbody tr').allInnerTexts(), (rows) => rows.length === 1 && /西乡街道/.test(rows[0]) && /100/.test(rows[0]), 'whose rating it is')
  assert.deepEqual(await rawKeys(s), [])
}))

test('a co-unit is hurried by the lead, and is told', seen(() => c, async () => {
  const id = await signed(`${text}，第三次反映`)
  await c.act('street', id, 'ask_co', { co_units: ['dp-chengguan'], note: '请清理占道摊位' })
  const s = await c.opened('street', id)
  await s.locator('[data-co-tasks] a').first().click()
  await s.locator('[data-action=urge]').click()
  await c.fill(s, { note: '市民等待已久，请今日反馈' })
  await c.done(s, '催促协办')
  const u = c.page('department')
  await u.goto('/desk')
  await u.locator('.bell').click()
  await u.locator('.inbox').getByText('请今日反馈').waitFor()
}))
