// Beyond the loop: a dispute is ruled on, a poor first rating is put right, what
// belongs together is merged and answered to each, a street calls a department
// in, an order is answered.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { choose, citizen, launch, photo, staff, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const people = {}
const shots = process.env.SHOTS
const shot = async (page, name) => {
  if (!shots) return
  mkdirSync(shots, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
}

before(async () => {
  server = await serve()
  browser = await launch()
  for (const login of ['agent', 'dispatcher', 'arbitrator', 'street', 'street-head', 'department', 'reviewer', 'follow-up', 'supervisor', 'duty']) {
    people[login] = await visitor(browser, server.url)
    await staff(people[login], login)
  }
  for (const name of ['one', 'two']) people[name] = await visitor(browser, server.url, { size: 'phone' })
  await citizen(people.one, '13811112222')
  await citizen(people.two, '13811113333')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const post = async (who, path, data) => {
  const res = await people[who].context.request.post(path, { data })
  assert.ok(res.ok(), `${path} as ${who}: ${res.status()} ${await res.text()}`)
  return res.status() === 204 ? undefined : res.json()
}
const file = (who, text) => post(who, '/api/appeals', { text, address: '西乡街道流塘社区流塘路', channel: 'web' })
const act = (who, id, action, form = {}) => post(who, `/api/appeals/${id}/actions`, { steps: [{ action, form }] })
const done = (page, action) => page.locator('.el-message').filter({ hasText: action }).first().waitFor()
async function opened(who, id) {
  const { page } = people[who]
  await page.goto(`/desk/appeals/${id}`)
  await page.locator('.matter h2').waitFor()
  return page
}

test('a return that is disputed is ruled on once, and the ruling becomes a rule', async () => {
  const { id } = await file('one', '流塘路路灯坏了十天，晚上看不清路，请修理')
  await act('dispatcher', id, 'dispatch', { unit: 'st-xixiang', item: '120401' })
  await act('street', id, 'request_return', { reason: ['not_duty'], basis: '路灯由城管部门管养，不属于街道' })
  const d = await opened('dispatcher', id)
  await d.locator('[data-action=dispute]').click()
  await d.locator('[data-field=points] textarea').fill('街道认为路灯由城管部门管养，城管部门认为该路段未移交')
  await choose(d, d.locator('[data-field=units] .el-select'), '城市管理')
  await d.locator('[data-field=points] textarea').press('Control+Enter')
  await done(d, '提请快处快裁')

  const u = people.department.page
  await u.goto('/desk')
  await u.locator('.row').first().locator('button.body').click()
  await u.locator('[data-action=state]').click()
  await u.locator('[data-field=ours]').getByText('可以协办').click()
  await u.locator('[data-field=reply] textarea').fill('该路段尚未移交，我局可协助检修')
  await u.locator('[data-field=basis] textarea').fill('市政设施移交清单（2024）')
  await u.locator('[data-field=reply] textarea').press('Control+Enter')
  await done(u, '陈述意见')

  const a = await opened('arbitrator', id)
  await a.locator('.dispute .positions').getByText('可以协办').waitFor()
  await shot(a, 'dispute')
  await a.locator('[data-action=rule]').click()
  await choose(a, a.locator('[data-field=unit] .el-select'), '城市管理')
  await choose(a, a.locator('[data-field=fallback] .el-select'), '交通')
  await a.locator('[data-field=reason] textarea').fill('路灯照明由城管部门牵头，先修复后移交')
  await a.locator('[data-field=basis] textarea').fill('谁主管谁负责')
  await a.locator('[data-field=precedent]').getByText('是', { exact: true }).click()
  await a.locator('[data-field=reason] textarea').press('Control+Enter')
  await done(a, '裁决')
  const s = await opened('department', id)
  await s.locator('.banner').filter({ hasText: '不得再退' }).waitFor()
  assert.equal(await s.locator('[data-action=request_return]').count(), 0, 'what was ruled is not returned')
  await shot(s, 'ruled')

  const e = people.duty.page
  await e.goto('/desk/rulings')
  await shot(e, 'rulings')
  await e.getByRole('button', { name: '写入清单规则' }).click()
  await e.locator('.write').getByRole('button').last().click()
  await e.waitForURL(/\/desk\/duty\/versions\/.*tab=diff/)
})

test('a poor first rating alerts, is put right, and both ratings stand', async () => {
  const { id } = await file('one', '流塘社区垃圾桶满溢三天没有清运，请尽快处理')
  await act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  await act('street', id, 'sign')
  await act('street', id, 'contact', { how: 'phone', reached: true })
  await act('street', id, 'reply', { result: 'explained', reply: '环卫班组11月26日上午出动清运车1台，清运垃圾约2吨，桶体冲洗消毒完毕，请您留意现场情况' })
  await act('street-head', id, 'approve')
  await act('reviewer', id, 'pass')
  const c = people.one.page
  await c.goto(`/appeals/${id}`)
  const form = c.locator('form.rate')
  await form.getByRole('radiogroup').first().getByText('是', { exact: true }).tap()
  await form.getByText('未解决', { exact: true }).tap()
  await form.getByRole('radiogroup', { name: '对结果满意度' }).getByText('不满意', { exact: true }).first().tap()
  await form.getByRole('button').last().tap()
  await c.locator('h1').filter({ hasText: '单位正在整改' }).waitFor()
  await shot(c, 'phone-alerted')

  const s = people.supervisor.page
  await s.goto('/desk/supervision')
  await s.locator(`[data-alert="${id}"]`).getByText('未解决').waitFor()
  await shot(s, 'alerts')
  const h = await opened('street', id)
  await h.locator('.alarm').filter({ hasText: '初次评价预警' }).waitFor()
  await shot(h, 'alerted')
  await h.locator('[data-action=remedy]').click()
  await h.locator('[data-field=note] textarea').fill('已于今日清运完毕并增加每日一次清运，已电话告知')
  await h.locator('[data-field=note] textarea').press('Control+Enter')
  await done(h, '整改反馈')
  await act('follow-up', id, 'visit', { contacted: true, solved: 'yes', result: 4 })
  await h.reload()
  const ratings = h.locator('section').filter({ hasText: '初次评价' }).last()
  await ratings.getByText('回访评价').waitFor()
  await ratings.getByText('不满意').waitFor()
})

test('two people, one event: merged on the page, answered to each', async () => {
  const a = await file('one', '流塘路昨晚开始停水，整栋楼没有水用，请尽快恢复供水')
  const b = await file('two', '流塘路停水，我们这栋楼从昨晚开始没有水用，什么时候恢复')
  const d = await opened('dispatcher', a.id)
  const candidate = d.locator(`[data-related="${b.id}"]`)
  await candidate.getByText('可并案').waitFor()
  await candidate.locator('input[type=checkbox]').check()
  await shot(d, 'related')
  await d.locator('[data-merge]').click()
  await d.locator('.el-message-box input').fill('同一次停水')
  await d.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  await d.locator('.carry-list').getByText('本件带着 1 件一起办').waitFor()
  await act('dispatcher', a.id, 'dispatch', { unit: 'st-xixiang' })
  await act('street', a.id, 'sign')
  await act('street', a.id, 'reply', { result: 'solved', reply: '抢修队11月26日更换爆裂水管6米、阀门1个，试压合格，今日15时恢复供水', files: [] }).catch(() => act('street', a.id, 'reply', { result: 'explained', reply: '抢修队11月26日更换爆裂水管6米、阀门1个，试压合格，今日15时恢复供水' }))
  await act('street-head', a.id, 'approve')
  await act('reviewer', a.id, 'pass')
  const c = people.two.page
  await c.goto(`/appeals/${b.id}`)
  await c.locator('.card.reply').getByText('今日15时恢复供水').waitFor()
  await c.locator('form.rate').waitFor()
  await shot(c, 'phone-carried')
})

test('a street calls a department in; a supervisor gives an order and it is answered', async () => {
  const { id } = await file('two', '流塘社区占道经营严重影响出行，请处理')
  await act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  await act('street', id, 'sign')
  const h = await opened('street', id)
  await h.locator('[data-action=whistle]').click()
  await choose(h, h.locator('[data-field=units] .el-select'), '城市管理')
  await h.locator('[data-field=where] textarea, [data-field=where] input').first().fill('流塘市场西门')
  await h.locator('[data-field=note] textarea').fill('请执法队到场联合整治')
  await h.locator('[data-field=note] textarea').press('Control+Enter')
  await done(h, '吹哨')
  const d = people.department.page
  await d.goto('/desk/supervision?tab=summons')
  await d.locator('[data-sub] a').first().click()
  await d.locator('[data-action=check_in]').click()
  await d.locator('[data-field=files] input[type=file]').setInputFiles(photo('there.png'))
  await d.locator('[data-field=files] li.sent').waitFor()
  await d.locator('[data-field=note] textarea, [data-field=note] input').first().fill('执法二中队四人')
  await shot(d, 'check-in')
  await d.keyboard.press('Control+Enter')
  await done(d, '现场报到')

  const s = await opened('supervisor', id)
  await s.locator('[data-action=supervise]').click()
  await s.locator('[data-field=note] textarea').fill('请今日内反馈整治计划')
  await s.locator('[data-field=note] textarea').press('Control+Enter')
  await done(s, '督办')
  await s.goto('/desk/supervision?tab=supervision')
  await s.locator('[data-sub]').filter({ hasText: '请今日内反馈整治计划' }).waitFor()
  await shot(s, 'orders')
  const u = people['street-head'].page
  await u.goto('/desk')
  await u.locator('.row').filter({ hasText: '占道经营' }).first().locator('button.body').click()
  await u.locator('[data-action=answer]').click()
  await u.locator('[data-field=reply] textarea').fill('已联合执法，本周完成整治')
  await u.locator('[data-field=reply] textarea').press('Control+Enter')
  await done(u, '督办反馈')
})

test('what is fixed on the spot goes to the citizen at once; its story leaves as a proof', async () => {
  const { id } = await file('one', '西乡街道流塘社区流塘路井盖松动，车过时响声很大')
  await act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  const on = await visitor(browser, server.url, { size: 'phone' })
  await staff(on, 'street')
  await on.page.goto(`/desk/appeals/${id}`)
  await on.page.locator('[data-action=fix_on_site]').click()
  await on.page.locator('[data-field=reply] textarea').fill('到场后已加装胶圈并压实，过车无异响')
  await on.page.locator('[data-field=files] input[type=file]').setInputFiles([photo('before.png')])
  await on.page.locator('[data-field=files] img').first().waitFor()
  const send = on.page.locator('form, .form').getByRole('button', { name: '现场快处' })
  await send.click()
  await on.page.getByText('须附处理前、处理后的照片').waitFor()
  await on.page.locator('[data-field=files] input[type=file]').setInputFiles([photo('after.png')])
  await on.page.locator('[data-field=files] img').nth(1).waitFor()
  await shot(on.page, 'fix-on-site')
  await send.click()
  await done(on.page, '现场快处')
  const { page } = people.one
  await page.goto(`/appeals/${id}`)
  await page.getByText('到场后已加装胶圈并压实').first().waitFor()
  await on.close()

  const u = await opened('supervisor', id)
  await u.locator('.proof').click()
  await u.locator('input[name=purpose]').fill('行政复议机关调取')
  const [taken] = await Promise.all([u.waitForEvent('download'), u.locator('[data-proof]').click()])
  const { readFile } = await import('node:fs/promises')
  const proof = JSON.parse(await readFile(await taken.path(), 'utf8'))
  assert.deepEqual(proof.events.map((e) => e.action).slice(0, 3), ['file', 'dispatch', 'fix_on_site'])
  assert.equal(proof.audit.records.filter((r) => r.object === `matter/${id}`).length, proof.events.length)
})
