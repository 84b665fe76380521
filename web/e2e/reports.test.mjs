// Reports: made, read to the rows, reviewed, issued and taken out; meetings: a task
// given to a unit, reported on from its desk, and ended.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { choose, launch, rawKeys, staff, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
before(async () => {
  server = await serve({ days: 45 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const quiet = (v) => assert.deepEqual(v.complaints.filter((c) => !/\/api\/me(\s|$)|WebGL|3D|GPU/i.test(c)), [])
const signed = async (login, size = 'desk') => {
  const v = await visitor(browser, server.url, { size })
  await staff(v, login)
  return v
}

let path
test('a monthly report from its making to its issue', async () => {
  const s = await signed('supervisor')
  await s.page.goto('/desk/reports')
  await s.page.getByRole('button', { name: '生成报告' }).click()
  await s.page.locator('.el-dialog').getByText('月报').click()
  await s.page.locator('.el-dialog [data-make]').click()
  await s.page.waitForURL(/\/desk\/reports\/\d+$/)
  path = new URL(s.page.url()).pathname
  await s.page.getByText('待审核').first().waitFor()
  // A figure opens to its definition and its rows.
  await s.page.locator('.text [data-figure="filed"]').first().click()
  const panel = s.page.locator('.el-drawer')
  await panel.getByText('登记时间在统计时段内的诉求件数').waitFor()
  await panel.getByText('数据版本').waitFor()
  await panel.locator('li a').first().waitFor()
  await s.page.keyboard.press('Escape')
  assert.ok((await s.page.locator('article svg path').count()) >= 8, 'no map of the streets')
  assert.ok((await s.page.locator('article canvas').count()) >= 2, 'no charts')
  assert.deepEqual(await rawKeys(s.page), [])
  const unit = await signed('street')
  assert.equal((await unit.context.request.get(`/api${path.replace('/desk', '')}`)).status(), 404, 'a unit reads a draft')
  await s.page.locator('[data-act="review"]').click()
  await s.page.getByText('待签发').first().waitFor()
  const l = await signed('leader')
  await l.page.goto(path)
  await l.page.locator('[data-act="issue"]').click()
  await l.page.locator('.el-message-box').getByRole('button', { name: '签发' }).click()
  await l.page.getByText(/宝民诉月〔\d{4}〕1号/).first().waitFor()
  for (const [format, magic] of [['docx', 'PK'], ['pdf', '%PDF-']]) {
    await l.page.locator('[data-download]').click()
    const [got] = await Promise.all([l.page.waitForEvent('download'), l.page.locator(`[data-format="${format}"]:visible`).click()])
    assert.match(got.suggestedFilename(), new RegExp(`月分析报告.*\\.${format}$`))
    const stream = await got.createReadStream()
    const chunks = []
    for await (const c of stream) chunks.push(c)
    assert.equal(Buffer.concat(chunks).subarray(0, magic.length).toString('latin1'), magic)
  }
  await unit.page.goto('/desk/reports')
  await unit.page.getByRole('link', { name: /月分析报告/ }).click()
  await unit.page.getByText('已签发').first().waitFor()
  assert.equal(await unit.page.locator('[data-act]').count(), 0)
  for (const v of [s, l, unit]) {
    quiet(v)
    await v.close()
  }
})

test('a task of a meeting: given, reported on by its unit, ended', async () => {
  const s = await signed('supervisor')
  await s.page.goto('/desk/reports?tab=meetings')
  await s.page.locator('[data-make-meeting]').click()
  await s.page.getByText('生成今天的日调度').click()
  await s.page.waitForURL(/\/desk\/meetings\/\d+$/)
  await s.page.locator('[data-give]').click()
  const given = s.page.locator('[data-group="given"]')
  await given.locator('textarea').fill('排查低洼路段积水点')
  await choose(s.page, given.locator('.el-select'), '西乡街道')
  await given.locator('form').getByRole('button', { name: '布置任务' }).click()
  await given.getByText('排查低洼路段积水点').waitFor()
  await s.page.getByLabel('会议记录').fill('议定：汛前完成排查，联系电话 13800138000')
  await s.page.locator('[data-minute]').click()
  await s.page.getByText('议定：汛前完成排查').waitFor()
  assert.equal(await s.page.getByText('13800138000').count(), 0, 'a phone stands in the minutes')
  const u = await signed('street-head', 'phone')
  await u.page.goto('/desk/reports?tab=tasks')
  await u.page.locator('[data-step="report"]').click()
  await u.page.locator('.task textarea').fill('已排查 12 处，全部设置警示')
  await u.page.getByText('已全部完成，提请销号').click()
  await u.page.getByRole('button', { name: '提交' }).click()
  await u.page.getByText('待销号').waitFor()
  assert.equal(await u.page.locator('[data-step="done"]').count(), 0, 'a unit may end a task')
  await s.page.reload()
  await s.page.getByText('待销号').waitFor()
  await given.locator('[data-step="done"]').click()
  await given.getByRole('button', { name: '提交' }).click()
  await given.getByText('已完成').first().waitFor()
  assert.deepEqual(await rawKeys(s.page), [])
  for (const v of [s, u]) {
    quiet(v)
    await v.close()
  }
})
