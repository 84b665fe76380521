import { unitName } from '@/state/district'
import { say } from '@/i18n'

/** Who has a bag, as people call it: "unit:CODE", "carrier:CODE#BADGE", "region:CODE", "lost". */
export function holderName(holder: string, carriers: { code: string; name: Record<string, string> }[] | null | undefined, lost: string, region = ''): string {
  const [kind, rest = ''] = holder.split(/:(.*)/s)
  if (kind === 'unit') return unitName(rest)
  if (kind === 'region') return region || rest
  if (kind !== 'carrier') return holder === 'lost' ? lost : holder
  const [code, badge] = rest.split('#')
  const c = (carriers ?? []).find((x) => x.code === code)
  return [c ? say(c.name) : code, badge].filter(Boolean).join(' ')
}
