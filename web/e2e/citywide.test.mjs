// 全市域通办: a street collects for another authority and its bag travels, opened with one
// paper missing; an application is filled in with a clerk's help and confirmed on the phone;
// papers come by courier. Shown on the screens that each of them has.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, photo, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const shots = process.env.SHOTS
before(async () => {
  server = await serve()
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const shot = async (page, name) => shots && (await page.waitForTimeout(300), await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }))
const at = async (login, size = 'desk') => {
  const v = await visitor(browser, server.url, { size })
  await (/^1\d{10}$/.test(login) ? citizen : staff)(v, login)
  const ask = async (method, path, data) => {
    const res = await v.context.request[method](path, { data })
    assert.ok(res.ok(), `${login} ${method} ${path}: ${res.status()} ${await res.text()}`)
    return res.status() === 204 ? undefined : res.json()
  }
  return { ...v, get: (path) => ask('get', path), post: (path, data = {}) => ask('post', path, data), put: (path, data) => ask('put', path, data) }
}
async function upload(who) {
  const p = photo()
  const res = await who.context.request.post('/api/files', { headers: { 'Content-Type': p.mimeType }, data: p.buffer })
  assert.ok(res.ok(), `upload: ${res.status()} ${await res.text()}`)
  return (await res.json()).id
}
const food = async (who) => (await who.get('/api/services/items?q=' + encodeURIComponent('食品经营许可'))).items.find((i) => i.name.includes('餐饮')).id
const values = { name: '李记', id_no: '11010519491231002X', phone: '13800138031', shop_name: '李记小馆', uscc: '11440306MB2D70048K', address: '宝安区西乡街道流塘路1号', staff: [{ name: '王五', health: true }] }

/** An application for a food licence that is filled in and not sent. */
async function drafted(who, applicant) {
  const a = await who.post('/api/services/applications', { item: await food(who), ...(applicant && { applicant, consent: true }) })
  const files = {}
  for (const m of ['business_licence', 'layout', 'rules']) files[m] = [await upload(who)]
  return who.put(`/api/services/applications/${a.id}`, { version: a.version, situation: { kind: 'restaurant' }, values, files, promised: false })
}

test('a street collects, the bag travels, one paper is missing, the clock is the law’s', async () => {
  const street = await at('street-window')
  const owner = await at('market')
  const a = await drafted(street, { name: '李记', phone: '13800138031', id_number: '11010519491231002X' })
  const page = street.page
  await page.goto(`/desk/intake-counter/${a.id}?step=check`)
  await page.locator('.conveyance h3').waitFor()
  assert.equal(await page.locator('.foot button.main').count(), 0, 'a street does not send it as its own')
  for (const box of await page.locator('.conveyance input[name=point]').all()) await box.check()
  for (const box of await page.locator('.conveyance input[name=piece]').all()) await box.check()
  await shot(page, 'desk-collect')
  await page.locator('.conveyance button.main').click()
  await page.locator('.done').waitFor()
  await page.goto('/desk/citywide')
  await page.locator('.group tbody tr').waitFor()
  await shot(page, 'desk-citywide')
  await page.locator('.group button', { hasText: '装成一袋' }).click()
  await page.locator('h1', { hasText: 'DL' }).waitFor()
  const act = async (who, name, fill = async () => {}) => {
    await who.page.locator('main > .tools button', { hasText: name }).first().click()
    await fill(who.page.locator('form.act'))
    await who.page.locator('form.act button[type=submit]').click()
    await who.page.locator('form.act').waitFor({ state: 'detached' })
  }
  await act(street, '封袋', (f) => f.locator('input[name=seals]').fill('S-0001 S-0002'))
  await act(street, '交接', async (f) => {
    await f.locator('input[name=badge]').fill('V07')
    await f.locator('input[type=file]').first().setInputFiles(photo())
    await f.locator('img').first().waitFor()
    await page.locator('form.act button[type=submit]:not([disabled])').waitFor()
  })
  const id = page.url().match(/bags\/(\d+)/)[1]
  const bag = await street.get(`/api/services/bags/${id}`)
  assert.equal(bag.holder, 'carrier:exchange#V07')
  const kase = bag.contents[0].case
  const before = await owner.get(`/api/services/cases/${kase}/whereabouts`)
  assert.equal(before.ground, 'waiting', 'nothing counts while it is on its way')

  // At the authority: found by its number, received, opened, checked with one missing.
  await owner.page.goto('/desk/citywide?tab=transit')
  await owner.page.locator('input[name=scan]').fill(bag.no)
  await owner.page.locator('header form button').click()
  await owner.page.locator('h1', { hasText: bag.no }).waitFor()
  await act(owner, '属地签收', async (f) => {
    await f.locator('input[type=file]').first().setInputFiles(photo())
    await f.locator('img').first().waitFor()
    await owner.page.locator('form.act button[type=submit]:not([disabled])').waitFor()
  })
  await owner.page.locator('.counts').waitFor()
  await act(owner, '开袋')
  await act(owner, '按清单核对', async (f) => {
    await f.locator('.found input[type=checkbox]').first().check()
    await shot(owner.page, 'desk-bag-check')
  })
  await owner.page.locator('.diff .bad', { hasText: '缺失' }).waitFor()
  await shot(owner.page, 'desk-bag')
  await owner.page.locator('.held', { hasText: '6 环' }).waitFor()
  const where = await owner.get(`/api/services/cases/${kase}/whereabouts`)
  const done = await owner.get(`/api/services/bags/${id}`)
  assert.equal(where.ground, 'received')
  assert.equal(where.started_at, done.received_at, 'the five days count from when it was received, not from the collection or the opening')
  await owner.page.goto(`/desk/cases/${kase}`)
  await owner.page.locator('.where').waitFor()
  await shot(owner.page, 'desk-case-where')

  // The applicant is told, and sees where the papers are and which clock runs.
  const me = await at('13800138031', 'phone')
  await me.page.goto(`/cases/${kase}`)
  await me.page.locator('.where .missing').waitFor()
  const says = await me.page.locator('.where').innerText()
  assert.match(says, /受理时限自/)
  assert.match(says, /不是您的责任/)
  assert.doesNotMatch(says, /V07/, 'no staff numbers')
  await shot(me.page, 'phone-where')
  await until(() => me.get('/api/me/notices').catch(() => me.get('/api/notices')), (n) => /缺失/.test(JSON.stringify(n)), 'the applicant is told of the missing paper')
  assert.deepEqual(await rawKeys(me.page), [])
  await owner.page.goto(`/desk/bags/${id}`)
  await owner.page.locator('.diff button', { hasText: '处理' }).click()
  await owner.page.locator('.diff select').selectOption('found')
  await owner.page.locator('.diff input[name=how]').fill('夹在布局图里，已找到')
  await owner.page.locator('.diff form button[type=submit]').click()
  await owner.page.locator('.stand', { hasText: '已核对' }).waitFor()
  assert.deepEqual(await rawKeys(owner.page), [])
})

