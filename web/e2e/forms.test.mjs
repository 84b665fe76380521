// A form is edited in the browser by its department, with the applicant's screen beside it,
// published by others, and filled in on a phone; what was begun before keeps its form.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { citizen, launch, rawKeys, staff, until, visitor } from './browser.mjs'
import { serve } from './server.mjs'

let server, browser
const shots = process.env.SHOTS
before(async () => {
  server = await serve({ days: 0 })
  browser = await launch()
})
after(async () => {
  await browser?.close()
  await server?.stop()
})
const shot = async (page, name) => shots && (await page.screenshot({ path: `${shots}/${name}.png` }))
const next = (page) => page.getByRole('button', { name: '下一步' }).click()

test('a form is edited with a live preview, published by others, and filled in on a phone', async () => {
  const person = await visitor(browser, server.url, { size: 'phone' })
  await citizen(person, '16000000041')
  const { items } = await (await person.context.request.get(`/api/services/items?q=${encodeURIComponent('高龄津贴')}`)).json()
  const id = items[0].id
  const other = await visitor(browser, server.url, { size: 'phone' })
  await citizen(other, '16000000042')
  const begun = await (await other.context.request.post('/api/services/applications', { data: { item: id } })).json()

  const editor = await visitor(browser, server.url)
  await staff(editor, 'civil-affairs')
  const { page } = editor
  await page.goto(`/desk/items/${id}`)
  await page.getByRole('link', { name: '编辑办理表单' }).click()
  const phone = page.locator('.preview .phone')
  await phone.getByText('先问两个问题').waitFor()
  await shot(page, 'form-editor')
  // A question is added, of a kind with options; it is asked beside at once.
  await page.locator('[data-page="form.account"]').click()
  await page.locator('[data-add=question]').click()
  const open = page.locator('.questions li.open')
  await page.getByText('必须填写').first().waitFor() // it has no title yet
  assert.ok(await page.locator('[data-do=save]').isDisabled(), 'a form with a fault may be saved')
  await open.locator('[data-field=title]').fill('津贴领取方式')
  await open.locator('[data-field=kind]').selectOption('choice')
  await open.locator('[data-field=name]').fill('way')
  await open.locator('[data-field=name]').press('Tab')
  await open.locator('[aria-label="选项"]').nth(0).fill('打到银行卡')
  await open.locator('[aria-label="选项"]').nth(1).fill('上门送达')
  await open.locator('[data-field=required]').check()
  await phone.locator('[data-field=way]').getByText('上门送达').waitFor()
  // A condition is checked as it is typed.
  const show = open.locator('[data-condition$=".show"] input')
  await show.fill('form.phone != "" && form.telephon')
  await page.getByText('没有“form.telephon”').first().waitFor()
  await shot(page, 'form-editor-fault')
  await show.fill('form.phone != ""')
  await until(() => page.locator('.faults').count(), (n) => n === 0, 'the fault goes')
  // It is tried from the start: the same screen that the applicant gets.
  await page.getByRole('button', { name: '从头试填' }).click()
  await next(phone)
  await phone.locator('[data-field=who] .wrong').waitFor()
  await phone.getByLabel('我本人').check()
  await next(phone)
  await phone.getByRole('button', { name: '同意并自动填写' }).click()
  await phone.getByText('来自本人账户').first().waitFor()
  await next(phone)
  await phone.locator('[data-field=way]').getByText('上门送达').click()
  await shot(page, 'form-editor-tried')
  // A data element of another item, moved up; the whole as text, and back.
  await page.locator('[data-page="form.proxy"]').click()
  await page.locator('[data-add=element]').selectOption('person.mail_address')
  await page.locator('.questions li.open', { hasText: '通讯地址' }).waitFor()
  await page.getByRole('button', { name: '上移 通讯地址' }).click()
  await page.getByRole('button', { name: '撤销' }).click()
  await page.getByRole('button', { name: '文本' }).click()
  const text = page.locator('textarea')
  const yaml = await text.inputValue() // there once it is as the parts are
  assert.match(yaml, /mail_address/)
  await text.fill(yaml.replace('zh: 代办人\n', 'zh: 代办的家属\n').replace('show: form.proxy', 'show: form.nobody'))
  await page.locator('.lines li', { hasText: '没有“form.nobody”' }).first().waitFor()
  await shot(page, 'form-editor-text')
  await text.fill(yaml.replace('zh: 代办人\n', 'zh: 代办的家属\n'))
  await page.locator('.lines').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: '编辑', exact: true }).click()
  await page.locator('.outline').getByText('代办的家属').waitFor()
  await page.locator('[data-part=materials]').click()
  await page.locator('[data-material=bank_photo] header').click()
  await shot(page, 'form-editor-materials')
  await page.getByRole('button', { name: '与现行版本的差异' }).click()
  await page.locator('.changes ins', { hasText: '津贴领取方式' }).waitFor()
  await page.locator('[data-do=save]').click()
  await page.locator('[data-do=submit]').click()
  await page.getByText('草稿待部门核对').waitFor()
  assert.deepEqual(await rawKeys(page), [])
  assert.deepEqual(editor.complaints.filter((c) => !/401|404/.test(c)), [])

  const step = async (login, name, confirm) => {
    const v = await visitor(browser, server.url)
    await staff(v, login)
    await v.page.goto(`/desk/items/${id}?tab=edit`)
    await v.page.locator('.changes ins', { hasText: '津贴领取方式' }).waitFor()
    if (login === 'items') await shot(v.page, 'form-publish')
    await v.page.locator('header .do button', { hasText: name }).click()
    if (confirm) await v.page.locator('header form.ask button.main').click()
    await v.page.getByText(confirm ? '第 2 版' : '已核对，待主管部门发布').first().waitFor()
    await v.close()
  }
  await step('civil-affairs-head', /^核对通过$/)
  await step('items', /^发布$/, true)

  // On the phone the new form is asked.
  await person.page.goto(`/guide/${id}`)
  await person.page.getByRole('button', { name: '申请办理' }).click()
  await person.page.locator('.apply').waitFor() // the guide asks the same
  await person.page.getByLabel('我本人').check()
  await next(person.page)
  await person.page.getByRole('button', { name: '不用，我自己填' }).click()
  await person.page.getByLabel('老人姓名').fill('王小兰')
  await person.page.getByLabel('老人身份证号').fill('440306194008150009')
  await person.page.getByLabel('联系电话').fill('16000000041')
  await next(person.page)
  await person.page.getByLabel('工商银行').check()
  await person.page.getByLabel('银行卡号').fill('6222020000000000001')
  await next(person.page)
  await person.page.locator('[data-field=way] .wrong').waitFor()
  await person.page.getByText('上门送达').click()
  await shot(person.page, 'form-phone')
  await next(person.page)
  await person.page.getByText('代办的家属').waitFor()
  await next(person.page)
  await next(person.page)
  await person.page.getByText('核对并提交').waitFor()
  assert.match(await person.page.locator('.answers', { hasText: '津贴领取方式' }).innerText(), /上门送达/)
  await person.page.getByText('不用机器自动审批').click()
  await person.page.getByRole('button', { name: '提交申请' }).click()
  await person.page.getByText('已提交，等待受理').waitFor()
  const kept = await (await other.context.request.get(`/api/services/applications/${begun.id}`)).json()
  assert.ok(!kept.handling.form.schema.properties.way, 'what was begun keeps its form')
})
