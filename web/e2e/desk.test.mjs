// Beside the loop: a note asks a colleague by @; one message that asks for several
// things is divided; what comes again with nothing new is answered by the conclusion
// that stands.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cast, launch, rawKeys, seen, until, words } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser, c
const phone = '13811110002'
before(async () => {
  server = await serve()
  browser = await launch()
  c = await cast(browser, server.url, ['dispatcher', 'street', 'street-head', 'supervisor', 'leader', phone])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const file = async (text) => (await c.post(phone, '/api/appeals', { text, address: '西乡街道流塘路 58 号' })).id

test('a note asks a colleague by @; they are told, read it, and answer; the citizen sees none of it', seen(() => c, async () => {
  const id = await file('流塘社区流塘路路灯不亮，晚上看不清')
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  const s = await c.opened('street', id)
  const notes = s.locator('.notes')
  await notes.locator('textarea').pressSequentially('请核实灯杆产权@')
  await s.locator('.el-select-dropdown__item:visible').filter({ hasText: '梁敏' }).waitFor()
  assert.equal(await s.locator('.el-select-dropdown__item:visible').filter({ hasText: '何军' }).count(), 0, 'who may not see it is not offered')
  await s.keyboard.insertText('梁敏')
  await s.locator('.el-select-dropdown__item:visible').filter({ hasText: '梁敏' }).click()
  await s.keyboard.press('Escape')
  await notes.getByRole('button', { name: '发送' }).click()
  await notes.locator('[data-note] .asked').filter({ hasText: '梁敏' }).waitFor()
  assert.equal(await notes.locator('[data-note] .said').innerText(), '请核实灯杆产权')

  const d = c.page('street-head')
  await d.goto('/desk')
  await d.locator('.bell').click()
  await d.locator('.inbox .notice').first().click()
  await d.locator('[data-note]').filter({ hasText: '请核实灯杆产权' }).waitFor()
  for (const action of ['sign', 'reply']) assert.equal(await d.locator(`[data-action=${action}]`).count(), 0, 'who is asked does not handle it')
  await d.locator('.notes textarea').fill('产权属市政，已移交街道')
  await d.locator('.notes').getByRole('button', { name: '发送' }).click()
  await notes.locator('[data-note]').filter({ hasText: '产权属市政' }).waitFor() // without a reload
  await c.shot(d, 'notes')
  const p = c.page(phone)
  await p.goto(`/appeals/${id}`)
  await p.locator('.line').waitFor()
  assert.ok(!/产权|梁敏/.test(await words(p)), 'notes are the house’s own')
}))

test('a message with two demands is divided, each goes its way, the citizen sees both', seen(() => c, async () => {
  const id = await file('流塘路58号门口路灯坏了三天，晚上看不清。另外小区楼下餐馆油烟直排，影响居民休息，请处理。')
  const d = await c.opened('dispatcher', id)
  await d.locator('[data-divide]').click()
  const go = d.locator('[data-divide-go]')
  await until(() => go.innerText(), (t) => /拆成 \d 件|至少/.test(t), 'what is proposed')
  await c.shot(d, 'divide')
  for (const box of await d.locator('.divide ol input[type=checkbox]').all()) await box.check()
  await go.click()
  const parts = d.locator('.parts li')
  await until(() => parts.count(), (n) => n >= 2, 'its parts')
  await d.locator('.parts a').first().click()
  await d.locator('.matter .no').filter({ hasText: '-F2' }).waitFor()
  const p = c.page(phone)
  await p.goto(`/appeals/${id}`)
  await until(() => p.locator('.parts li').count(), (n) => n >= 2, 'the citizen sees both')
  await c.shot(p, 'phone-parts')
  // It was a mistake, and is made one again.
  await c.opened('dispatcher', id)
  await d.locator('[data-action=rejoin]').click()
  await c.fill(d, { note: '核实为同一件事' })
  await until(() => d.locator('.parts').count(), (n) => n === 0, 'one again')
}))

test('what was concluded and comes again is answered by the letter, and the citizen reads it', seen(() => c, async () => {
  const text = '流塘社区流塘路烧烤店噪声扰民，多次反映没有解决，请处理'
  const first = await file(text)
  await c.act('dispatcher', first, 'dispatch', { unit: 'st-xixiang' })
  const s = await c.opened('supervisor', first)
  await s.locator('[data-open-dossier]').click()
  const box = s.getByRole('dialog')
  await box.locator('textarea').fill('流塘路烧烤店夜间经营噪声')
  await box.locator('input').last().fill('同一人就同一件事第三次反映')
  await box.locator('button[type=submit]').click()
  await s.waitForURL(/\/desk\/dossiers\/\d+/)
  await s.locator('[data-act=draft]').click()
  const areas = s.locator('.form textarea')
  await areas.nth(0).fill('经三次现场检测，夜间噪声48分贝，未超过二类区夜间限值50分贝；店铺已于22时前停止营业。')
  await areas.nth(1).fill('《中华人民共和国噪声污染防治法》第六十四条')
  await areas.nth(2).fill('该店经营行为未违反规定，已督促其合理安排营业时间。')
  await s.locator('.form button[type=submit]').click()
  await s.locator('header .state').filter({ hasText: '待签发' }).waitFor()
  assert.equal(await s.locator('[data-act=issue]').count(), 0, 'who drafted it does not issue it')
  await c.shot(s, 'dossier-drafted')

  const l = c.page('leader')
  await l.goto(new URL(s.url()).pathname)
  await l.locator('[data-act=issue]').click()
  await l.locator('.el-message-box').getByRole('button', { name: '签发' }).click()
  await l.locator('header .state').filter({ hasText: '已作结论' }).waitFor()
  await c.shot(l, 'dossier-issued')

  const again = await file(`${text}！`)
  const d = await c.opened('dispatcher', again)
  await d.locator('[data-refer]').click()
  await d.locator('[data-field=no_new_fact]').getByText('是', { exact: true }).click()
  await d.locator('[data-field=compared] textarea').fill('地点、店铺、时段与结论所述一致，没有新的事实')
  await d.keyboard.press('Control+Enter')
  await d.locator('.matter .state').filter({ hasText: '直接答复' }).waitFor()
  const p = c.page(phone)
  await p.goto(`/appeals/${again}`)
  await p.locator('.card.reply').waitFor()
  assert.match(await words(p), /意见书/)
  await c.shot(p, 'phone-letter')
  assert.deepEqual(await rawKeys(p), [])
}))

test('profile tags are looked at for a purpose, the appellant reads that they were, the log counts it', seen(() => c, async () => {
  const id = (await c.post(phone, '/api/appeals', { text: '流塘社区流塘路路灯不亮，晚上看不清，老人不敢出门', lon: 113.872, lat: 22.585 })).id
  await c.act('dispatcher', id, 'dispatch', { unit: 'st-xixiang' })
  const s = await c.opened('street', id)
  const tags = s.locator('section.tags')
  await tags.getByRole('button', { name: '查询' }).click()
  await tags.getByText('独居高龄老人').waitFor()
  assert.equal(await tags.getByRole('button', { name: '查询' }).isDisabled(), true, 'no look without a reason')
  await tags.getByLabel('事由').fill('上门前了解')
  await tags.getByRole('button', { name: '查询' }).click()
  await tags.locator('.from').waitFor()
  await c.shot(s, 'tags-appellant')
  await tags.getByRole('button', { name: '再次查询' }).click()
  await tags.getByRole('radio', { name: '所在楼栋' }).click()
  await tags.getByText('城中村楼栋').waitFor()
  assert.equal(await tags.getByText('独居高龄老人').count(), 0, 'only the tags of what is asked about')
  await tags.getByRole('button', { name: '查询' }).click()
  await tags.locator('.from').filter({ hasText: '所在楼栋' }).waitFor()
  await tags.locator('h3 small').filter({ hasText: '2' }).waitFor()

  const p = c.page(phone)
  await p.goto('/looks')
  await p.getByText('上门前了解').first().waitFor()
  assert.equal(await p.getByText('上门前了解').count(), 1, 'a look at a building is not one at them')
  await c.shot(p, 'tags-phone')

  const v = c.page('supervisor')
  await v.goto('/desk/tags')
  await until(() => v.locator('.counts tbody').innerText(), (t) => /上门走访[\s\S]*2/.test(t), 'the counts')
  await v.getByLabel('对象').selectOption('building')
  await until(() => v.locator('section:last-of-type tbody tr').count(), (n) => n === 1, 'one look at a building')
  await c.shot(v, 'tags-log')
}))
