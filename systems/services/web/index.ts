import { defineAsyncComponent } from 'vue'
import { Archive, FolderCheck, Landmark, Layers, ListTodo, MapPinned, Receipt, Scale, Siren, Star, Trophy, Upload, Waypoints, Wrench } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

const caseRoles = ['intake_clerk', 'acceptor', 'examiner', 'approver']
const ruleRoles = ['rule_author', 'rule_reviewer', 'rule_lawyer', 'rule_publisher']
const itemRoles = ['item_editor', 'item_publisher']

/** The screens of government services (政务服务). */
const services: SystemWeb = {
  name: 'services',
  area: { title: { zh: '政务服务', en: 'Services' }, icon: Landmark, order: 2, roles: [...caseRoles, ...ruleRoles, ...itemRoles, 'inspector', 'archivist', 'auditor', 'rating_clerk', 'supervisor', 'leader', 'admin'] },
  phone: [
    { path: 'guide', component: () => import('./items/Guide.vue'), meta: { title: { zh: '办事指南', en: 'Services' } } },
    { path: 'guide/:id', component: () => import('./items/GuideItem.vue'), props: true, meta: { title: { zh: '办事指南', en: 'Service' }, back: '/guide' } },
    { path: 'subsidies', component: () => import('./items/Subsidies.vue'), meta: { title: { zh: '政策补贴直通车', en: 'Subsidy line' }, back: '/guide' } },
    { path: 'themes', component: () => import('./themes/Themes.vue'), meta: { title: { zh: '一件事一次办', en: 'Life events' }, back: '/guide' } },
    { path: 'themes/:theme', component: () => import('./themes/Theme.vue'), props: true, meta: { title: { zh: '一件事', en: 'Life event' }, back: '/themes' } },
    { path: 'joints/:id', component: () => import('./themes/JointPage.vue'), props: true, meta: { title: { zh: '一件事进度', en: 'Progress' }, back: '/themes' } },
    { path: 'apply/:id', component: () => import('./apply/Apply.vue'), props: true, meta: { title: { zh: '申请办理', en: 'Apply' }, back: '/guide' } },
    { path: 'cases', component: () => import('./cases/Mine.vue'), meta: { title: { zh: '我的办件', en: 'My cases' }, back: '/guide' } },
    { path: 'cases/:id', component: () => import('./cases/Case.vue'), props: true, meta: { title: { zh: '办件', en: 'Case' }, back: '/cases' } },
    { path: 'cases/:id/label', component: () => import('./citywide/LabelPage.vue'), props: true, meta: { title: { zh: '快递面单', en: 'Label' }, back: '/cases' } },
    { path: 'apply/:id/assist', component: () => import('./citywide/AssistPage.vue'), props: true, meta: { title: { zh: '请窗口帮我填', en: 'Assisted' }, back: '/guide' } },
    { path: 'cross-region', component: () => import('./citywide/CrossRegion.vue'), meta: { title: { zh: '跨区域通办', en: 'Across regions' }, back: '/guide' } },
    { path: 'progress', component: () => import('./cases/Progress.vue'), meta: { title: { zh: '查进度', en: 'Progress' }, back: '/guide' } },
    { path: 'rate/:token', component: () => import('./ratings/Rate.vue'), props: true, meta: { title: { zh: '评价', en: 'Rate' }, back: '/cases' } },
    { path: 'licences', component: () => import('./licences/Wallet.vue'), meta: { title: { zh: '我的证照', en: 'My licences' }, back: '/guide' } },
    { path: 'licences/:id', component: () => import('./licences/Licence.vue'), props: true, meta: { title: { zh: '证照', en: 'Licence' }, back: '/licences' } },
    { path: 'paper/:token', component: () => import('./papers/Check.vue'), props: true, meta: { title: { zh: '文书核验', en: 'Verification' }, back: '/' } },
    { path: 'verify/:token', component: () => import('./licences/Verify.vue'), props: true, meta: { title: { zh: '证照核验', en: 'Verification' }, back: '/' } },
  ],
  home: defineAsyncComponent(() => import('./cases/HomeCard.vue')),
  tabs: [{ to: '/guide', title: { zh: '办事', en: 'Services' }, icon: Landmark, order: 12 }],
  desk: [
    { path: 'cases', component: () => import('./cases/Cases.vue'), meta: { title: { zh: '办件', en: 'Cases' } } },
    { path: 'cases/:id', component: () => import('./cases/CaseDesk.vue'), props: true, meta: { title: { zh: '办件', en: 'Case' } } },
    { path: 'intake-counter', component: () => import('./apply/Counter.vue'), meta: { title: { zh: '窗口收件', en: 'Counter' } } },
    { path: 'intake-counter/:id', component: () => import('./apply/Apply.vue'), props: (r) => ({ id: r.params.id as string, desk: true }), meta: { title: { zh: '窗口收件', en: 'Counter' } } },
    { path: 'citywide', component: () => import('./citywide/Desk.vue'), meta: { title: { zh: '通办工作台', en: 'Citywide' } } },
    { path: 'bags/:id', component: () => import('./citywide/Bag.vue'), props: true, meta: { title: { zh: '材料袋', en: 'Bag' } } },
    { path: 'regions', component: () => import('./citywide/Regions.vue'), meta: { title: { zh: '地区与协议', en: 'Regions' } } },
    { path: 'citywide-week', component: () => import('./citywide/Week.vue'), meta: { title: { zh: '通办周报', en: 'Citywide week' } } },
    { path: 'assist/:id?', component: () => import('./citywide/AssistDesk.vue'), props: true, meta: { title: { zh: '辅助申报', en: 'Assisted filling' } } },
    { path: 'themes', component: () => import('./themes/ThemesDesk.vue'), meta: { title: { zh: '一件事', en: 'Life events' } } },
    { path: 'joints/:id', component: () => import('./themes/JointPage.vue'), props: (r) => ({ id: r.params.id as string, desk: true }), meta: { title: { zh: '联办件', en: 'Joint matter' } } },
    { path: 'ratings', component: () => import('./ratings/Board.vue'), meta: { title: { zh: '好差评', en: 'Ratings' } } },
    { path: 'rating-devices', component: () => import('./ratings/Devices.vue'), meta: { title: { zh: '评价设备', en: 'Rating devices' } } },
    { path: 'rating-mends', component: () => import('./ratings/Mends.vue'), meta: { title: { zh: '评价整改', en: 'To mend' } } },
    { path: 'bad-ratings', component: () => import('./ratings/Bad.vue'), meta: { title: { zh: '差评处理', en: 'Bad ratings' } } },
    { path: 'pay-days', component: () => import('./fees/PayDays.vue'), meta: { title: { zh: '缴费对账', en: 'Payments' } } },
    { path: 'supervise', component: () => import('./findings/Supervision.vue'), meta: { title: { zh: '电子监察', en: 'Supervision' } } },
    { path: 'findings/:id', component: () => import('./findings/Finding.vue'), props: true, meta: { title: { zh: '监察事项', en: 'Finding' } } },
    { path: 'province', component: () => import('./province/Province.vue'), meta: { title: { zh: '数据上报', en: 'Province' } } },
    { path: 'archives', component: () => import('./archives/Archives.vue'), meta: { title: { zh: '电子档案', en: 'Archive' } } },
    { path: 'items', component: () => import('./items/Items.vue'), meta: { title: { zh: '政务服务事项', en: 'Service items' } } },
    { path: 'items/:id', component: () => import('./items/Item.vue'), props: true, meta: { title: { zh: '政务服务事项', en: 'Service item' } } },
    { path: 'items/:id/form', component: () => import('./items/handling/Handling.vue'), props: true, meta: { title: { zh: '办理表单', en: 'Form' } } },
    { path: 'decisions', component: () => import('./decisions/Packs.vue'), meta: { title: { zh: '秒批规则', en: 'Decision packs' } } },
    { path: 'decisions/:pack', component: () => import('./decisions/Pack.vue'), props: true, meta: { title: { zh: '秒批规则', en: 'Decision pack' } } },
    { path: 'decided/:id', component: () => import('./decisions/DecidedOne.vue'), props: true, meta: { title: { zh: '秒批决定', en: 'Decision' } } },
  ],
  screens: [{ path: '/kiosk/:code/apply/:id', component: () => import('./apply/Kiosk.vue'), props: true, meta: { title: { zh: '自助申请', en: 'Apply' }, staff: false } }],
  landing: (me) => (me.roles?.some((r) => r.role === 'archivist') ? '/desk/archives' : me.roles?.some((r) => r.role === 'rating_clerk') ? '/desk/bad-ratings' : me.roles?.some((r) => caseRoles.includes(r.role)) ? '/desk/cases' : me.roles?.some((r) => ruleRoles.includes(r.role)) ? '/desk/decisions' : me.roles?.some((r) => itemRoles.includes(r.role)) ? '/desk/items' : undefined),
  menu: [{ to: '/desk/cases', title: { zh: '办件', en: 'Cases' }, icon: FolderCheck, order: 78, roles: [...caseRoles, 'inspector', 'leader'] }, { to: '/desk/themes', title: { zh: '一件事', en: 'Life events' }, icon: Layers, order: 79, roles: [...caseRoles, ...itemRoles, 'inspector', 'leader'] }, { to: '/desk/citywide', title: { zh: '通办', en: 'Citywide' }, icon: Waypoints, order: 78, roles: ['intake_clerk', 'acceptor', 'examiner', 'inspector', 'leader'] }, { to: '/desk/regions', title: { zh: '通办协议', en: 'Regions' }, icon: MapPinned, order: 79, roles: ['item_publisher', 'inspector', 'leader'] }, { to: '/desk/citywide-week', title: { zh: '通办周报', en: 'Citywide week' }, icon: Trophy, order: 79, roles: ['inspector', 'leader'] }, { to: '/desk/ratings', title: { zh: '好差评', en: 'Ratings' }, icon: Star, order: 79, roles: [...caseRoles, 'rating_clerk', 'inspector', 'leader', 'hall_manager'] }, { to: '/desk/rating-mends', title: { zh: '评价整改', en: 'To mend' }, icon: Wrench, order: 79, roles: ['rating_clerk', 'inspector', 'item_editor', 'item_publisher'] }, { to: '/desk/pay-days', title: { zh: '缴费对账', en: 'Payments' }, icon: Receipt, order: 79, roles: ['inspector'] }, { to: '/desk/supervise', title: { zh: '电子监察', en: 'Supervision' }, icon: Siren, order: 79, roles: ['acceptor', 'examiner', 'approver', 'inspector', 'leader'] }, { to: '/desk/province', title: { zh: '数据上报', en: 'Province' }, icon: Upload, order: 79, roles: ['acceptor', 'approver', 'item_editor', 'inspector'] }, { to: '/desk/archives', title: { zh: '电子档案', en: 'Archive' }, icon: Archive, order: 79, roles: ['archivist', 'inspector', 'auditor'] }, { to: '/desk/items', title: { zh: '服务事项', en: 'Items' }, icon: ListTodo, order: 80 }, { to: '/desk/decisions', title: { zh: '秒批规则', en: 'Decisions' }, icon: Scale, order: 82 }],
}

export default services
