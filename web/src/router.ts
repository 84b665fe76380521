import { createRouter, createWebHistory } from 'vue-router'
import { systems } from '@/systems'
import { isStaff, me, whoAmI } from '@/state/session'

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
  routes: [
    {
      path: '/',
      component: () => import('@/shell/PhoneShell.vue'),
      children: [...systems.flatMap((s) => s.phone ?? []), { path: 'notices', component: () => import('@/shell/Notices.vue'), meta: { title: { zh: '消息', en: 'Notices' }, back: '/' } }],
    },
    { path: '/desk/sign-in', component: () => import('@/shell/SignIn.vue') },
    {
      path: '/desk',
      component: () => import('@/shell/DeskShell.vue'),
      meta: { staff: true },
      children: systems.flatMap((s) => (s.desk ?? []).map((r) => ({ ...r, meta: { ...r.meta, area: s.area && s.name } }))),
    },
    ...systems.flatMap((s) => s.screens ?? []).map((r) => ({ ...r, meta: { staff: true, ...r.meta } })),
    { path: '/:rest(.*)*', component: () => import('@/shell/NotFound.vue') },
  ],
})

router.beforeEach(async (to) => {
  if (!to.matched.some((r) => r.meta.staff)) return true
  if (me.value === undefined) await whoAmI()
  return isStaff.value ? true : { path: '/desk/sign-in', query: { to: to.fullPath } }
})

// A page whose code was replaced by a newer build is loaded anew.
router.onError((e, to) => {
  if (/dynamically imported module|Importing a module|preload/i.test(String(e))) location.assign(to.fullPath)
})
