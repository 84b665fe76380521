// 一件事一次办: a pharmacy opens by one life event across four departments, on a phone and
// at the desks; one member is denied, and what was granted stays.
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
const shot = async (page, name) => shots && (await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true }))

/** Answers a page of the form: what a person would type. */
async function answer(page, said) {
  for (const [label, value] of said) {
    const field = page.locator('.apply .card').locator('label, legend', { hasText: label }).first().locator('xpath=..')
    if (typeof value === 'string') await field.locator('input:not([type=radio]):not([type=checkbox]), textarea').first().fill(value)
    else await field.getByText(value.pick, { exact: true }).first().click()
  }
}
const next = (page) => page.locator('.apply button.main').click()
const title = (page, text) => page.locator('.apply h2', { hasText: text }).first().waitFor()

async function apply(page, phone) {
  await page.goto('/themes')
  await page.locator('li a', { hasText: '开药店' }).click()
  await page.locator('.meter').waitFor()
  assert.match(await page.locator('article').innerText(), /时间[\s\S]*环节[\s\S]*材料[\s\S]*跑动/)
  await shot(page, `phone-theme-${phone}`)
  await page.locator('button.go').click()
  await page.locator('.fill button').first().click() // by hand
  await title(page, '您要开什么样的药店')
  await answer(page, [['用什么身份经营', { pick: '新注册公司' }], ['要挂店招', { pick: '是' }], ['要开通医保刷卡', { pick: '是' }]])
  await next(page)
  await title(page, '负责人')
  await answer(page, [['法定代表人', '李安康'], ['身份证号', '11010519491231002X'], ['联系电话', phone]])
  await next(page)
  await title(page, '公司')
  await answer(page, [['公司名称', '深圳市安康大药房有限公司'], ['住所（登记地址）', '宝安区西乡街道流塘路1号二楼'], ['注册资本', '50'], ['经营范围', { pick: '药品零售' }]])
  await next(page)
}

test('a pharmacy opens across four departments, to four licences', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await citizen(v, '13800138021')
  const request = v.context.request
  const get = async (path) => (await request.get(path)).json()
  await apply(v.page, '13800138021')
  await shot(v.page, 'phone-apply')
  // The rest of the form by the API that the screen uses.
  const draft = (await get('/api/services/applications'))[0]
  const id = v.page.url().match(/apply\/(\d+)/)[1]
  assert.equal(draft.id, id)
  await until(() => get(`/api/services/applications/${id}`), (a) => a.values.enterprise_name, 'what was typed is saved')
  const sent = await complete(request, await get(`/api/services/applications/${id}`))
  assert.ok(sent.joint, JSON.stringify(sent))

  const desk = {}
  const at = async (login) => {
    if (!desk[login]) {
      desk[login] = await visitor(browser, server.url)
      await staff(desk[login], login)
    }
    return desk[login]
  }
  // One acceptance for all, on the screen.
  const lead = await at('market')
  await lead.page.goto('/desk/cases')
  await lead.page.locator('td a[href*="/desk/joints/"]').click()
  await lead.page.locator('.acts button', { hasText: '统一受理' }).click()
  for (const box of await lead.page.locator('form .el-checkbox').all()) await box.click()
  await lead.page.locator('form button[type=submit], form .el-button--primary').last().click()
  await lead.page.locator('.state', { hasText: '联合办理中' }).waitFor()
  await shot(lead.page, 'desk-joint')

  const act = async (login, part, action, form = {}) => {
    const who = await at(login)
    const res = await who.context.request.post(`/api/services/cases/${part.case}/actions`, { data: { action, version: 0, form } })
    assert.ok(res.ok(), `${login} ${action} ${part.key}: ${res.status()} ${await res.text()}`)
  }
  const parts = async () => Object.fromEntries((await get(`/api/services/joints/${sent.joint}`)).parts.map((p) => [p.key, p]))
  const grant = async (key, examiner, approver) => {
    const part = (await parts())[key]
    assert.equal(part.state, 'open', key)
    await act(examiner, part, 'propose', { view: 'grant', opinion: '符合条件' })
    await act(approver, part, 'grant', {})
  }
  await grant('company-registration', 'market', 'market-head')
  await v.page.goto(`/joints/${sent.joint}`)
  await v.page.locator('li.open[data-item=seal-filing]').waitFor()
  await shot(v.page, 'phone-joint')
  await grant('seal-filing', 'police', 'police-head')
  await grant('drug-retail-licence', 'market', 'market-head')
  await grant('signboard-filing', 'signboards', 'signboards-head')
  await v.page.locator('li.open[data-item=insurance-pharmacy]').waitFor()
  const owed = (await parts())['insurance-pharmacy']
  const detail = await get(`/api/services/cases/${owed.case}`)
  for (const m of detail.materials.filter((m) => m.state === 'owed')) {
    const file = await upload(request)
    await request.put(`/api/services/cases/${owed.case}/materials/${m.id}`, { data: { files: [file] } })
  }
  if (detail.materials.some((m) => m.state === 'owed')) await request.post(`/api/services/cases/${owed.case}/actions`, { data: { action: 'provide', version: 0, form: {} } })
  await grant('insurance-pharmacy', 'insurance', 'insurance-head')
  await v.page.locator('.state', { hasText: '全部办成' }).waitFor()
  const done = Object.values(await parts())
  assert.equal(new Set(done.map((p) => p.unit)).size, 4, 'departments')
  assert.equal((await get('/api/services/licences')).length, 4, 'licences')
  await shot(v.page, 'phone-done')
  assert.deepEqual(await rawKeys(v.page), [])
  await lead.page.goto('/desk/themes?tab=themes')
  await lead.page.locator('.cards li').nth(11).waitFor()
  await shot(lead.page, 'desk-themes')
})

