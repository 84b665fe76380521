// 形式办结 by screen: a warm, empty reply is stopped with its reasons; a proper
// one passes; an objection that the supervisor upholds opens the gate.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const people = {}
before(async () => {
  server = await serve()
  browser = await launch()
  for (const login of ['agent', 'dispatcher', 'street', 'street-head', 'reviewer', 'supervisor']) {
    people[login] = await visitor(browser, server.url)
    await staff(people[login], login)
  }
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const empty = '您好！您的留言已收悉，我们高度重视。下一步将进一步加强管理，努力为广大市民提供优质服务。感谢您的关心与支持！'
const proper = '经查，流塘路58号门口路灯因电缆老化断路熄灭。11月25日上午维修班组更换电缆32米、灯头1盏，当晚已亮灯，已于26日电话告知您结果。'

/** Steps by the API, as somebody. */
async function act(login, id, ...steps) {
  const res = await people[login].context.request.post(`/api/appeals/${id}/actions`, { data: { steps: steps.map(([action, form]) => ({ action, form })) } })
  if (!res.ok()) throw new Error(`${login} ${steps[0][0]}: ${res.status()} ${await res.text()}`)
}
/** An appeal at the platform's review, with a reply. */
async function reviewed(n, reply) {
  const res = await people.agent.context.request.post('/api/appeals', {
    data: { channel: 'hotline', kind: 'complaint', text: `西乡街道流塘路58号门口的第${n}盏路灯坏了三天，晚上很黑，请尽快维修，并说明什么时候能修好`, appellant: { name: '王小明', phone: `1390000000${n}` } },
  })
  const { id } = await res.json()
  await act('dispatcher', id, ['dispatch', { unit: 'st-xixiang' }])
  await act('street', id, ['sign'], ['contact', { how: 'phone', reached: true }], ['reply', { result: 'explained', reply }])
  await act('street-head', id, ['approve'])
  return id
}
const button = (page, action) => page.locator(`[data-action="${action}"]`)
async function opened(login, id) {
  const { page } = people[login]
  await page.goto(`/desk/appeals/${id}`)
  await page.locator('.matter h2').waitFor()
  return page
}
const verdict = (page, v) => page.locator(`[data-judged][data-verdict="${v}"]`).waitFor()
async function form(page, action, text) {
  await button(page, action).click()
  await page.locator('form.action textarea').last().fill(text)
  await page.locator('form.action button[type=submit], form.action .el-button--primary').last().click()
}

let id
test('a warm, empty reply is blocked, and its reasons are marked in it', async () => {
  id = await reviewed(1, empty)
  const page = await opened('reviewer', id)
  await verdict(page, 'block')
  await page.locator('[data-signal="only_will"]').waitFor()
  assert.ok((await page.locator('[data-judged-reply] mark').allInnerTexts()).join('').includes('加强管理'), 'the empty words are marked')
  await until(() => button(page, 'pass').count(), (n) => n === 0, 'it cannot be passed')
  assert.equal(await button(page, 'send_back').count(), 1)
  const res = await people.reviewer.context.request.post(`/api/appeals/${id}/actions`, { data: { steps: [{ action: 'pass' }] } })
  assert.equal(res.status(), 409)
  assert.match(await res.text(), /形式办结/)
  assert.deepEqual(await rawKeys(page), [])
})

test('a proper reply passes', async () => {
  const page = await opened('reviewer', await reviewed(2, proper))
  await page.locator('[data-judged]:not([data-verdict="block"])').waitFor() // so soon after signing a second look is asked for
  await form(page, 'pass', '')
  await page.locator('.matter .state').filter({ hasText: '待回访' }).waitFor()
})

test('the unit objects, the supervisor upholds it, and it passes', async () => {
  const unit = await opened('street-head', id)
  await verdict(unit, 'block')
  await form(unit, 'object', '该路灯已当面向市民说明原因，市民表示认可')
  await unit.locator('.steps').filter({ hasText: '单位申诉' }).waitFor()

  const s = people.supervisor.page
  await s.goto('/desk/closing')
  await s.locator('[data-waiting] a').first().click()
  await s.locator('.matter h2').waitFor()
  await form(s, 'uphold_objection', '已核对现场记录，答复属实')
  await verdict(s, 'upheld')

  const page = await opened('reviewer', id)
  await verdict(page, 'upheld')
  assert.equal(await button(page, 'pass').count(), 1)
  await act('reviewer', id, ['pass'])
})

test('the screen for tuning counts it and tries another threshold', async () => {
  const { page } = people.supervisor
  await page.goto('/desk/closing')
  await page.locator('[data-figure="formal_share"]').waitFor()
  await page.locator('[data-upheld] li').first().waitFor()
  const would = () => page.locator('[data-would]').innerText()
  const was = await would()
  await page.locator('[data-threshold] input').fill('100')
  await until(would, (v) => v !== was && v.includes('100'), 'the threshold that is tried')
  await page.locator('[data-tab="rows"]').click()
  await page.locator('.rows li').first().waitFor()
  await page.locator('[data-tab="looks"]').click()
  await page.getByText('没有待回头看的诉求').waitFor()
  assert.deepEqual(await rawKeys(page), [])
  assert.deepEqual(people.supervisor.complaints, [])
})
