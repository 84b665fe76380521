import { Users } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** The screens of accounts: everybody's own, and those that administrators keep. */
const account: SystemWeb = {
  name: 'account',
  desk: [
    { path: 'me', component: () => import('./Mine.vue'), meta: { title: { zh: '我的账号', en: 'My account' } } },
    { path: 'accounts', component: () => import('./Accounts.vue'), meta: { title: { zh: '人员与账号', en: 'People and accounts' } } },
  ],
  menu: [
    { to: '/desk/accounts', title: { zh: '人员账号', en: 'People' }, icon: Users, roles: ['admin'], order: 80 },
  ],
}

export default account
