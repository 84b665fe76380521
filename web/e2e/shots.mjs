// Pictures of the screens, and what the pages complained of.
//
//   node web/e2e/shots.mjs docs/screenshots          the README's pictures
//   node web/e2e/shots.mjs /tmp/all --all            every route, role, size and language
//
// It starts its own demonstration district (about a minute), or looks at the
// one at $SHANZHI_URL.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { citizen, launch, photo, staff, until, visitor } from './browser.mjs'
import { pack } from './png.mjs'
import { serve } from './server.mjs'

const out = process.argv[2]
if (!out || out.startsWith('-')) {
  console.error('node web/e2e/shots.mjs FOLDER [--all]')
  process.exit(2)
}
await mkdir(out, { recursive: true })

const server = process.env.SHANZHI_URL ? { url: process.env.SHANZHI_URL, stop() {} } : await serve({ days: 40 })
const district = () => fetch(`${server.url}/api/district`).then((r) => r.json())
await until(async () => (await district()).preparing, (p) => !p, 'the demonstration', 240_000)
const browser = await launch({ maps: true })
let wrong = 0

/** One picture: as whom, where, and what is done before it is taken. */
async function shot(name, login, path, { act, ...options } = {}) {
  const v = await visitor(browser, server.url, options)
  try {
    if (login) await (/^1\d{10}$/.test(login) ? citizen(v, login) : staff(v, login))
    await v.page.goto(path)
    await until(() => v.page.evaluate(() => !document.querySelector('.skeleton') && !!document.querySelector('h1, h2, form')), Boolean, path)
    await act?.(v.page)
    await v.page.waitForTimeout(/map|board/.test(path) ? 3500 : 700)
    const png = pack(await v.page.screenshot())
    await writeFile(join(out, `${name}.png`), png)
    const wide = await v.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    console.log(`${name}.png ${Math.round(png.length / 1000)} kB${wide > 1 ? `, ${wide} px too wide` : ''}`)
    if (wide > 1) wrong++
  } catch (e) {
    wrong++
    console.log(`${name}: ${e.message.split('\n')[0]}`)
    await v.page.screenshot({ path: join(out, `${name}.png`) }).catch(() => undefined)
  }
  for (const c of new Set(v.complaints.filter((c) => !/\/api\/me(\s|$)/.test(c)))) {
    wrong++
    console.log(`${name}: ${c}`)
  }
  await v.close()
}

// One appeal on its way, so that there is something to follow.
const phone = `139${String(Date.now()).slice(-8)}`
const who = await visitor(browser, server.url)
await citizen(who, phone)
const scene = await street(who.page)
const sent = await (await who.context.request.post('/api/files', { headers: { 'Content-Type': 'image/png', 'X-File-Name': 'bin.png' }, data: scene })).json()
const filed = await (await who.context.request.post('/api/appeals', { data: { text: '流塘社区流塘路 58 号门口的垃圾桶三天没有清运，垃圾堆到人行道上，气味很大，请尽快清理。', address: '西乡街道流塘路 58 号', lon: 113.8782, lat: 22.5801, files: [sent.id] } })).json()
await who.close()
const unit = (await district()).units.find((u) => u.short === '西乡街道').code
for (const [login, steps] of [
  ['dispatcher', [{ action: 'dispatch', form: { unit, mode: 'suggested' } }]],
  ['street', [{ action: 'sign' }, { action: 'contact', form: { how: 'phone', reached: true, note: '已与市民联系，约定今天下午到现场' } }]],
  ['street', [{ action: 'progress', form: { note: '环卫人员已到现场，正在清运' } }]],
]) {
  const v = await visitor(browser, server.url)
  await staff(v, login)
  const res = await v.context.request.post(`/api/appeals/${filed.id}/actions`, { data: { steps } })
  if (!res.ok()) console.log(login, await res.text())
  await v.close()
}

/** A drawn street scene: the demonstration shows nobody's real photo. */
async function street(page) {
  const bag = (x, y, r, fill) => `<path d="M${x - r} ${y}q0 ${-1.3 * r} ${r} ${-1.5 * r}q${r} ${0.2 * r} ${r} ${1.5 * r}z" fill="${fill}"/><path d="M${x - 8} ${y - 1.6 * r}l8 10 8-10z" fill="${fill}"/>`
  const bin = (x) => `<rect x="${x}" y="215" width="104" height="140" rx="8" fill="#2f7d4f"/><rect x="${x - 7}" y="200" width="118" height="22" rx="7" fill="#235c3b"/><circle cx="${x + 20}" cy="356" r="11" fill="#222"/><circle cx="${x + 84}" cy="356" r="11" fill="#222"/>`
  await page.setContent(`<svg width="640" height="480" style="position:fixed;inset:0"><rect width="640" height="480" fill="#c9d8e4"/><rect y="40" width="640" height="250" fill="#b8a48c"/><rect x="40" y="80" width="120" height="150" fill="#8fa3b5"/><rect x="470" y="80" width="120" height="150" fill="#8fa3b5"/><rect y="290" width="640" height="90" fill="#a7a29a"/><rect y="380" width="640" height="100" fill="#5f6063"/><rect y="374" width="640" height="9" fill="#d8d4cb"/>${bin(210)}${bin(330)}${bag(190, 372, 44, '#3c3f45')}${bag(300, 384, 52, '#4b5a6e')}${bag(392, 378, 40, '#2f3237')}${bag(470, 386, 46, '#6a5d49')}</svg>`)
  return page.screenshot({ clip: { x: 0, y: 0, width: 640, height: 480 } })
}