test('independent: one is denied, what was granted stays', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await citizen(v, '13800138022')
  const request = v.context.request
  const a = await (await request.post('/api/services/themes/pharmacy/applications', { data: {} })).json()
  a.values = { kind: 'company', board: true, person_name: '王药', person_id_no: '11010519491231002X', person_phone: '13800138022', enterprise_name: '深圳市王家大药房有限公司', enterprise_domicile: '宝安区新安街道建安路2号', company_registration_capital: 10, company_registration_scope: ['drugs'] }
  const sent = await complete(request, a)
  const market = await visitor(browser, server.url)
  await staff(market, 'market')
  const points = (await (await market.context.request.get(`/api/services/joints/${sent.joint}`)).json()).allowed[0].form.find((f) => f.name === 'points').options.map((o) => o.value)
  assert.ok((await market.context.request.post(`/api/services/joints/${sent.joint}/actions`, { data: { action: 'accept', version: 0, form: { points } } })).ok())
  const parts = async () => Object.fromEntries((await (await request.get(`/api/services/joints/${sent.joint}`)).json()).parts.map((p) => [p.key, p]))
  for (const [key, examiner, approver, action] of [['company-registration', 'market', 'market-head', 'grant'], ['signboard-filing', 'signboards', 'signboards-head', 'deny'], ['seal-filing', 'police', 'police-head', 'grant'], ['drug-retail-licence', 'market', 'market-head', 'grant']]) {
    const part = (await parts())[key]
    for (const [login, what, form] of [[examiner, 'propose', { view: action, opinion: '已审查' }], [approver, action, action === 'deny' ? { reason: '招牌设置不符合指引第三条的规定' } : {}]]) {
      const who = await visitor(browser, server.url)
      await staff(who, login)
      const res = await who.context.request.post(`/api/services/cases/${part.case}/actions`, { data: { action: what, version: 0, form } })
      assert.ok(res.ok(), `${login} ${what} ${key}: ${await res.text()}`)
      await who.close()
    }
  }
  await v.page.goto(`/joints/${sent.joint}`)
  await v.page.locator('.state', { hasText: '部分办成' }).waitFor()
  assert.match(await v.page.locator('li.denied').innerText(), /其他已办成的不受影响/)
  await shot(v.page, 'phone-partly')
})

async function upload(request) {
  const p = photo()
  const res = await request.post('/api/files', { headers: { 'Content-Type': p.mimeType, 'X-File-Name': p.name }, data: p.buffer })
  assert.ok(res.ok(), await res.text())
  return (await res.json()).id
}

/** Fills in what is left of an application for the pharmacy, and sends it. */
async function complete(request, a) {
  const more = { enterprise_address: '宝安区西乡街道流塘路1号', premises_area: 80, company_registration_shareholders: [{ name: '李安康', share: 100 }], seal_filing_seals: ['company'], pharmacy_pharmacists: [{ name: '王药师', certificate: 'YS440306001' }], signboard_filing_board: '6 米 × 1.2 米', insurance_pharmacy_opened: true }
  if (!a.values.insurance) delete more.insurance_pharmacy_opened
  const save = async (files, version) => {
    const res = await request.put(`/api/services/applications/${a.id}`, { data: { version, situation: {}, values: { ...more, ...a.values }, files, promised: false } })
    assert.ok(res.ok(), await res.text())
    return res.json()
  }
  let got = await save({}, a.version)
  const files = {}
  for (const m of got.needed.filter((m) => m.state === 'missing' && !m.tolerate)) files[m.id] = [await upload(request)]
  got = await save(files, got.version)
  const res = await request.post(`/api/services/applications/${a.id}/sending`, { data: { version: got.version, person: false } })
  assert.ok(res.ok(), await res.text())
  return res.json()
}
