import { markRaw, reactive, computed } from 'vue'
import { fileURL, mostBytes } from '@/api/files'
import { Problem } from '@/api/problem'
import { sendInPieces, type Capture } from '@/api/uploads'
import { shrink } from './images'
import { allHeld, hold, letGoOf } from './kept'

export interface Photo {
  key: string
  /** What to show it by. */
  url: string
  video: boolean
  state: 'waiting' | 'sending' | 'sent' | 'failed'
  /** How much of it is with the server, from 0 to 1. */
  share: number
  problem?: string | undefined
  /** The server's identifier, once the whole is there. */
  id?: string | undefined
  capture?: Capture | undefined
  blob?: Blob | undefined
  /** The address of its upload. */
  at?: string | undefined
}

type Kept = Pick<Photo, 'key' | 'video' | 'id' | 'capture' | 'blob' | 'at'>

/**
 * The photos and videos of one form: made small, sent one after the other in
 * pieces. With a name they are kept on the device until they are let go, and go
 * on after a reload.
 */
export class Photos {
  readonly items = reactive<Photo[]>([])
  readonly sending = computed(() => this.items.findIndex((p) => p.state === 'sending'))
  readonly unsent = computed(() => this.items.filter((p) => !p.id).length)
  private run: Promise<void> | undefined
  private n = 0

  constructor(
    private readonly name = '',
    ids: string[] = [],
  ) {
    for (const id of ids) this.items.push({ key: this.next(), url: fileURL(id), video: false, state: 'sent', share: 1, id })
  }

  get ids(): string[] {
    return this.items.flatMap((p) => (p.id ? [p.id] : []))
  }

  /** What the device kept of them from before. */
  async restore(): Promise<void> {
    if (!this.name || this.items.length) return
    for (const k of await allHeld<Kept>(`${this.name}/`)) {
      if (!k.blob) continue
      this.items.push({ ...k, blob: markRaw(k.blob), url: URL.createObjectURL(k.blob), state: k.id ? 'sent' : 'waiting', share: k.id ? 1 : 0 })
    }
  }

  /** Takes files in. Returns the code of what was wrong with one of them ("file_kind", "file_size"). */
  async add(files: File[], capture?: Capture | ((file: File) => Promise<Capture>)): Promise<string> {
    let wrong = ''
    for (const file of files) {
      if (!/^(image\/(jpeg|png|webp)|video\/mp4)$/.test(file.type)) wrong = 'file_kind'
      else if (file.type.startsWith('video/') && file.size > mostBytes) wrong = 'file_size'
      else {
        // Its notes are read before it is made small, for they are lost by that.
        const said = typeof capture === 'function' ? await capture(file) : capture
        const blob: Blob = await shrink(file)
        const photo: Photo = { key: this.next(), blob: markRaw(blob), url: URL.createObjectURL(blob), video: file.type.startsWith('video/'), state: 'waiting', share: 0, capture: said }
        this.items.push(photo)
        await this.keep(photo)
      }
    }
    return wrong
  }

  remove(photo: Photo) {
    const i = this.items.findIndex((p) => p.key === photo.key)
    if (i >= 0) this.items.splice(i, 1)
    if (photo.blob) URL.revokeObjectURL(photo.url)
    if (this.name) void letGoOf(`${this.name}/${photo.key}`)
  }

  /** Lets all of them go, on the device too. */
  clear() {
    for (const p of [...this.items]) this.remove(p)
  }

  /** Lets go of what only this page holds. */
  close() {
    for (const p of this.items) if (p.blob) URL.revokeObjectURL(p.url)
  }

  /** Sends what is not sent, one after the other; throws what stopped it. */
  send(): Promise<void> {
    this.run ??= this.all().finally(() => (this.run = undefined))
    return this.run
  }

  private async all() {
    for (let p = this.due(); p; p = this.due()) await this.one(p)
    const failed = this.items.find((p) => p.state === 'failed')
    if (failed) throw new Problem(0, 'file', failed.problem ?? '')
  }

  private due = () => this.items.find((p) => p.state === 'waiting')

  /** Tries what failed again. */
  again(photo: Photo) {
    photo.state = 'waiting'
    photo.problem = undefined
    return this.send().catch(() => undefined)
  }

  private async one(p: Photo) {
    p.state = 'sending'
    const gone = () => !this.items.includes(p)
    try {
      const id = await sendInPieces(p.blob!, p, {
        began: (at) => {
          p.at = at
          void this.keep(p)
        },
        share: (n) => (p.share = n),
      })
      p.id = id
      p.state = 'sent'
      p.share = 1
      if (!gone()) await this.keep(p)
    } catch (e) {
      const problem = Problem.from(e)
      // A line that broke is no fault of the photo: it waits.
      if (passing(problem)) {
        p.state = 'waiting'
        throw problem
      }
      p.state = 'failed'
      p.problem = problem.text
    }
  }

  private async keep(p: Photo) {
    if (!this.name) return
    const { key, video, id, capture, blob, at } = p
    await hold(`${this.name}/${key}`, { key, video, ...(id ? { id } : {}), ...(capture ? { capture: { ...capture } } : {}), blob, ...(at ? { at } : {}) } satisfies Kept)
  }

  private next() {
    return `${String(Date.now()).padStart(14, '0')}-${String(this.n++).padStart(3, '0')}`
  }
}

/** Whether a problem passes by itself: no line, or a server that is busy or away. */
export const passing = (p: Problem) => p.code === 'offline' || p.status === 429 || p.status === 502 || p.status === 503 || p.status === 504
