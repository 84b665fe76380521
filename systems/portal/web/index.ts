import { Home, LayoutGrid } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** The district's section (区专区). */
const portal: SystemWeb = {
  name: 'portal',
  area: { title: { zh: '门户运营', en: 'Portal' }, icon: LayoutGrid, order: 6, roles: ['portal_editor', 'leader'] },
  phone: [{ path: 'home', component: () => import('./Home.vue'), meta: { title: { zh: '区专区', en: 'Section' } } }],
  tabs: [{ to: '/home', title: { zh: '首页', en: 'Home' }, icon: Home, order: 5 }],
  desk: [{ path: 'portal', component: () => import('./Resources.vue'), meta: { title: { zh: '门户资源', en: 'Portal' } } }],
  menu: [{ to: '/desk/portal', title: { zh: '门户资源', en: 'Portal' }, icon: LayoutGrid, roles: ['portal_editor', 'leader'], order: 5 }],
  landing: (me) => ((me.roles ?? []).some((g) => g.role === 'portal_editor') ? '/desk/portal' : undefined),
}

export default portal
