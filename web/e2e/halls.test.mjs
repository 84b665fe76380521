// A number from the phone to the window, on three screens at once: booked, checked in,
// called, missed, called again, served, rated; and a stuck case through its steps.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const shots = process.env.SHOTS
const shot = async (page, name) => shots && (await mkdir(shots, { recursive: true }), await page.screenshot({ path: `${shots}/${name}.png` }))
const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())

before(async () => {
  ;[server, browser] = await Promise.all([serve(), launch()])
})
after(async () => {
  await browser?.close()
  await server?.stop()
})

test('a number on three screens at once', async () => {
  const manager = await visitor(browser, server.url)
  await staff(manager, 'hall')
  const set = await manager.context.request.post('/api/halls/startup/day', { data: { day: today(), opens: '00:00', closes: '24:00', reason: '浏览器试验' } })
  assert.ok(set.ok(), await set.text())
  const tomorrow = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + 86_400_000))
  const { kiosk_key, board } = await set.json()

  const clerk = await visitor(browser, server.url)
  await staff(clerk, 'window')
  const w = clerk.page
  await w.goto('/desk/window')
  await w.locator('header select').selectOption('startup')
  await w.locator('.pick button', { hasText: '1号开办窗口' }).click()
  await w.getByText('窗口空闲').waitFor()

  const wall = await visitor(browser, server.url, { size: 'board' })
  const b = wall.page
  await b.goto(`/screens/hall/startup?key=${kiosk_key}`)
  await b.getByText('暂无叫号').waitFor()

  const person = await visitor(browser, server.url, { size: 'phone' })
  await citizen(person, '16000000061')
  const p = person.page
  // Booked for a time to come; it stands among what one has, and can be given back.
  const days = [today(), tomorrow, ...Array.from({ length: 5 }, (_, i) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + (i + 2) * 86_400_000)))]
  let booked
  for (const [i, day] of days.entries()) {
    const slots = await (await person.context.request.get(`/api/halls/startup/slots?kind=startup&day=${day}`)).json()
    if (!slots.length) continue
    await p.goto('/halls/startup')
    await p.locator('.kinds button', { hasText: '企业开办' }).click()
    await p.locator('.two button', { hasText: '预约' }).click()
    await p.locator('.days button').nth(i).click()
    await p.locator('.slots button:not(:disabled)').first().click()
    await shot(p, 'phone-book')
    await p.locator('.go').click()
    await p.getByText('请确认').first().waitFor()
    await p.locator('button.big', { hasText: '确认预约' }).click()
    await p.getByText('已预约').waitFor()
    booked = new URL(p.url()).pathname.split('/').at(-1)
    await shot(p, 'phone-booked')
    break
  }
  assert.ok(booked, 'no day of the next week has a slot')
  const state = async (id) => (await (await person.context.request.get(`/api/tickets/${id}`)).json()).state
  // Checked in where its time has come; else given back, and a number taken on the spot.
  const slot = Date.parse((await (await person.context.request.get(`/api/tickets/${booked}`)).json()).slot)
  if (slot - Date.now() < 28 * 60_000) {
    await p.locator('button.big', { hasText: '签到' }).click()
    await p.locator('.presence').fill(board.presence)
    await p.locator('button.big', { hasText: '签到' }).click()
  } else {
    await p.locator('.cancel button').click()
    await p.locator('.cancel .danger').click()
    await p.getByText('已取消').waitFor()
    await p.goto(`/halls/startup?at=${board.presence}`)
    await p.locator('.kinds button', { hasText: '企业开办' }).click()
    await p.locator('.two button', { hasText: '现场取号' }).click()
    await p.locator('.go').click()
  }
  await p.getByText('排队中').waitFor()
  const no = await p.locator('.no').innerText()
  assert.match(no, /^E\d{3}$/)
  await p.getByText('实时更新').waitFor()
  await shot(p, 'phone-queued')
  await w.locator('.list .row', { hasText: no }).first().waitFor()
  await shot(w, 'window-queue')

  // Called by the keyboard: it stands on the board and on the phone at once.
  await w.locator('body').press(' ')
  await b.locator('.calls li', { hasText: no }).waitFor()
  await p.getByText('请到窗口').waitFor()
  await p.getByText('1号开办窗口').waitFor()
  await shot(p, 'phone-called')
  await shot(b, 'board-called')
  await shot(w, 'window-called')
  await w.locator('body').press(' ')
  await w.getByText('已叫 2/3 次').waitFor()
  await w.locator('body').press('m')
  await p.getByText('已过号').waitFor()
  await b.locator('.missed', { hasText: no }).waitFor()
  await p.locator('button.big', { hasText: '过号重排' }).click()
  await p.locator('.presence').fill(board.presence)
  await p.locator('button.big', { hasText: '过号重排' }).click()
  await p.getByText('排队中').waitFor()
  await w.locator('.list .row', { hasText: no }).first().waitFor()
  await w.locator('body').press(' ')
  await w.locator('.current.called').waitFor()
  await w.locator('body').press('Enter')
  await w.locator('.current.processing').waitFor()
  await p.getByText('办理中').waitFor()
  await shot(w, 'window-serving')
  await w.locator('.refuse').click()
  await w.locator('form.form textarea').fill('缺少场地证明，暂不能受理')
  await w.locator('form.form input').fill('登记规定第六条')
  await w.locator('form.form .main').click()
  await w.getByText('已记录').waitFor()
  await w.locator('h1').click()
  await w.locator('body').press('Enter')
  await w.getByText('今天办结 1 件').waitFor()
  await p.getByText('已办结').waitFor()
  await until(() => b.locator('.calls li').count(), (n) => n === 0, 'the board still calls')

  // Who was served rates the visit from the same ticket; the clerk's screen does not say what.
  const own = new URL(p.url()).pathname.split('/').at(-1)
  const { rate } = await until(async () => (await person.context.request.get(`/api/tickets/${own}`)).json(), (x) => x.rate, 'the visit can be rated')
  await until(async () => (await (await person.context.request.get(`/api/services/rate/${rate}`)).json()).state, (x) => x === 'open', 'whoever asks is told that it is over')
  await p.locator('a.big', { hasText: '评价' }).click()
  await p.locator('.grades label').first().click()
  await p.getByRole('button', { name: '提交评价' }).click()
  await p.locator('.rate.over h1').waitFor()
  await shot(p, 'phone-rated')
  assert.deepEqual([...w ? clerk.complaints : [], ...wall.complaints, ...person.complaints], [])

  // A kiosk without its key gives nothing; with it, a paper.
  const machine = await visitor(browser, server.url, { size: 'desk' })
  const k = machine.page
  await k.goto('/kiosk/startup')
  await k.getByText('这台机器没有授权').waitFor()
  await k.goto(`/kiosk/startup?key=${kiosk_key}`)
  await k.locator('li button', { hasText: '变更与注销' }).waitFor()
  await shot(k, 'kiosk')
  await k.locator('li button', { hasText: '变更与注销' }).click()
  await k.locator('.go').click()
  await k.locator('.paper strong').waitFor()
  await shot(k, 'kiosk-paper')

  const m = manager.page
  await m.goto('/desk/halls')
  await m.locator('header select').selectOption('startup')
  await m.locator('.figures dd').first().waitFor()
  await shot(m, 'manager')
  await m.goto('/desk/reception')
  await m.locator('form .chips button').first().waitFor()
  await shot(m, 'reception')
})

