import { t } from '@/i18n'

/** An error answer of the server (RFC 9457), or that there was no answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    /** For programs; "offline" when there was no answer. */
    readonly code: string,
    readonly title: string,
    readonly detail = '',
    /** What is wrong with each field, by its path in the body ("form.reply"). */
    readonly fields: Record<string, string> = {},
    /** Seconds after which to ask again, when the server says so. */
    readonly retryAfter = 0,
  ) {
    super(detail && detail !== title ? `${title}: ${detail}` : title)
  }

  /** What a person is told. */
  get text(): string {
    return this.detail && this.code !== 'invalid' ? this.detail : this.title
  }

  static offline(): Problem {
    return new Problem(0, 'offline', t('shell.offline'))
  }

  static async of(res: Response, body?: unknown): Promise<Problem> {
    let b = body
    if (b === undefined) b = await res.json().catch(() => undefined)
    const p = (b ?? {}) as { code?: string; title?: string; detail?: string; errors?: { location?: string; message?: string }[] | null }
    const fields: Record<string, string> = {}
    for (const e of p.errors ?? []) fields[(e.location ?? '').replace(/^body\.?/, '')] ??= e.message ?? ''
    const code = p.code ?? (res.status === 404 ? 'not_found' : 'internal')
    return new Problem(res.status, code, p.title ?? t('shell.failed', { status: res.status }), p.detail, fields, Number(res.headers.get('Retry-After')) || 0)
  }

  /** Any thrown thing as a problem. */
  static from(e: unknown): Problem {
    if (e instanceof Problem) return e
    if (e instanceof TypeError && /fetch|network|load failed/i.test(e.message)) return Problem.offline()
    return new Problem(0, 'internal', t('shell.broken'), e instanceof Error ? e.message : String(e))
  }
}
