import { SlidersHorizontal } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** The screens of the district's pack (区域配置包). */
const pack: SystemWeb = {
  name: 'pack',
  desk: [{ path: 'pack', component: () => import('./Pack.vue'), meta: { title: { zh: '区域配置包', en: 'District pack' } } }],
  menu: [{ to: '/desk/pack', title: { zh: '区域配置', en: 'Pack' }, icon: SlidersHorizontal, roles: ['admin'], order: 90 }],
}

export default pack
