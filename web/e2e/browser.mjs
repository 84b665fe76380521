// What the shots and the tests share: Chromium, sign-in, and a watch over what
// a page complains of.
import { chromium } from 'playwright-core'
import { existsSync, mkdirSync } from 'node:fs'

export const sizes = { phone: { width: 390, height: 844 }, small: { width: 320, height: 568 }, desk: { width: 1440, height: 900 }, board: { width: 1920, height: 1080 } }

const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => p && existsSync(p))

/** How long a page may take to show what is waited for; less while one writes a test. */
const patience = Number(process.env.PATIENCE ?? 40_000)

/** Chromium; with `maps`, WebGL is drawn by the processor, which is slow. */
export const launch = ({ maps = false } = {}) =>
  chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-dev-shm-usage', ...(maps ? ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] : ['--disable-gpu', '--disable-webgl', '--disable-3d-apis'])] })

/** A fresh visitor: no cookie, a size, a language. `complaints` collects console errors and failed requests. */
export async function visitor(browser, base, { size = 'desk', language = 'zh-CN', scale = 1, ...more } = {}) {
  const phone = size === 'phone' || size === 'small'
  const context = await browser.newContext({ baseURL: base, viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai', deviceScaleFactor: scale, hasTouch: phone, isMobile: phone, reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'], ...more })
  context.setDefaultTimeout(patience)
  const page = await context.newPage()
  const complaints = []
  page.on('console', (m) => m.type() === 'error' && complaints.push(`console: ${m.text()} ${m.location().url ?? ''}`))
  page.on('pageerror', (e) => complaints.push(`error: ${e.message}`))
  page.on('requestfailed', (r) => !/ERR_ABORTED/.test(r.failure()?.errorText ?? '') && complaints.push(`failed: ${r.url()} ${r.failure()?.errorText}`))
  page.on('response', (r) => r.status() >= 400 && complaints.push(`${r.status()}: ${r.request().method()} ${r.url()}`))
  return { context, page, complaints, close: () => context.close() }
}

/** Signs a member of staff in by the API, as the demonstration knows them. */
export async function staff(who, login, password = 'shanzhi-demo') {
  const res = await who.context.request.post('/api/sign-in', { data: { login, password } })
  if (!res.ok()) throw new Error(`sign-in of ${login}: ${res.status()} ${await res.text()}`)
}

/** Signs a citizen in by phone; the demonstration answers the code. */
export async function citizen(who, phone) {
  const code = await (await who.context.request.post('/api/sign-in/code', { data: { phone } })).json()
  const res = await who.context.request.post('/api/sign-in/phone', { data: { phone, code: code.demo_code } })
  if (!res.ok()) throw new Error(`sign-in of ${phone}: ${res.status()} ${await res.text()}`)
}

/**
 * The people of a test by login, each at a screen of their own; who is named by a
 * number is a citizen on a phone, and "" a stranger on one.
 *
 * `post` and `act` are the API, for what is not itself under test; `opened` is an
 * appeal on somebody's page; `fill` types into the form of an action that a page
 * shows and sends it; `done` is the desk saying that it did; `shot` is a picture
 * where $SHOTS names a folder.
 */
export async function cast(browser, base, logins) {
  const people = {}
  for (const login of logins) {
    const phone = !login || /^1\d{10}$/.test(login)
    people[login] = await visitor(browser, base, { size: phone ? 'phone' : 'desk' })
    if (login) await (phone ? citizen : staff)(people[login], login)
  }
  const page = (login) => people[login].page
  const ask = async (login, method, path, data) => {
    const res = await people[login].context.request[method](path, { data })
    if (!res.ok()) throw new Error(`${path} as ${login}: ${res.status()} ${await res.text()}`)
    return res.status() === 204 ? undefined : res.json()
  }
  const post = (login, path, data) => ask(login, 'post', path, data)
  return {
    people,
    page,
    post,
    get: (login, path) => ask(login, 'get', path),
    act: (login, id, action, form = {}) => post(login, `/api/appeals/${id}/actions`, { steps: [{ action, form }] }),
    async opened(login, id) {
      await page(login).goto(`/desk/appeals/${id}`)
      await page(login).locator('.matter h2').waitFor()
      return page(login)
    },
    async fill(on, texts) {
      for (const [field, text] of Object.entries(texts)) await on.locator(`[data-field=${field}]`).locator('textarea, input').first().fill(text)
      await on.keyboard.press('Control+Enter')
    },
    done: (on, action) => on.locator('.el-message').filter({ hasText: action }).last().waitFor(),
    async shot(on, name) {
      if (!process.env.SHOTS) return
      mkdirSync(process.env.SHOTS, { recursive: true })
      await on.waitForTimeout(400)
      await on.screenshot({ path: `${process.env.SHOTS}/${name}.png` })
    },
  }
}

/** The body of a test over a cast: where it fails it says what each of them saw. */
export const seen = (cast, body) => async (t) => {
  try {
    await body(t)
  } catch (e) {
    for (const [who, { page }] of Object.entries(cast().people)) {
      if (page.url() === 'about:blank') continue
      e.message += `\n--- ${who || 'a stranger'} at ${page.url()}\n${(await words(page).catch((x) => String(x))).replace(/\n+/g, ' | ').slice(0, 1500)}`
    }
    throw e
  }
}

/** What a page says when nothing else can be asked of it: its words. */
export const words = (page) => page.evaluate(() => document.body.innerText)

/** Chooses in one of Element's selects, by what is typed into it. */
export async function choose(page, select, text) {
  await select.click()
  const input = select.locator('input').first()
  if (await input.isEditable()) await input.fill(text)
  await page.locator('.el-select-dropdown__item:visible').filter({ hasText: text }).first().click()
}

/** A small photo, as a phone would hand it over. */
export const photo = (name = 'photo.png') => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC', 'base64'),
})

/** Waits until a reading is what is wanted, or says what it was at last. */
export async function until(read, good, what, ms = patience) {
  const end = Date.now() + ms
  let last
  for (;;) {
    last = await read()
    if (good(last)) return last
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(last)}`)
    await new Promise((r) => setTimeout(r, 100))
  }
}

/** Texts of a page that a translation forgot: keys like "desk.queue", and "undefined". */
export const rawKeys = (page) =>
  page.evaluate(() => {
    const text = [document.body.innerText, ...[...document.querySelectorAll('[aria-label],[title],[placeholder]')].flatMap((e) => [e.getAttribute('aria-label'), e.getAttribute('title'), e.getAttribute('placeholder')])].join('\n')
    return [...new Set(text.match(/\b(shell|desk|appeal|report|follow|intake|board|openmap|imports|closing|topics|related|ruling|supervision|assess|figures|public|roster|account|pack|leads|wall|handover|onsite|reports|ask|knowledge|elements|helper|graph|decisions|themes|items|cases|apply|fees|ratings|portal|halls|archives|province|findings|devices|stations|face|citywide|tags|hallstaff|papercheck|handling|cim|stage)\.(?!yaml|csv)[a-z_]+[a-z_.0-9]*|\bundefined\b|\bNaN\b|\[object /g) ?? [])]
  })