test('a clerk helps to fill in; the applicant confirms on the phone', async () => {
  const me = await at('13800138032', 'phone')
  const a = await drafted(me)
  await me.page.goto(`/apply/${a.id}/assist`)
  await me.page.locator('button.main').click()
  const code = (await me.page.locator('.code strong').innerText()).replace(/\s/g, '')
  await shot(me.page, 'phone-assist-code')
  const clerk = await at('street-window')
  await clerk.page.goto('/desk/assist')
  await clerk.page.locator('input[name=assist-code]').fill(code)
  await clerk.page.locator('form button[type=submit]').first().click()
  await clerk.page.locator('.cols form').waitFor()
  assert.doesNotMatch(await clerk.page.locator('.cw').innerText(), /11010519491231002X|13800138031/)
  await clerk.page.locator('.cols form').getByLabel('经营场所').fill('宝安区西乡街道流塘路2号')
  await shot(clerk.page, 'desk-assist')
  await clerk.page.locator('form button[type=submit]').click()
  await clerk.page.locator('[role=status].ok').waitFor()
  await me.page.locator('dd', { hasText: '流塘路2号' }).waitFor()
  const early = await me.context.request.post(`/api/services/applications/${a.id}/sending`, { data: { version: (await me.get(`/api/services/applications/${a.id}`)).version } })
  assert.equal((await early.json()).code, 'assist_unconfirmed')
  await shot(me.page, 'phone-assist-confirm')
  await me.page.locator('button.main', { hasText: '确认' }).click()
  await me.page.locator('i.yes').waitFor()
  assert.deepEqual(await rawKeys(me.page), [])
  await me.page.goto(`/apply/${a.id}?step=check`)
  await me.page.locator('.foot button.main').click()
  await me.page.locator('.done').waitFor()
  const kase = (await me.get(`/api/services/applications/${a.id}`)).case
  assert.equal((await me.get(`/api/services/cases/${kase}`)).channel, 'assisted')
})

