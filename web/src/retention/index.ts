import { ArchiveX } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** How long records are kept, and what is destroyed (保存期限与销毁). */
const retention: SystemWeb = {
  name: 'retention',
  desk: [{ path: 'retention', component: () => import('./Retention.vue'), meta: { title: { zh: '保存与销毁', en: 'Retention' } } }],
  menu: [{ to: '/desk/retention', title: { zh: '保存销毁', en: 'Retention' }, icon: ArchiveX, roles: ['admin', 'auditor', 'supervisor'], order: 92 }],
}

export default retention
