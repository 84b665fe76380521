// 考核评价: a month computed and frozen as the pack's indicators say; a score opened
// to its rows; a unit asks that one does not count; the correction stands beside
// what was frozen.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, launch, rawKeys, seen, until, words } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
const zone = 8 * 3600_000
const now = new Date(Date.now() + zone)
const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
before(async () => {
  server = await serve({ past: { days: 75, perDay: 40 } })
  browser = await launch()
  c = await cast(browser, server.url, ['supervisor', 'street', 'street-head'])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

const row = (page) => page.locator('[data-unit="st-xixiang"]')
const cell = async (page, n) => (await row(page).locator('td').nth(n).innerText()).trim()
let before_ // the street's line as it was frozen first

test('what is not frozen is a preview with its definitions; the month is frozen', seen(() => c, async () => {
  const s = c.page('supervisor')
  await s.goto('/desk/assessment')
  await row(s).waitFor()
  await s.locator('.choose .state').filter({ hasText: '实时试算' }).waitFor()
  await s.locator('.definitions summary').click()
  await s.locator('.definitions dd').filter({ hasText: '到期未办结的计入分母' }).waitFor()
  await s.locator('.definitions dd').filter({ hasText: '协办' }).waitFor()
  // What the page says of the street is what the pack's formula makes of its figures.
  const rated = row(s).locator('td').nth(4)
  const points = Number(await rated.locator('span').innerText())
  const rate = Number((await rated.locator('small').innerText()).replace('%', ''))
  assert.ok(Math.abs(points - Math.max(0, 25 - (100 - rate))) < 0.02, `${points} points for ${rate}% on time`)
  await c.shot(s, 'scores-preview')
  await s.locator('.freeze').click()
  await s.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  await s.locator('.choose .state.on').filter({ hasText: '已冻结' }).waitFor()
  before_ = await cell(s, 3)
  assert.deepEqual(await rawKeys(s), [])
}))

test('a unit opens its score to what cost it points, and to the appeal itself, and contests one', seen(() => c, async () => {
  const u = c.page('street-head')
  await u.goto('/desk/assessment')
  assert.equal(await u.locator('.freeze').count(), 0, 'who is assessed does not freeze')
  await row(u).locator('.unit button').click()
  const loss = u.locator('.losses li').filter({ hasText: '按时办结率' })
  await loss.first().waitFor()
  await c.shot(u, 'scores-losses')
  const no = await loss.first().locator('.no').innerText()
  await loss.first().locator('a').click()
  await u.locator('.matter .no').filter({ hasText: no }).waitFor()
  await u.locator('.clocks .missed').first().waitFor() // and there is why
  await u.goBack()
  await row(u).locator('.unit button').click()
  const same = u.locator('.losses li').filter({ hasText: no }).filter({ hasText: '按时办结率' })
  await same.getByRole('button', { name: '申诉剔除' }).click()
  const box = u.locator('.el-message-box')
  await box.locator('textarea').fill('太短')
  await box.getByRole('button', { name: '确定' }).click()
  await box.locator('.el-message-box__errormsg').filter({ hasText: '10' }).waitFor()
  await box.locator('textarea').fill('该件因台风停工超期，属不可抗力，停工通知见附件')
  await box.getByRole('button', { name: '确定' }).click()
  await c.done(u, '已提交')
  await row(u).locator('.unit button').click()
  await same.getByText('申诉中').waitFor()
  // Another unit's losses are not shown to it.
  await u.locator('[data-unit="st-xinan"] .unit button').click()
  await u.locator('.losses').waitFor()
  assert.equal(await u.locator('.losses li').count(), 0, 'what cost another unit')
}))

test('the platform decides with a public reason; the unit is told; the corrected figure stands beside the old', seen(() => c, async () => {
  const s = c.page('supervisor')
  await s.goto('/desk')
  await s.locator('.row').filter({ hasText: '-K1' }).filter({ hasText: '考核申诉' }).locator('button.body').click()
  await s.locator('.line').getByText('该件因台风停工超期').waitFor()
  await c.shot(s, 'scores-appeal')
  await s.locator('[data-action=grant]').click()
  await c.fill(s, { note: '台风停工属实，同意剔除' })
  await c.done(s, '同意剔除')

  const u = c.page('street-head')
  await u.goto('/desk')
  await u.locator('.bell').click()
  await u.locator('.inbox').getByText('考核申诉').first().waitFor()

  await s.goto('/desk/assessment')
  await row(s).waitFor()
  assert.equal(await cell(s, 3), before_, 'what is frozen stays')
  await s.getByRole('button', { name: '重新核算并冻结' }).click()
  await s.locator('.el-message-box').getByRole('button', { name: '确定' }).click()
  const change = s.locator('.changes p').filter({ hasText: '西乡街道' })
  await change.waitFor()
  const [, was, is] = (await change.innerText()).match(/([\d.]+) → ([\d.]+)/)
  assert.ok(Number(is) > Number(was), `${was} became ${is}`)
  await until(() => cell(s, 3), (x) => x.startsWith(is) && x !== before_, 'the corrected points')
  await c.shot(s, 'scores-corrected')
  // The one before is still there to be read, as it was.
  await s.locator('.choose .el-select').nth(2).click()
  await s.locator('.el-select-dropdown__item:visible').filter({ hasText: '第 1 版' }).click()
  await until(() => cell(s, 3), (x) => x === before_, 'the first version')
  await u.goto('/desk/assessment')
  await row(u).locator('.unit button').click()
  await u.locator('.losses').waitFor()
  assert.ok(!(await words(u)).includes('申诉中'), 'nothing is undecided')
}))