test('papers come by courier and are matched', async () => {
  const me = await at('13800138033', 'phone')
  const a = await drafted(me)
  await me.page.goto(`/apply/${a.id}?step=check`)
  await me.page.locator('button.way', { hasText: '快递' }).click()
  await shot(me.page, 'phone-mail')
  for (const box of await me.page.locator('.conveyance input[name=piece]').all()) await box.check()
  await me.page.locator('.conveyance button.main').click()
  await me.page.locator('textarea[name=address]').fill('西乡街道流塘路1号2栋301')
  await me.page.locator('form button.main').click()
  const waybill = await me.page.locator('.code strong').innerText()
  assert.match(waybill, /^EK\d{9}CN$/)
  await shot(me.page, 'phone-label')
  assert.ok((await me.context.request.post(`/simulator/courier/${waybill}`, { data: { kind: 'picked', grams: 310 } })).ok())
  const owner = await at('market')
  await owner.page.goto('/desk/citywide?tab=parcels')
  await owner.page.locator('input[name=scan]').fill(waybill)
  await owner.page.locator('header form button').click()
  await owner.page.locator('button', { hasText: '按清单核对' }).first().waitFor()
  const form = owner.page.locator('form.compare')
  await form.waitFor()
  for (const box of await form.locator('input[type=checkbox]').all()) await box.check()
  await shot(owner.page, 'desk-parcels')
  await form.locator('button[type=submit]').click()
  await form.waitFor({ state: 'detached' })
  const kase = (await me.get(`/api/services/applications/${a.id}`)).case
  const where = await me.get(`/api/services/cases/${kase}/whereabouts`)
  assert.equal(where.ground, 'received')
  assert.equal(where.parcel.state, 'checked')
  await me.page.goto('/cross-region')
  await until(() => me.page.locator('.cross li').count(), (n) => n > 0, 'what can be done across regions')
  await me.page.locator('input[type=search]').fill('食品经营')
  await shot(me.page, 'phone-cross-region')
  const boss = await at('inspector')
  await boss.page.goto('/desk/regions')
  await boss.page.locator('.list button').nth(17).click()
  await boss.page.locator('main tbody tr').first().waitFor()
  await shot(boss.page, 'desk-regions')
  assert.deepEqual(await rawKeys(boss.page), [])
  await boss.page.goto('/desk/citywide-week?by=mode')
  await boss.page.locator('.bar').first().click()
  await boss.page.locator('.row').first().waitFor()
  await shot(boss.page, 'desk-week')
  assert.deepEqual(await rawKeys(boss.page), [])
  const table = await boss.context.request.get('/api/services/citywide-week/table?by=mode')
  assert.match(await table.text(), /业务量/)
})

