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

/** What the applicant says, by question; of choices the words. */
const said = {
  kind: '新注册公司', board: true, insurance: true,
  person_name: '李安康', person_id_no: '11010519491231002X', enterprise_name: '深圳市安康大药房有限公司', enterprise_domicile: '宝安区西乡街道流塘路1号二楼', company_registration_capital: '50', company_registration_scope: ['药品零售'],
  company_registration_shareholders: [{ name: '李安康', share: '100' }], seal_filing_seals: ['公章'], enterprise_address: '宝安区西乡街道流塘路1号', premises_area: '80',
  pharmacy_pharmacists: [{ name: '王药师', certificate: 'YS440306001' }], signboard_filing_board: '6 米 × 1.2 米', insurance_pharmacy_opened: true,
}
/** Answers what a page asks, as a person would, and goes on. */
async function fillPage(page, answers) {
  const card = page.locator('.apply .card')
  const fields = await card.locator('[data-field]').evaluateAll((all) => all.map((e) => e.dataset.field).filter((f) => !f.includes('.')))
  for (const name of fields) {
    const v = answers[name]
    const field = card.locator(`[data-field="${name}"]`)
    if (v === undefined) continue
    if (typeof v === 'string' && (await field.locator('input[type=radio]').count())) await field.getByText(v, { exact: true }).click()
    else if (typeof v === 'string') await field.locator('input, textarea').first().fill(v)
    else if (typeof v === 'boolean') await field.getByText(v ? '是' : '否', { exact: true }).click()
    else if (typeof v[0] === 'string') for (const option of v) await field.getByText(option, { exact: true }).click()
    else
      for (const [i, entry] of v.entries()) {
        if (!(await field.locator(`[data-field^="${name}.${i}."]`).count())) await field.locator('button.add').click()
        for (const [k, x] of Object.entries(entry)) await field.locator(`[data-field="${name}.${i}.${k}"] input`).fill(x)
      }
  }
  await page.locator('.apply button.main').click()
}
const title = (page, text) => page.locator('.apply h2', { hasText: text }).first().waitFor()
const heading = (page) => page.locator('.apply .card h2').first().innerText()

/** The whole form on the phone, its papers, and off. Returns the joint matter. */
async function apply(page, answers) {
  await page.goto('/themes')
  await page.locator('li a', { hasText: '开药店' }).click()
  await page.locator('.meter').waitFor()
  assert.match(await page.locator('article').innerText(), /时间[\s\S]*环节[\s\S]*材料[\s\S]*跑动/)
  await shot(page, 'phone-theme')
  await page.locator('button.go').click()
  await page.locator('.fill button').first().click() // by hand
  const pages = []
  for (let at = '', i = 0; i < 20; i++) {
    at = await until(() => heading(page).catch(() => at), (h) => h !== at, `what follows ${at}`)
    pages.push(at)
    if (at === '材料') break
    if (at === '店铺') await shot(page, 'phone-apply')
    await fillPage(page, answers)
  }
  const papers = page.locator('.papers > li', { has: page.locator('input[type=file]') })
  for (const paper of await papers.all()) {
    if ((await paper.innerText()).includes('以后补交')) continue
    await paper.locator('input[type=file]').setInputFiles(photo())
    await paper.locator('.picker li').nth(1).waitFor()
  }
  await shot(page, 'phone-papers')
  await page.locator('.apply button.main').click()
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('已提交，等待受理').waitFor()
  await page.getByText('查看办件').click()
  await page.locator('.joint h1').waitFor()
  return { joint: page.url().split('/').pop(), pages }
}