test('a hall is staffed: who may serve what, who sits where, a booking for who calls', async () => {
  const manager = await visitor(browser, server.url)
  await staff(manager, 'hall')
  const { page } = manager
  await page.goto('/desk/halls/skills')
  await page.locator('header select').selectOption('startup')
  const row = page.locator('tbody tr', { hasText: '苏小敏' })
  await row.locator('.cell').last().click()
  await page.locator('.el-dialog form input[maxlength]').fill('帮办业务待培训')
  await page.locator('.el-dialog form .main').click()
  await row.locator('.cell[aria-pressed=false]').waitFor()
  await row.locator('button', { hasText: '记录' }).click()
  await page.locator('.records li', { hasText: '帮办业务待培训' }).waitFor()
  await shot(page, 'skills')
  // The next working day's roster: a gap is filled, and what the clerk lacks is said.
  await page.goto('/desk/halls/roster')
  await page.locator('header select').selectOption('startup')
  await page.locator('.week button.step').last().click()
  await page.locator('.week button').nth(2).click()
  await page.locator('button.gap').first().click()
  await page.locator('.el-dialog fieldset label', { hasText: '苏小敏' }).locator('input').check()
  await page.locator('.el-dialog form .main').click()
  await page.locator('.duty.lacks', { hasText: '苏小敏' }).waitFor()
  await shot(page, 'roster')

  await page.goto('/desk/reception')
  await page.locator('header select').selectOption('startup')
  await page.locator('h2.chips button', { hasText: '代预约' }).click()
  await page.locator('form .chips button', { hasText: '电话预约' }).click()
  await page.locator('form .chips button', { hasText: '变更与注销' }).click()
  const name = page.locator('form label', { hasText: '姓名' }).locator('input')
  await name.fill('陈大文')
  await page.locator('form label', { hasText: '手机号' }).locator('input').fill('16000000063')
  for (const day of Array.from({ length: 7 }, (_, i) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() + i * 86_400_000)))) {
    if (!(await (await manager.context.request.get(`/api/halls/startup/slots?kind=change&day=${day}`)).json()).some((x) => x.free)) continue
    await page.locator('form select').selectOption(day)
    break
  }
  await page.locator('.slots button:not(:disabled)').first().click()
  await page.locator('form .main').click()
  await page.locator('.booking', { hasText: '陈**' }).filter({ hasText: '电话' }).waitFor()
  await shot(page, 'reception-booked')
  await page.goto('/desk/halls/no-shows')
  await page.getByText('没有爽约').waitFor()
  assert.deepEqual([...manager.complaints, ...(await rawKeys(page))], [])
})