test('both sign in at a hand-over: neither can sign for both', async () => {
  const street = await at('street-window')
  const owner = await at('market')
  const a = await drafted(street, { name: '李记', phone: '13800138034', id_number: '11010519491231002X' })
  const points = (await street.get(`/api/services/applications/${a.id}`)).handling.acceptance.map((x) => x.id)
  const { case: kase } = await street.post(`/api/services/applications/${a.id}/collection`, { version: a.version, points, pieces: ['layout', 'rules'].map((material) => ({ material, form: 'copy', copies: 1 })) })
  const bag = await street.post('/api/services/bags', { to: 'dp-shijian', cases: [kase] })
  const page = street.page
  await page.goto(`/desk/bags/${bag.id}`)
  const begin = async (who, name) => {
    await who.page.locator('main > .tools button', { hasText: name }).first().click()
    return who.page.locator('form.act')
  }
  const send = (who) => who.page.locator('form.act button[type=submit]').click()
  const code = async (who) => {
    await who.page.getByRole('button', { name: '我的交接码' }).first().click()
    const shown = (await who.page.locator('.shown strong').innerText()).replace(/\D/g, '')
    await who.page.keyboard.press('Escape')
    return shown
  }
  let form = await begin(street, '封袋')
  await form.locator('input[name=seals]').fill('S-0041')
  await send(street)
  await form.waitFor({ state: 'detached' })

  form = await begin(street, '交接')
  await form.locator('select').selectOption('staff')
  await form.locator('input[name=code]').waitFor()
  assert.equal(await form.locator('input[type=file]').count(), 0, 'no slip is photographed where both sign in')
  await form.locator('input[name=code]').fill('00000000')
  await send(street)
  await form.getByRole('alert').waitFor()
  await form.locator('input[name=code]').fill(await code(street))
  await send(street)
  await form.getByRole('alert').waitFor()
  assert.equal((await street.get(`/api/services/bags/${bag.id}`)).state, 'sealed', 'their own code signs for nobody else')
  await owner.page.goto('/desk/citywide')
  const theirs = await code(owner)
  assert.match(theirs, /^\d{8}$/)
  await form.locator('input[name=code]').fill(theirs)
  await shot(page, 'desk-sign-in')
  await send(street)
  await form.waitFor({ state: 'detached' })
  await page.locator('.chain i.ok', { hasText: '双方登录签名' }).waitFor()
  assert.match((await street.get(`/api/services/bags/${bag.id}`)).holder, /^carrier:staff#market$/)
  assert.doesNotMatch(await page.locator('.chain').innerText(), new RegExp(theirs), 'a code is not shown again')
  assert.deepEqual(await rawKeys(page), [])
})

test('a bag goes to another region and is acknowledged there', async () => {
  const clerk = await at('window')
  const region = (await until(() => clerk.get('/api/services/regions'), (all) => all.some((r) => r.out > 0), 'the agreements of the demonstration')).find((r) => r.out > 0)
  const page = clerk.page
  await page.goto('/desk/citywide?tab=errands')
  await page.getByRole('button', { name: '代收一件' }).click()
  const choose = async (n) => {
    await page.locator('form.card .el-select').nth(n).click()
    const option = n === 0 ? page.locator('.el-select-dropdown__item:visible', { hasText: region.name }) : page.locator('.el-select-dropdown__item:visible')
    await option.first().click()
  }
  await choose(0)
  await choose(1)
  await page.locator('form.card .el-input input').nth(0).fill('李记')
  await page.locator('form.card .el-input input').nth(1).fill('13800138035')
  await page.locator('form.card .el-input input').nth(2).fill('申请表、身份证复印件')
  await page.getByText('申请人同意由本窗口代收并转送').click()
  await page.getByRole('button', { name: '收件', exact: true }).click()
  await page.locator('tbody input[type=checkbox]').first().check()
  await shot(page, 'desk-errands')
  await page.getByRole('button', { name: '装袋转送（1）' }).click()
  await page.locator('h1', { hasText: 'DL' }).waitFor()
  assert.match(await page.locator('header .lead').innerText(), new RegExp(region.name))
  const form = page.locator('form.act')
  const act = async (name, fill) => {
    await page.locator('main > .tools button', { hasText: name }).first().click()
    await fill()
    await form.locator('button[type=submit]:not([disabled])').click()
    await form.waitFor({ state: 'detached' })
  }
  await act('封袋', () => form.locator('input[name=seals]').fill('S-0042'))
  await act('交接', async () => {
    await form.locator('select').selectOption('ems')
    await form.locator('input[name=badge]').fill('E01')
    await form.locator('input[type=file]').first().setInputFiles(photo())
    await form.locator('img').first().waitFor()
  })
  assert.equal(await page.locator('main > .tools button', { hasText: '属地签收' }).count(), 0, 'nobody here receives it')
  await act('登记对方签收', () => form.locator('input[name=note]').fill('对方回执 SJ20261127001'))
  await page.locator('.stand', { hasText: '已核对' }).waitFor()
  await page.locator('.route li.here', { hasText: region.name }).waitFor()
  await shot(page, 'desk-region-bag')
  assert.deepEqual(await rawKeys(page), [])
})

test('a parcel that does not come is late, and is no more when it comes', async () => {
  const me = await at('13800138036', 'phone')
  const a = await drafted(me)
  await me.page.goto(`/apply/${a.id}?step=check`)
  await me.page.locator('button.way', { hasText: '快递' }).click()
  for (const box of await me.page.locator('.conveyance input[name=piece]').all()) await box.check()
  await me.page.locator('.conveyance button.main').click()
  await me.page.locator('textarea[name=address]').fill('西乡街道流塘路1号2栋301')
  await me.page.locator('form button.main').click()
  const waybill = await me.page.locator('.code strong').innerText()
  const happen = async (data) => assert.ok((await me.context.request.post(`/simulator/courier/${waybill}`, { data })).ok())
  await happen({ kind: 'picked', grams: 310, at: new Date(Date.now() - 7 * 86_400_000).toISOString() })
  const owner = await at('market')
  const parcel = (want, what) => until(async () => Object.values(await owner.get('/api/services/parcels')).flat().find((p) => p?.waybill === waybill), want, what)
  await parcel((p) => p?.late, 'the parcel is late')
  await owner.page.goto('/desk/citywide?tab=parcels')
  const row = owner.page.locator('tbody tr', { hasText: waybill })
  await row.locator('.bad', { hasText: '应到未到' }).waitFor()
  await shot(owner.page, 'desk-parcel-late')
  await happen({ kind: 'delivered', signed: 'desk' })
  await parcel((p) => p && !p.late && p.state === 'delivered', 'it came')
  await owner.page.reload()
  await row.waitFor()
  assert.equal(await row.locator('.bad').count(), 0)
  assert.deepEqual(await rawKeys(owner.page), [])
})
