// The whole loop by screen: a citizen's phone, seven desks, and the board that
// changes by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { choose, citizen, launch, photo, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const people = {}
const phoneNumber = '13812345678'
const text = '西乡街道流塘社区流塘路 58 号门口的垃圾桶三天没有清运，垃圾堆到人行道上，气味很大，请尽快清理'

before(async () => {
  server = await serve()
  browser = await launch()
  const at = (size) => visitor(browser, server.url, { size })
  for (const login of ['dispatcher', 'street', 'street-head', 'reviewer', 'follow-up', 'supervisor', 'department', 'agent']) {
    people[login] = await at('desk')
    await staff(people[login], login)
  }
  people.leader = await at('board')
  await staff(people.leader, 'leader')
  people.citizen = await at('phone')
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

/** The queue of somebody, with one appeal open on the right. */
async function opened(login, title, path = '/desk') {
  const { page } = people[login]
  if (new URL(page.url(), server.url).pathname !== path) await page.goto(path)
  await page.locator('.row').filter({ hasText: title }).locator('button.body').click()
  await page.locator('.matter h2').filter({ hasText: title }).waitFor()
  return page
}
const done = (page, action) => page.locator('.el-message').filter({ hasText: action }).first().waitFor()
const figure = (id) => people.leader.page.locator(`[data-figure="${id}"] strong`).innerText()

let title, no

test('a citizen reports with a photo in fewer than ten taps; the board counts it without a reload', async () => {
  await people.leader.page.goto('/board')
  await people.leader.page.locator('[data-figure="filed_today"]').waitFor()
  const before = Number(await figure('filed_today'))
  await people.leader.page.evaluate(() => (window.notReloaded = true))
  await people.leader.page.locator('.live.on').waitFor()

  const { page } = people.citizen
  let taps = 0
  const tap = async (l) => {
    await l.tap()
    taps++
  }
  await page.goto('/')
  await tap(page.locator('#what'))
  await page.keyboard.insertText(text)
  taps++ // the system's own picker of photos
  await page.locator('input[type=file]').setInputFiles(photo())
  await page.locator('.picker li.sent').waitFor()
  await tap(page.locator('input[type=tel]'))
  await page.keyboard.insertText(phoneNumber)
  await tap(page.getByRole('button', { name: '获取验证码' }))
  await until(() => page.locator('input[autocomplete=one-time-code]').inputValue(), (v) => /^\d{6}$/.test(v), 'the code')
  await tap(page.getByRole('button', { name: '提交' }))
  await page.getByRole('heading', { name: '已收到' }).waitFor()
  assert.ok(taps < 10, `${taps} taps`)
  no = await page.locator('dd.num').innerText()
  await page.getByRole('link', { name: '查看进度' }).tap()
  await page.getByRole('heading', { name: '已受理' }).waitFor()
  assert.ok((await page.locator('.text').innerText()).includes('流塘路 58 号'), 'the citizen reads their own words')
  await page.locator('.photos img').waitFor()

  await until(() => figure('filed_today').then(Number), (n) => n === before + 1, 'filed today')
  assert.ok(await people.leader.page.evaluate(() => window.notReloaded))
})

test('the dispatcher sends it, the unit signs, contacts and replies with a photo', async () => {
  const d = people.dispatcher.page
  await d.goto('/desk')
  const row = d.locator('.row').filter({ hasText: no })
  await row.locator('button.body').click()
  title = await d.locator('.matter h2').innerText()
  await d.locator('[data-action=dispatch]').click()
  await choose(d, d.locator('[data-field=unit] .el-select'), '西乡街道')
  await d.locator('[data-field=co_units]').waitFor()
  await d.getByRole('button', { name: '分拨', exact: true }).last().click()
  await done(d, '分拨')

  const s = await opened('street', title)
  await s.locator('[data-action=sign]').click()
  await done(s, '签收')
  await s.locator('.matter .state').filter({ hasText: '办理中' }).waitFor()
  // What the citizen is: a masked number, no more.
  const contact = await s.locator('.appellant').innerText()
  assert.match(contact, /138\*+\d{2,4}/)
  assert.ok(!contact.includes(phoneNumber))

  await s.locator('.appellant').getByRole('button', { name: '用中间号联系' }).click()
  assert.match(await s.locator('.appellant .lent a').innerText(), /\d{5,}/)
  assert.ok(!(await s.locator('.appellant').innerText()).includes(phoneNumber), 'the number is lent, not shown')
  // It is given to a colleague, and back to the unit.
  const assignee = s.locator('.facts .el-select')
  await choose(s, assignee, '黄海')
  await s.locator('.line li').filter({ hasText: '指派' }).waitFor()
  await choose(s, assignee, '未指派')
  await until(() => s.locator('.line li').filter({ hasText: '指派' }).count(), (n) => n === 2, 'both are on record')

  await s.locator('[data-action=contact]').click()
  await s.locator('[data-field=how]').getByText('电话').click()
  await s.locator('[data-field=reached]').getByText('是', { exact: true }).click()
  await s.locator('[data-field=note] textarea').fill('已致电，约今天下午清运')
  await s.keyboard.press('Control+Enter')
  await done(s, '首次联系')

  await s.locator('[data-action=reply]').click()
  await s.getByRole('button', { name: '答复', exact: true }).last().click()
  await s.locator('[data-field=result] .wrong').waitFor() // nothing is sent that is not filled in
  await s.locator('[data-field=result]').getByText('已解决').click()
  await s.locator('[data-field=reply] textarea').fill('垃圾已于今日下午清运，垃圾桶已清洗，并增加每日一次清运。')
  await s.locator('[data-field=files] input[type=file]').setInputFiles(photo('after.png'))
  await s.locator('[data-field=files] li.sent').waitFor()
  await s.keyboard.press('Control+Enter')
  await done(s, '答复')
})

test('two levels review it; the citizen sees the reply only then', async () => {
  const c = people.citizen.page
  await c.locator('h1', { hasText: '答复审核中' }).waitFor()
  assert.equal(await c.locator('.card.reply').count(), 0, 'a reply that is not reviewed is not shown')

  const h = await opened('street-head', title)
  await h.locator('.photos img').first().waitFor()
  await h.locator('[data-action=approve]').click()
  await h.getByRole('button', { name: '审核通过' }).last().click()
  await done(h, '审核通过')

  const r = await opened('reviewer', title)
  await r.locator('[data-action=pass]').click()
  await r.getByRole('button', { name: '平台通过' }).last().click()
  await done(r, '平台通过')

  await c.locator('.card.reply').waitFor()
  assert.match(await c.locator('.card.reply').innerText(), /已解决[\s\S]*清运/)
})

test('an identity is seen only with a reason, and the appellant sees who looked', async () => {
  const f = await opened('follow-up', title)
  await f.locator('.appellant').getByRole('button', { name: '查看' }).click()
  await f.locator('.appellant form').getByRole('button', { name: '查看' }).click()
  await f.locator('.appellant .bad').waitFor() // no reason, no sight
  await f.locator('.chips').getByText('回访核实').click()
  await f.locator('.appellant form').getByRole('button', { name: '查看' }).click()
  await f.locator('.appellant .clear').waitFor()
  assert.ok((await f.locator('.appellant').innerText()).includes(phoneNumber))

  const c = people.citizen.page
  await c.goto('/looks')
  const seen = await c.locator('.looks li').filter({ hasText: '回访核实' }).first().innerText()
  await c.locator('.looks li').filter({ hasText: '中间号' }).first().waitFor()
  assert.match(seen, /回访核实/)
  assert.ok(seen.includes(no))
})

test('the follow-up is recorded, the citizen rates, and the board counts the close', async () => {
  const before = Number(await figure('closed_today'))
  const f = people['follow-up'].page
  await f.locator('[data-action=unreached]').click()
  await f.locator('[data-field=how]').getByText('电话').click()
  await f.keyboard.press('Control+Enter')
  await done(f, '未联系上')

  const c = people.citizen.page
  await c.goto('/appeals')
  await c.locator('.please').waitFor()
  await c.locator('.mine a').filter({ hasText: no }).tap()
  const form = c.locator('form.rate')
  await form.getByRole('button').last().tap()
  await form.locator('.wrong').first().waitFor() // what is asked must be answered
  await form.getByRole('radiogroup').first().getByText('是', { exact: true }).tap()
  await form.getByText('已解决', { exact: true }).tap()
  await form.getByRole('radiogroup', { name: '对结果满意度' }).getByText('很满意', { exact: true }).first().tap()
  await form.getByRole('button').last().tap()
  await c.locator('.card.rated').waitFor()
  await c.locator('h1', { hasText: '已办结' }).waitFor()

  await until(() => figure('closed_today').then(Number), (n) => n === before + 1, 'closed today')
  assert.ok(await people.leader.page.evaluate(() => window.notReloaded), 'the board was never reloaded')
  await people.leader.page.locator('[data-figure=closed_today]').click()
  await people.leader.page.locator('.behind li').filter({ hasText: title }).waitFor()
  assert.match(await people.leader.page.locator('.behind dl').innerText(), /今天办结/)
  await people.leader.page.keyboard.press('Escape')
})

test('a return needs a reason and a basis; rejected, it goes back to the unit; an extension needs the head', async () => {
  const filed = await (await people.agent.context.request.post('/api/appeals', { data: { text: '西乡街道固戍社区路灯坏了十天，晚上看不清路，请修理', channel: 'hotline', appellant: { phone: '13900001111' } } })).json()
  const d = people.dispatcher.page
  await d.goto(`/desk/appeals/${filed.id}`)
  await d.locator('[data-action=dispatch]').click()
  await choose(d, d.locator('[data-field=unit] .el-select'), '西乡街道')
  await d.keyboard.press('Control+Enter')
  await done(d, '分拨')

  const s = people.street.page
  await s.goto(`/desk/appeals/${filed.id}`)
  await s.locator('[data-action=request_return]').click()
  await s.keyboard.press('Control+Enter')
  assert.equal(await s.locator('.wrong').count(), 2, 'reason and basis are asked for')
  await s.locator('[data-field=reason] .el-select').click()
  await s.locator('.el-select-dropdown__item:visible').first().click()
  await s.locator('[data-field=basis] textarea').fill('按职责清单，道路照明由市交通运输局宝安管理局维护')
  await s.keyboard.press('Control+Enter')
  await done(s, '申请退单')

  await d.locator('[data-action=reject_return]').waitFor() // the open page follows by itself
  assert.match(await d.locator('.matter').innerText(), /道路照明由市交通运输局/)
  await d.locator('[data-action=reject_return]').click()
  await d.locator('[data-field=note] textarea').fill('该路段属街道自管，请按属地处置')
  await d.keyboard.press('Control+Enter')
  await done(d, '驳回退单')

  await s.locator('[data-action=request_extension]').click()
  await s.locator('[data-field=length] input').first().fill('3')
  await s.locator('[data-field=reason] textarea').fill('需采购配件，供应商三个工作日内到货')
  await s.keyboard.press('Control+Enter')
  await done(s, '申请延期')
  const h = people['street-head'].page
  await h.goto(`/desk/appeals/${filed.id}`)
  await h.locator('[data-action=approve_extension]').click()
  assert.equal(await h.locator('[data-field=length] input').first().inputValue(), '3', 'what was asked for stands there')
  await h.keyboard.press('Control+Enter')
  await done(h, '同意延期')

  const u = people.supervisor.page
  await u.goto(`/desk/appeals/${filed.id}`)
  await u.locator('[data-action=supervise]').click()
  await u.locator('[data-field=note] textarea').fill('请本周内修复并反馈照片')
  await u.keyboard.press('Control+Enter')
  await done(u, '督办')

  // The department that it never went to does not see it.
  const x = people.department.page
  await x.goto(`/desk/appeals/${filed.id}`)
  await x.getByText('没有找到，或您无权查看').waitFor()
})

test('an agent files for a caller whose history shows; the code opens it for a stranger, a wrong one does not', async () => {
  const a = people.agent.page
  await a.goto('/desk/intake')
  await a.locator('.who input').first().fill(phoneNumber)
  await a.locator('.caller').waitFor()
  await a.locator('aside a').filter({ hasText: title }).waitFor()
  await a.locator('form textarea').first().fill('新安街道翻身路半夜有人放高音喇叭，影响睡觉，已经一周了')
  await a.keyboard.press('Control+Enter')
  const code = await a.locator('.done code').innerText()

  const stranger = await visitor(browser, server.url, { size: 'phone' })
  const p = stranger.page
  await p.goto('/track')
  await p.locator('#track').fill('zzzz-zzzz-zzzz')
  await p.keyboard.press('Enter')
  await p.locator('.wrong').filter({ hasText: /\S/ }).waitFor()
  await p.locator('#track').fill(code)
  await p.keyboard.press('Enter')
  await p.getByText('半夜有人放高音喇叭').first().waitFor()
  // By code one may add and urge; who looked at it is for those signed in.
  await p.getByRole('button', { name: '补充' }).tap()
  await p.locator('.sheet textarea').fill('昨晚一点多还在放')
  await p.locator('.sheet .big').tap()
  await p.getByText('昨晚一点多还在放').waitFor()
  await stranger.close()
})

test('a call that ends the follow-up: unsolved goes back to be redone', async () => {
  const file = await (await people.agent.context.request.post('/api/appeals', { data: { text: '西乡街道共乐社区健身器材损坏，小孩玩的时候很危险', channel: 'hotline', appellant: { phone: '13900002222' } } })).json()
  const act = async (login, ...steps) => {
    const res = await people[login].context.request.post(`/api/appeals/${file.id}/actions`, { data: { steps } })
    assert.ok(res.ok(), `${login}: ${await res.text()}`)
  }
  const units = (await (await people.dispatcher.context.request.get('/api/district')).json()).units
  await act('dispatcher', { action: 'dispatch', form: { unit: units.find((u) => u.short === '西乡街道').code } })
  await act('street', { action: 'sign' }, { action: 'contact', form: { how: 'phone', reached: true } }, { action: 'reply', form: { result: 'solved', reply: '11月26日上午维修人员更换共乐社区广场漫步机踏板2块、紧固螺栓6个，现场试用正常' } })
  await act('street-head', { action: 'approve' })
  await act('reviewer', { action: 'pass' })
  const f = people['follow-up'].page
  await f.goto(`/desk/appeals/${file.id}`)
  await f.locator('[data-action=redo]').click()
  await f.locator('[data-field=note] textarea').fill('市民说只修了一处，另一处还是坏的')
  await f.keyboard.press('Control+Enter')
  await done(f, '重办')
  await f.locator('.matter .state').filter({ hasText: '办理中' }).waitFor()
})

test('somebody who stays unnamed gets a code; a neighbour is offered the same appeal and joins it', async () => {
  const where = '航城街道黄麻布社区工业园门口'
  const one = await visitor(browser, server.url, { size: 'small' })
  await one.page.goto('/')
  await one.page.locator('#what').fill(`${where}货车占道停放，挡住人行道，学生只能走机动车道`)
  await one.page.getByText('匿名', { exact: true }).tap()
  assert.equal(await one.page.locator('input[type=tel]').count(), 0, 'nobody asks who it is')
  await one.page.getByRole('button', { name: '提交' }).tap()
  await one.page.getByRole('heading', { name: '已收到' }).waitFor()
  const code = await one.page.locator('#code').inputValue()
  assert.match(code, /\S{10,}/)
  const number = await one.page.locator('dd.num').innerText()
  // This phone remembers the code; another needs it.
  await one.page.goto('/appeals')
  await one.page.locator('.kept').getByText(number).waitFor()
  await one.close()
  const other = await visitor(browser, server.url, { size: 'phone' })
  await other.page.goto(`/track/${code}`)
  await other.page.getByText('货车占道停放').first().waitFor()
  await other.close()

  const two = await visitor(browser, server.url, { size: 'phone' })
  await citizen(two, '13700003333')
  await two.page.goto('/')
  await two.page.locator('#what').fill(`${where}有货车占道停放，人行道被挡住，学生走机动车道很危险`)
  await two.page.getByRole('button', { name: '提交' }).tap()
  await two.page.getByText('附近有人反映过类似的问题').waitFor()
  await two.page.getByRole('button', { name: '我也遇到' }).first().tap()
  await two.page.waitForURL(/\/appeals\/\d+\?joined=1/)
  await two.page.locator('.hero').getByText(number).waitFor()
  assert.ok(!(await two.page.locator('.phone').innerText()).includes('撤回'), 'who joined may not withdraw it')
  await two.close()
})
