import { CalendarClock } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** Who does whose work when. */
const roster: SystemWeb = {
  name: 'roster',
  desk: [{ path: 'roster', component: () => import('./Roster.vue'), meta: { title: { zh: '值班与工作量', en: 'Rosters' } } }],
  menu: [{ to: '/desk/roster', title: { zh: '值班排班', en: 'Rosters' }, icon: CalendarClock, roles: ['unit_head', 'supervisor', 'admin', 'handler', 'receiver', 'leader'], order: 75 }],
}

export default roster
