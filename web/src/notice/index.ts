import { MailCheck, Webhook } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** What leaves the house: by mail to oneself, to receivers of a unit, and what became of it. */
const notice: SystemWeb = {
  name: 'notice',
  phone: [{ path: 'notices/mail', component: () => import('./MyMail.vue'), meta: { title: { zh: '邮件提醒', en: 'By mail' }, back: '/notices' } }],
  desk: [
    { path: 'hooks', component: () => import('./Hooks.vue'), meta: { title: { zh: '消息推送', en: 'Receivers' } } },
    { path: 'receipts', component: () => import('./Receipts.vue'), meta: { title: { zh: '消息回执', en: 'Receipts' } } },
  ],
  menu: [
    { to: '/desk/hooks', title: { zh: '消息推送', en: 'Receivers' }, icon: Webhook, roles: ['admin'], order: 84 },
    { to: '/desk/receipts', title: { zh: '消息回执', en: 'Receipts' }, icon: MailCheck, roles: ['admin', 'auditor', 'supervisor'], order: 85 },
  ],
}

export default notice
