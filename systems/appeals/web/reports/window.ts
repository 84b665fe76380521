// The windows of reports, as the server names them.

const DAY = 86_400_000
const at = (day: string) => new Date(`${day}T00:00:00Z`)
const text = (d: Date) => d.toISOString().slice(0, 10)

/** A day so many days later. */
export const later = (day: string, n: number) => text(new Date(at(day).getTime() + n * DAY))

/** The last day of a window whose end is not included. */
export const lastDay = (to: string) => later(to, -1)

/** The ISO week of a day (ISO 8601: the week of its Thursday), with its first and last day. */
export function isoWeek(day: string): { name: string; first: string; last: string } {
  const first = later(day, -((at(day).getUTCDay() + 6) % 7))
  const thursday = at(later(first, 3))
  const year = thursday.getUTCFullYear()
  const n = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1
  return { name: `${year}-W${String(n).padStart(2, '0')}`, first, last: later(first, 6) }
}

/** The period of a kind that a day lies in, and its first and last day. */
export function periodOf(window: string, day: string, last = day): { name: string; first: string; last: string } {
  switch (window) {
    case 'week':
      return isoWeek(day)
    case 'month': {
      const first = `${day.slice(0, 7)}-01`
      return { name: day.slice(0, 7), first, last: later(`${later(first, 31).slice(0, 7)}-01`, -1) }
    }
    case 'year':
      return { name: day.slice(0, 4), first: `${day.slice(0, 4)}-01-01`, last: `${day.slice(0, 4)}-12-31` }
    case 'free':
      return { name: `${day}..${last}`, first: day, last }
  }
  return { name: day, first: day, last: day }
}
