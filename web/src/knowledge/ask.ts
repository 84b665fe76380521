// Asking what the district knows, and how a source is named.
import { api, body, type Schema } from '@/api/client'
import { unitName } from '@/state/district'
import { date } from '@/lib/time'
import { t } from '@/i18n'

export type Said = Schema['Said']
export type SaidSource = Schema['SaidSource']

export const ask = (question: string, typing = false): Promise<Said> => body(api.POST('/api/ask', { body: { question, ...(typing && { typing }) } }))

/** Who says so, by what law, since when and until when. */
export function sourceFacts(s: SaidSource): string[] {
  const until = s.valid_until && new Date(Date.parse(s.valid_until) - 1)
  return [
    s.unit ? unitName(s.unit) || s.unit_name : s.unit_name,
    s.legal_basis ?? '',
    s.since ? t('ask.since', { date: date(s.since) }) : '',
    until ? t('ask.until', { date: date(until) }) : '',
  ].filter(Boolean)
}
