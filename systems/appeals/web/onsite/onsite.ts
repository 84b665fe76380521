// 现场办理: a handler's matters on the phone at the place, with or without a
// network. What the device holds of them has no word of who appealed, and goes
// at sign-out and after a day; what the handler wrote stays until it is sent.
import { computed, reactive, ref, watch } from 'vue'
import { once } from '@/api/client'
import { Problem } from '@/api/problem'
import { t } from '@/i18n'
import { allHeld, held, heldNames, hold, letGoOf } from '@/lib/kept'
import type { Values } from '@/lib/form'
import { passing, Photos } from '@/lib/photos'
import { me, whoAmINow } from '@/state/session'
import './messages'
import { act, getAppeal, listAppeals, type Action, type Detail, type Row } from '../appeal'

const DAY = 24 * 3600_000

/** What may be done without knowing what others did meanwhile: it adds, and takes nothing away. */
export const safe = ['contact', 'progress', 'reply', 'fix_on_site'] as const

/** A matter as it is kept on the device. */
export interface Brief {
  id: string
  version: number
  no: string
  title: string
  place: string
  state: string
  state_name: string
  class: string
  due_at?: string
  /** Read in whole today: only then is it known what may be done. */
  whole?: { at: number; text: string; address: string; item: string; lon?: number; lat?: number; allowed: Action[]; done: { title: Record<string, string>; at: string }[] }
}

/** Something done on the spot that is to be sent. */
export interface Job {
  key: string
  as: string
  id: string
  no: string
  title: string
  version: number
  action: string
  name: Record<string, string>
  form: Values
  /** Which field takes the photos, and which of the matter's photos. */
  files?: { field: string; keys: string[] }
  once: Record<string, string>
  made: number
  state: 'waiting' | 'sending' | 'unsent'
  why?: string
}

const list = 'onsite.list'
const jobs = 'onsite.job/'

export const briefs = ref<Brief[]>([])
export const at = ref(0)
export const queue = reactive<Job[]>([])
export const online = ref(navigator.onLine)
export const running = ref(false)
export const problem = ref<Problem>()

const as = () => (me.value && me.value.kind !== 'citizen' ? me.value.id : '')
export const mine = computed(() => queue.filter((j) => j.as === as()))

const brief = (r: Row): Brief => ({ id: r.id, version: r.version, no: r.no, title: r.title, place: r.place_name, state: r.state, state_name: r.state_name, class: r.class, ...(r.due_at ? { due_at: r.due_at } : {}) })
/** Only what is named here is kept: nothing of the appellant. */
export function whole(d: Detail, now: number): Brief {
  const a = d.appeal
  return {
    ...brief(d as unknown as Row),
    whole: {
      at: now,
      text: a.text,
      address: a.address ?? '',
      item: d.item_name,
      ...(a.lon !== undefined && a.lat !== undefined ? { lon: a.lon, lat: a.lat } : {}),
      allowed: (d.allowed ?? []).filter((x) => (safe as readonly string[]).includes(x.name)),
      done: (d.timeline ?? []).filter((m) => !m.mark).slice(-4).map((m) => ({ title: m.title, at: m.at ?? '' })),
    },
  }
}

interface List {
  as: string
  at: number
  briefs: Brief[]
}

async function keepList() {
  await hold(list, JSON.parse(JSON.stringify({ as: as(), at: at.value, briefs: briefs.value } satisfies List)))
}

/** What the device has, unless it is another's or a day old. */
export async function restore(now = Date.now()) {
  const was = await held<List>(list)
  if (was && (was.as !== as() || now - was.at > DAY)) await forgetMatters()
  else if (was && !at.value) {
    at.value = was.at
    briefs.value = was.briefs.map(({ whole, ...b }) => (whole && now - whole.at < DAY ? { ...b, whole } : b))
  }
  const kept = await allHeld<Job>(jobs)
  for (const j of kept) if (!queue.some((x) => x.key === j.key)) queue.push({ ...j, state: j.state === 'sending' ? 'waiting' : j.state })
}

/** Takes the matters off the device. What is not sent stays, for the same account. */
export async function forgetMatters() {
  briefs.value = []
  at.value = 0
  await letGoOf(list)
}

/** At sign-out what was begun and not put in line goes too. */
async function forgetBegun() {
  albums.clear()
  await letGoOf('onsite.draft.')
  const inLine = new Set(queue.flatMap((j) => (j.files?.keys ?? []).map((k) => `onsite.photo.${j.as}.${j.id}/${k}`)))
  for (const name of await heldNames('onsite.photo.')) if (!inLine.has(name)) await letGoOf(name)
}

/** Reads the list anew; what was read in whole today and is there still stays. */
export async function refresh() {
  problem.value = undefined
  try {
    const got = await listAppeals('queue', {}, undefined, 100)
    online.value = true
    const old = new Map(briefs.value.map((b) => [b.id, b]))
    briefs.value = (got.items ?? []).filter((r) => r.flow === 'appeal').map((r) => ({ ...brief(r), ...(old.get(r.id)?.whole && old.get(r.id)!.version === r.version ? { whole: old.get(r.id)!.whole! } : {}) }))
    at.value = Date.now()
    await keepList()
  } catch (e) {
    told(e)
  }
}

