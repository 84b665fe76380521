import { LibraryBig, MessageCircleQuestionMark } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** What the district knows (知识库), and asking it (问一问). */
const knowledge: SystemWeb = {
  name: 'knowledge',
  phone: [{ path: 'ask', component: () => import('./Ask.vue'), meta: { title: { zh: '问一问', en: 'Ask' } } }],
  tabs: [{ to: '/ask', title: { zh: '问一问', en: 'Ask' }, icon: MessageCircleQuestionMark, order: 15 }],
  desk: [
    { path: 'knowledge', component: () => import('./Knowledge.vue'), meta: { title: { zh: '知识库', en: 'Knowledge' } } },
    { path: 'knowledge/:id', component: () => import('./Entry.vue'), props: true, meta: { title: { zh: '知识条目', en: 'Entry' } } },
  ],
  menu: [{ to: '/desk/knowledge', title: { zh: '知识库', en: 'Knowledge' }, icon: LibraryBig, order: 46 }],
}

export default knowledge