test('a pharmacy opens across four departments, to four licences', async () => {
  const v = await visitor(browser, server.url, { size: 'phone' })
  await citizen(v, '13800138021')
  const { page } = v
  const { joint, pages } = await apply(page, { ...said, person_phone: '13800138021' })
  assert.equal(new Set(pages).size, pages.length, `asked page by page, each once: ${pages}`)

  // At the desk of each department in turn: who examines finds the case in their queue, who
  // decides opens it.
  const desk = await visitor(browser, server.url)
  const d = desk.page
  const grant = async (title, examiner, approver) => {
    await staff(desk, examiner)
    await d.goto('/desk/cases')
    await d.locator('tbody tr', { hasText: title }).locator('td a').first().click()
    await d.getByRole('button', { name: '提出审查意见' }).click()
    await d.locator('form.action').getByText('建议准予').click()
    await d.locator('form.action [data-field=opinion] textarea').fill('材料齐全，符合条件')
    await d.locator('form.action button[type=submit]').click()
    await d.locator('.state', { hasText: '待决定' }).waitFor()
    await staff(desk, approver)
    await d.reload()
    await d.getByRole('button', { name: '准予', exact: true }).click()
    await d.locator('form.action button[type=submit]').click()
    await d.locator('form.action').waitFor({ state: 'detached' })
  }
  // One acceptance for all.
  await staff(desk, 'market')
  await d.goto('/desk/cases')
  await d.locator('td a[href*="/desk/joints/"]').click()
  await d.locator('.acts button', { hasText: '统一受理' }).click()
  for (const box of await d.locator('form .el-checkbox').all()) await box.click()
  await d.locator('form button[type=submit]').click()
  await d.locator('.state', { hasText: '联合办理中' }).waitFor()
  await shot(d, 'desk-joint')
  await grant('设立登记', 'market', 'market-head')
  await page.reload()
  await page.locator('li.open[data-item=seal-filing]').waitFor()
  await shot(page, 'phone-joint')
  await grant('药品经营许可', 'market', 'market-head')
  await grant('公章', 'police', 'police-head')
  await grant('招牌', 'signboards', 'signboards-head')
  await page.reload()
  // What the last one asks for is brought on the phone.
  const last = page.locator('li.open[data-item=insurance-pharmacy]')
  await last.waitFor()
  await last.locator('.links a').last().click()
  const todo = page.locator('.todo')
  if (await todo.waitFor({ timeout: 4000 }).then(() => true, () => false)) {
    for (const input of await todo.locator('input[type=file]').all()) await input.setInputFiles(photo())
    await todo.locator('button.main:enabled').click()
    await todo.waitFor({ state: 'detached' })
  }
  await page.goBack()
  await grant('医保', 'insurance', 'insurance-head')
  await page.reload()
  await page.locator('.state', { hasText: '全部办成' }).waitFor()
  assert.equal(await page.locator('.tree .links a[href^="/licences/"]').count(), 4, 'licences on the progress')
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((r) => r.name))
  assert.deepEqual(loaded.filter((n) => /ActionForm|JointActs|\/button-/.test(n)), [], 'the phone loads the forms of the desk')
  await shot(page, 'phone-done')
  await page.goto('/licences')
  await page.waitForFunction(() => document.querySelectorAll('a[href^="/licences/"]').length === 4)
  await shot(page, 'phone-wallet')
  assert.deepEqual(await rawKeys(page), [])
  await d.goto('/desk/themes?tab=themes')
  await d.locator('.cards li').nth(11).waitFor()
  await shot(d, 'desk-themes')
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
  const pointsOf = async () => (await (await market.context.request.get(`/api/services/joints/${sent.joint}`)).json()).allowed.find((a) => a.name === 'accept').form.find((f) => f.name === 'points').options.map((o) => o.value)
  const parts = async () => Object.fromEntries((await (await request.get(`/api/services/joints/${sent.joint}`)).json()).parts.map((p) => [p.key, p]))
  // The lead asks for a paper again, by one notice for all; it is brought on the phone.
  const m = market.page
  await m.goto(`/desk/joints/${sent.joint}`)
  await m.locator('.acts button', { hasText: '一次性告知补正' }).click()
  await m.locator('form.action').getByText('公司章程', { exact: true }).click()
  await m.locator('form.action [data-field=what] textarea').fill('公司章程缺少全体股东的签字页，请补上')
  await m.locator('form.action button[type=submit]').click()
  await m.locator('.state', { hasText: '待补正' }).waitFor()
  await shot(m, 'desk-joint-notice')
  await v.page.goto(`/joints/${sent.joint}`)
  const todo = v.page.locator('.todo', { hasText: '缺少全体股东的签字页' })
  await todo.locator('input[type=file]').setInputFiles(photo())
  await todo.locator('.picker li').nth(1).waitFor()
  await shot(v.page, 'phone-joint-correct')
  await todo.locator('button.main').click()
  await v.page.locator('.state', { hasText: '待受理' }).waitFor()
  const points = await pointsOf()
  assert.ok((await market.context.request.post(`/api/services/joints/${sent.joint}/actions`, { data: { action: 'accept', version: 0, form: { points } } })).ok())
  for (const [key, examiner, approver, action] of [['company-registration', 'market', 'market-head', 'grant'], ['signboard-filing', 'signboards', 'signboards-head', 'deny'], ['seal-filing', 'police', 'police-head', 'grant'], ['drug-retail-licence', 'market', 'market-head', 'grant']]) {
    const part = (await parts())[key]
    for (const [login, what, form] of [[examiner, 'propose', { view: action, opinion: '已审查' }], [approver, action, action === 'deny' ? { reason: '招牌设置不符合指引第三条的规定' } : {}]]) {
      await staff(market, login)
      const res = await market.context.request.post(`/api/services/cases/${part.case}/actions`, { data: { action: what, version: 0, form } })
      assert.ok(res.ok(), `${login} ${what} ${key}: ${await res.text()}`)
    }
  }
  await v.page.goto(`/joints/${sent.joint}`)
  await v.page.locator('.state', { hasText: '部分办成' }).waitFor()
  assert.match(await v.page.locator('li.denied').innerText(), /其他已办成的不受影响/)
  await shot(v.page, 'phone-partly')
})

test('at the counter a clerk begins a life event with who stands there', async () => {
  const v = await visitor(browser, server.url)
  await staff(v, 'window')
  const { page } = v
  await page.goto('/desk/intake-counter')
  await page.locator('form input').first().fill('kaiyaodian')
  await page.locator('form li button', { hasText: '一件事' }).click()
  await page.locator('input[name=applicant-name]').fill('赵开店')
  await page.locator('input[name=applicant-phone]').fill('13800138023')
  await page.getByText('申请人在场').click()
  await shot(page, 'desk-counter-theme')
  await page.getByRole('button', { name: '开始收件' }).click()
  await page.locator('.apply .who', { hasText: '赵' }).waitFor()
  await page.locator('.fill button').first().click()
  await title(page, '您要开什么样的药店')
  await shot(page, 'desk-counter-theme-form')
  await page.goto('/desk/intake-counter')
  await page.locator('.drafts a', { hasText: '开药店' }).waitFor()
  assert.deepEqual(await rawKeys(page), [])
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