test('a stuck case lives through its steps', async () => {
  const person = await visitor(browser, server.url, { size: 'phone' })
  await citizen(person, '16000000062')
  const p = person.page
  await p.goto('/stuck')
  await p.locator('.chips button', { hasText: '诉讼' }).click()
  await p.getByText('这件事请这样办').waitFor()
  await p.locator('.chips button', { hasText: '反复跑动' }).click()
  await p.locator('textarea').fill('办理场地变更，跑了四趟，每次要的材料都不一样')
  await p.locator('button.big').click()
  await p.getByText(/已收到，编号 BC/).waitFor()
  await shot(p, 'phone-stuck')

  const clerk = await visitor(browser, server.url)
  await staff(clerk, 'stuck')
  const c = clerk.page
  await c.goto('/desk/stuck')
  await c.locator('td a', { hasText: '办理场地变更' }).click()
  const step = async (page, name, fill = async () => {}) => {
    await page.locator('.acts button', { hasText: name }).click()
    await fill(page.locator('main form'))
  }
  const send = (f) => f.locator('button.main').click()
  await step(c, '受理')
  await step(c, '分类', async (f) => (await f.locator('select').selectOption('complex'), await send(f)))
  await c.getByText('当日联系').waitFor()
  await step(c, '转办', async (f) => {
    await f.locator('.el-select').click()
    await c.locator('.el-select-dropdown__item:visible').filter({ hasText: /城管/ }).first().click()
    await f.locator('textarea').fill('请核清所需材料，一次告知')
    await send(f)
  })
  const handler = await visitor(browser, server.url)
  await staff(handler, 'department')
  const h = handler.page
  await c.getByText('办理中').first().waitFor()
  await shot(c, 'stuck-sent')
  await h.goto(new URL(c.url()).pathname)
  await step(h, '已联系群众', async (f) => (await f.locator('textarea').fill('已电话联系，说明所需材料'), await send(f)))
  await h.getByText('按时').waitFor()
  await step(h, '办结', async (f) => (await f.locator('textarea').fill('材料已一次收齐并受理'), await send(f)))
  await c.reload()
  await step(c, '反馈', async (f) => (await f.locator('select').selectOption('yes'), await send(f)))
  await step(c, '核查', async (f) => {
    await f.locator('select').selectOption('guide_wrong')
    await f.locator('textarea').nth(0).fill('修订场地变更的办事指南')
    await f.locator('textarea').nth(1).fill('回访属实，已办成')
    await send(f)
  })
  await step(c, '备案')
  await c.getByText('已备案').first().waitFor()
  await shot(c, 'stuck-done')
  await c.goto('/desk/stuck')
  await c.locator('nav button', { hasText: '月度根因' }).click()
  await c.getByText('办事指南与实际不符').waitFor()
  await shot(c, 'stuck-month')
  await c.locator('nav button', { hasText: '否定答复' }).click()
  assert.deepEqual([...clerk.complaints, ...person.complaints], [])
})

test('a start-up pack is given once', async () => {
  const manager = await visitor(browser, server.url)
  await staff(manager, 'hall')
  const { page } = manager
  await page.goto('/desk/startup')
  await page.locator('header select').selectOption('startup')
  await page.locator('form button', { hasText: '入库' }).click()
  await page.locator('dd', { hasText: /^50$/ }).waitFor()
  const give = async (name) => {
    await page.locator('form input').nth(0).fill('91350100M000100Y43')
    await page.locator('form input').nth(1).fill(name)
    await page.locator('form button.main').click()
  }
  await give('示范科技有限公司')
  await page.locator('td', { hasText: '示范科技有限公司' }).waitFor()
  await give('换个名字有限公司')
  await page.getByText('这家企业已经领过').waitFor()
  await page.locator('dd', { hasText: /^49$/ }).waitFor()
  await shot(page, 'startup')
})
