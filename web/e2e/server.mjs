// Starts the built program on a fresh folder, and ends it.
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = process.env.SHANZHI ?? fileURLToPath(new URL('../../bin/shanzhi', import.meta.url))

const freePort = () =>
  new Promise((done, fail) => {
    const s = createServer().once('error', fail)
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address()
      s.close(() => done(port))
    })
  })

/** A demonstration district of some days of past; `past` gives it one of so many days with few appeals each, which is there at once; `fresh` one that no other process has begun, where a simulator is to know of its items. `stop` ends it and removes the folder; `start` after `stop({ keep: true })` continues it. */
export async function serve({ days = 0, past, fresh } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not built: make build`)
  const dir = await mkdtemp(join(tmpdir(), 'shanzhi-e2e-'))
  const server = await on(dir, days)
  const model = !fresh && (await began())
  if (model) await cp(model, dir, { recursive: true })
  if (past) {
    const from = new Date(Date.now() - past.days * 86_400_000).toISOString().slice(0, 10)
    await promisify(execFile)(program, ['simulate', '--data', join(dir, 'data'), '--from', from, '--per-day', String(past.perDay)])
  }
  await server.start()
  return server
}

/** Where several tests run on one scratch folder (scripts/scratch.sh), a demonstration as its first start leaves it, without a past: made by the first that asks, while the others wait. */
async function began() {
  const scratch = process.env.SHANZHI_SCRATCH
  if (!scratch) return
  const model = join(scratch, 'demo')
  const mine = await mkdir(join(scratch, 'demo-is-made')).then(() => true, () => false)
  if (mine) {
    const dir = await mkdtemp(join(scratch, 'first-'))
    const first = await on(dir, 0)
    await first.start()
    await first.stop({ keep: true })
    await rename(dir, model)
  }
  for (let i = 0; i < 600 && !existsSync(model); i++) await new Promise((r) => setTimeout(r, 100))
  return existsSync(model) && model
}

/** The program on a folder, not yet started. */
async function on(dir, days) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child
  let log = ''
  async function start() {
    child = spawn(program, ['serve', '--demo', '--demo-days', String(days), '--data', join(dir, 'data'), '--addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const s of [child.stdout, child.stderr]) s.on('data', (d) => (log = (log + d).slice(-20_000)))
    for (let i = 0; i < 150; i++) {
      if (child.exitCode !== null) break
      if (await fetch(`${url}/healthz`).then((r) => r.ok, () => false)) return
      await new Promise((r) => setTimeout(r, 100))
    }
    throw new Error(`the program did not come up:\n${log}`)
  }
  async function stop({ keep = false } = {}) {
    if (child.exitCode === null) {
      const ended = new Promise((r) => child.once('exit', r))
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 8000)
      await ended
      clearTimeout(late)
    }
    if (!keep) await rm(dir, { recursive: true, force: true })
  }
  return { url, dir, start, stop, log: () => log }
}