/** Reads one in whole; without a network what the device has of it. */
export async function read(id: string): Promise<Brief | undefined> {
  try {
    const b = whole(await getAppeal(id), Date.now())
    online.value = true
    const i = briefs.value.findIndex((x) => x.id === id)
    if (i >= 0) briefs.value[i] = b
    else briefs.value.push(b)
    at.value ||= Date.now()
    await keepList()
    return b
  } catch (e) {
    const p = told(e)
    if (!passing(p)) throw p
    return briefs.value.find((b) => b.id === id)
  }
}

function told(e: unknown): Problem {
  const p = Problem.from(e)
  if (p.code === 'offline') online.value = false
  else problem.value = p
  return p
}

const albums = new Map<string, Photos>()
/** The photos of a matter that are on the device. */
export function album(id: string): Photos {
  let a = albums.get(id)
  if (!a) {
    a = new Photos(`onsite.photo.${as()}.${id}`)
    void a.restore()
    albums.set(id, a)
  }
  return a
}

export interface Draft {
  action: string
  values: Record<string, Values>
}
const draftName = (id: string) => `onsite.draft.${as()}.${id}`
export const draftOf = (id: string) => held<Draft>(draftName(id))
export const keepDraft = (id: string, d: Draft) => hold(draftName(id), JSON.parse(JSON.stringify(d)))

const keepJob = (j: Job) => hold(jobs + j.key, JSON.parse(JSON.stringify(j)))

/** Puts something done on the spot in line. */
export async function enqueue(b: Brief, action: Action, form: Values, keys: string[]) {
  const field = action.form?.find((f) => f.type === 'files')?.name
  const now = Date.now()
  const job: Job = { key: `${now}-${queue.length}`, as: as(), id: b.id, no: b.no, title: b.title, version: b.version, action: action.name, name: action.title, form, ...(field && keys.length ? { files: { field, keys } } : {}), once: once(), made: now, state: 'waiting' }
  queue.push(job)
  await keepJob(job)
  void send()
}

export async function drop(job: Job) {
  const i = queue.findIndex((j) => j.key === job.key)
  if (i >= 0) queue.splice(i, 1)
  await letGoOf(jobs + job.key)
}

/** Tries what was not sent once more. */
export async function again(job: Job) {
  job.state = 'waiting'
  delete job.why
  await send()
}

let sending: Promise<void> | undefined
/** Sends what is in line, in its order. What is refused stays, with its reason, and holds back what follows it in the same matter. */
export function send(): Promise<void> {
  sending ??= all().finally(() => {
    sending = undefined
    running.value = false
  })
  return sending
}

async function all() {
  if (!navigator.onLine || !queue.length) return
  running.value = true
  // Who signed in here since decides whose things are sent.
  await whoAmINow()
  for (const job of [...mine.value]) {
    if (job.state === 'unsent' || !queue.includes(job)) continue
    const before = queue.find((j) => j.id === job.id && j.state === 'unsent')
    if (before) continue
    job.state = 'sending'
    try {
      await one(job)
      online.value = true
      if (job.action === 'reply' || job.action === 'fix_on_site') await done(job.id)
      await drop(job)
      await read(job.id).catch(() => undefined)
    } catch (e) {
      const p = Problem.from(e)
      if (passing(p)) {
        if (p.code === 'offline') online.value = false
        job.state = 'waiting'
        await keepJob(job)
        return
      }
      job.state = 'unsent'
      job.why = Object.values(p.fields)[0] || p.text
      await keepJob(job)
    }
  }
  await refresh()
}

async function one(job: Job) {
  const form = { ...job.form }
  if (job.files) {
    const photos = album(job.id)
    await photos.restore()
    await photos.send()
    form[job.files.field] = photos.items.filter((p) => p.id && job.files!.keys.includes(p.key)).map((p) => p.id!)
  }
  const step = () => act(job.id, job.version, [{ action: job.action, form }], false, job.once)
  try {
    await step()
  } catch (e) {
    const p = Problem.from(e)
    if (p.status !== 409 || p.code !== 'conflict') throw p
    // Something was done to it meanwhile. Where this may be done still, it is.
    const now = await getAppeal(job.id)
    if (!now.allowed?.some((a) => a.name === job.action)) throw new Problem(409, 'moved', t('onsite.moved', { state: now.state_name, unit: now.unit_name }))
    job.version = now.version
    await step()
  }
}

/** A matter that was replied to leaves its photos and its draft. */
async function done(id: string) {
  album(id).clear()
  albums.delete(id)
  await letGoOf(draftName(id))
}

/** Goes on sending whatever page is shown, and takes matters off the device in time. */
export function watchOnsite() {
  addEventListener('online', () => {
    online.value = true
    void send()
  })
  addEventListener('offline', () => (online.value = false))
  setInterval(() => {
    if (at.value && Date.now() - at.value > DAY) void forgetMatters()
    if (mine.value.some((j) => j.state === 'waiting')) void send()
  }, 20_000)
  watch(
    () => (me.value === undefined ? undefined : as()),
    async (now, before) => {
      if (now === undefined) return
      // Signed out, or another's sign-in: the matters go.
      if (before) {
        await forgetMatters()
        await forgetBegun()
      }
      await restore()
      if (now) void send()
    },
    { immediate: true },
  )
}
