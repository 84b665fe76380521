import { Landmark, ListTodo, Scale } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** The screens of government services (政务服务). */
const services: SystemWeb = {
  name: 'services',
  phone: [
    { path: 'guide', component: () => import('./items/Guide.vue'), meta: { title: { zh: '办事指南', en: 'Services' } } },
    { path: 'guide/:id', component: () => import('./items/GuideItem.vue'), props: true, meta: { title: { zh: '办事指南', en: 'Service' }, back: '/guide' } },
  ],
  tabs: [{ to: '/guide', title: { zh: '办事', en: 'Services' }, icon: Landmark, order: 12 }],
  desk: [
    { path: 'items', component: () => import('./items/Items.vue'), meta: { title: { zh: '政务服务事项', en: 'Service items' } } },
    { path: 'items/:id', component: () => import('./items/Item.vue'), props: true, meta: { title: { zh: '政务服务事项', en: 'Service item' } } },
    { path: 'decisions', component: () => import('./decisions/Packs.vue'), meta: { title: { zh: '秒批规则', en: 'Decision packs' } } },
    { path: 'decisions/:pack', component: () => import('./decisions/Pack.vue'), props: true, meta: { title: { zh: '秒批规则', en: 'Decision pack' } } },
    { path: 'decided/:id', component: () => import('./decisions/DecidedOne.vue'), props: true, meta: { title: { zh: '秒批决定', en: 'Decision' } } },
  ],
  menu: [{ to: '/desk/items', title: { zh: '服务事项', en: 'Items' }, icon: ListTodo, order: 80 }, { to: '/desk/decisions', title: { zh: '秒批规则', en: 'Decisions' }, icon: Scale, order: 82 }],
}

export default services