const write = async (page) => {
  await page.locator('#what').fill('流塘社区流塘路 58 号门口的垃圾桶三天没有清运，垃圾堆到人行道上，气味很大，请尽快清理。')
  await page.locator('input[type=file]').setInputFiles({ ...photo(), buffer: scene })
  await page.locator('.picker li.sent').waitFor()
}
const matter = (page) => page.locator('.matter h2').waitFor()

if (process.argv.includes('--all')) {
  for (const language of ['zh-CN', 'en-US']) {
    const l = language.slice(0, 2)
    const roles = {
      agent: ['/desk/intake', '/desk'],
      dispatcher: ['/desk', '/desk/appeals', '/desk/map', '/board', '/desk/rulings', '/desk/leads', '/desk/handover', '/desk/graph'],
      street: ['/desk', `/desk/appeals/${filed.id}`],
      'street-head': ['/desk', '/desk/roster'],
      department: ['/desk'],
      'department-head': ['/desk'],
      reviewer: ['/desk', '/desk/closing', '/desk/knowledge', '/desk/knowledge?tab=questions'],
      'follow-up': ['/desk'],
      supervisor: ['/desk/appeals', '/desk/imports', '/desk/supervision', '/desk/assessment', '/desk/figures', '/desk/topics', '/desk/closing', '/desk/reports', '/desk/reports?tab=meetings', '/desk/reports?tab=tasks'],
      leader: ['/board', '/wall'],
      duty: ['/desk/duty', '/desk/duty/versions'],
      admin: ['/desk', '/desk/imports', '/desk/me', '/desk/accounts', '/desk/pack'],
    }
    const screens = ['/board', '/wall']
    for (const [login, paths] of Object.entries(roles)) for (const path of paths) await shot(`${l}-desk-${login}${path.replaceAll(/[/?]/g, '-')}`, login, path, { language, size: screens.includes(path) ? 'board' : 'desk' })
    for (const [login, path] of [['street', '/desk'], ['street', '/desk/onsite'], ['admin', '/desk/me'], ['admin', '/desk/accounts'], ['supervisor', '/desk/leads'], ['supervisor', '/desk/topics'], ['supervisor', '/desk/assessment'], ['supervisor', '/desk/figures'], ['supervisor', '/desk/supervision'], ['supervisor', '/desk/closing'], ['supervisor', '/desk/handover'], ['dispatcher', '/desk/rulings'], ['street-head', '/desk/roster'], ['reviewer', '/desk/knowledge'], ['supervisor', '/desk/reports'], ['dispatcher', '/desk/graph']]) await shot(`${l}-narrow-${login}${path.replaceAll('/', '-')}`, login, path, { language, size: 'phone' })
    await shot(`${l}-board-dark`, 'leader', '/board', { language, size: 'board', colorScheme: 'dark' })
    for (const size of ['phone', 'small']) {
      await shot(`${l}-${size}-report`, null, '/', { language, size })
      await shot(`${l}-${size}-mine`, phone, '/appeals', { language, size })
      await shot(`${l}-${size}-follow`, phone, `/appeals/${filed.id}`, { language, size })
      await shot(`${l}-${size}-ask`, null, '/ask', { language, size })
      await shot(`${l}-${size}-track`, null, '/track', { language, size })
      await shot(`${l}-${size}-public`, null, '/public', { language, size })
      await shot(`${l}-${size}-looks`, phone, '/looks', { language, size })
      await shot(`${l}-${size}-map`, null, '/', { language, size, act: async (p) => { await p.locator('.ways button').last().tap(); await p.waitForTimeout(900) } })
    }
    await shot(`${l}-sign-in`, null, '/desk/sign-in', { language })
  }
} else {
  await shot('phone-report', phone, '/', { size: 'phone', scale: 1.5, act: write })
  await shot('phone-follow', phone, `/appeals/${filed.id}`, { size: 'phone', scale: 1.5 })
  await shot('desk-workbench', 'dispatcher', '/desk', { act: (p) => p.locator('.suggest li').first().waitFor() })
  await shot('matter', 'street', `/desk/appeals/${filed.id}`, { act: matter })
  await shot('board', 'leader', '/board', { size: 'board' })
  await shot('map', 'dispatcher', '/desk/map')
}
await browser.close()
await server.stop()
process.exit(wrong ? 1 : 0)
