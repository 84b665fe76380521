import { FileCheck2 } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** Downloads that another person approves (下载审批). */
const downloads: SystemWeb = {
  name: 'downloads',
  desk: [{ path: 'downloads', component: () => import('./Downloads.vue'), meta: { title: { zh: '下载审批', en: 'Downloads' } } }],
  menu: [{ to: '/desk/downloads', title: { zh: '下载审批', en: 'Downloads' }, icon: FileCheck2, roles: ['supervisor', 'admin'], order: 91 }],
}

export default downloads
