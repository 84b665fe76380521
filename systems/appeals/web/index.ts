import { MessagesSquare, ArrowLeftRight, ArrowUpDown, BellRing, BookOpenText, Camera, ChartNoAxesCombined, ChartPie, Gavel, ClipboardList, FileChartColumn, FileUp, FolderClock, Gauge, Headset, Inbox, ListChecks, ListTree, MapPinned, Radar, Megaphone, Network, Presentation, ScanEye, Search, Tags, Waypoints } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

const roles = (me: { roles: { role: string }[] | null }) => (me.roles ?? []).map((g) => g.role)
const boardRoles = ['leader', 'supervisor', 'dispatcher', 'reviewer', 'admin']

/** The screens of civic appeals (民生诉求). */
const appeals: SystemWeb = {
  name: 'appeals',
  area: { title: { zh: '民生诉求', en: 'Appeals' }, icon: MessagesSquare, order: 1, roles: ['agent', 'dispatcher', 'receiver', 'handler', 'unit_head', 'reviewer', 'follow_up', 'supervisor', 'arbitrator', 'leader', 'duty_editor', 'admin', 'auditor'] },
  begin: () => {
    void import('./report/draft').then((d) => d.watchNetwork())
    void import('./onsite/onsite').then((d) => d.watchOnsite())
  },
  phone: [
    { path: '', component: () => import('./report/Report.vue'), meta: { title: { zh: '我要反映', en: 'Report' } } },
    { path: 'filed', component: () => import('./report/Filed.vue'), meta: { title: { zh: '已提交', en: 'Sent' } } },
    { path: 'appeals', component: () => import('./follow/Mine.vue'), meta: { title: { zh: '我的诉求', en: 'My reports' } } },
    { path: 'appeals/:id', component: () => import('./follow/Follow.vue'), props: true, meta: { title: { zh: '诉求进度', en: 'Progress' }, back: '/appeals' } },
    { path: 'track/:code?', component: () => import('./follow/Track.vue'), props: true, meta: { title: { zh: '查进度', en: 'Track' } } },
    { path: 'public', component: () => import('./public/Public.vue'), meta: { title: { zh: '月度公开', en: 'Month by month' }, back: '/' } },
    { path: 'looks', component: () => import('./follow/Looks.vue'), meta: { title: { zh: '谁看过我的信息', en: 'Who saw my data' }, back: '/appeals' } },
  ],
  tabs: [
    { to: '/', title: { zh: '我要反映', en: 'Report' }, icon: Megaphone, order: 10 },
    { to: '/appeals', title: { zh: '我的诉求', en: 'My reports' }, icon: ListChecks, order: 20 },
    { to: '/track', title: { zh: '查进度', en: 'Track' }, icon: Search, order: 30 },
  ],
  desk: [
    { path: '', component: () => import('./desk/Workbench.vue'), props: { list: 'queue' }, meta: { title: { zh: '我的待办', en: 'My queue' } } },
    { path: 'appeals', component: () => import('./desk/Workbench.vue'), props: { list: 'all' }, meta: { title: { zh: '全部诉求', en: 'All appeals' } } },
    { path: 'onsite', component: () => import('./onsite/Onsite.vue'), meta: { title: { zh: '现场办理', en: 'On the spot' } } },
    { path: 'onsite/:id', component: () => import('./onsite/Place.vue'), props: true, meta: { title: { zh: '现场办理', en: 'On the spot' } } },
    { path: 'appeals/:id', component: () => import('./desk/Single.vue'), props: true, meta: { title: { zh: '诉求', en: 'Appeal' } } },
    { path: 'intake', component: () => import('./intake/Intake.vue'), meta: { title: { zh: '话务登记', en: 'Intake' } } },
    { path: 'duty', component: () => import('./duty/DutyList.vue'), meta: { title: { zh: '职责清单', en: 'Duty list' } } },
    { path: 'duty/versions/:id?', component: () => import('./duty/versions/Versions.vue'), props: true, meta: { title: { zh: '职责清单版本', en: 'Versions of the duty list' } } },
    { path: 'imports', component: () => import('./imports/Imports.vue'), meta: { title: { zh: '数据导入', en: 'Import' } } },
    { path: 'rulings', component: () => import('./ruling/Rulings.vue'), meta: { title: { zh: '裁决与先例', en: 'Rulings' } } },
    { path: 'supervision', component: () => import('./supervision/Supervision.vue'), meta: { title: { zh: '督查督办', en: 'Supervision' } } },
    { path: 'figures', component: () => import('./figures/Figures.vue'), meta: { title: { zh: '数据查询', en: 'Figures' } } },
    { path: 'assessment', component: () => import('./assess/Assess.vue'), meta: { title: { zh: '考核评价', en: 'Assessment' } } },
    { path: 'assessment/quality', component: () => import('./quality/Quality.vue'), meta: { title: { zh: '数据质量', en: 'Data quality' } } },
    { path: 'tags', component: () => import('./tags/Log.vue'), meta: { title: { zh: '标签调用记录', en: 'Looks at tags' } } },
    { path: 'closing', component: () => import('./closing/Closing.vue'), meta: { title: { zh: '形式办结', en: 'Formal-only closing' } } },
    { path: 'topics', component: () => import('./topics/Topics.vue'), meta: { title: { zh: '主题分析', en: 'Topics' } } },
    { path: 'topics/:id', component: () => import('./topics/Topic.vue'), props: true, meta: { title: { zh: '主题', en: 'Topic' } } },
    { path: 'graph', component: () => import('./graph/Graph.vue'), meta: { title: { zh: '关联图谱', en: 'Graph' } } },
    { path: 'dossiers', component: () => import('./dossiers/Dossiers.vue'), meta: { title: { zh: '重复诉求档案', en: 'Repeat-appeal files' } } },
    { path: 'dossiers/:id', component: () => import('./dossiers/Dossier.vue'), props: true, meta: { title: { zh: '重复诉求档案', en: 'Repeat-appeal file' } } },
    { path: 'handover', component: () => import('./handover/Handover.vue'), meta: { title: { zh: '交接班', en: 'Handover' } } },
    { path: 'leads', component: () => import('./leads/Leads.vue'), meta: { title: { zh: '未诉先办', en: 'Leads' } } },
    { path: 'reports', component: () => import('./reports/Reports.vue'), meta: { title: { zh: '报告会商', en: 'Reports' } } },
    { path: 'reports/:id', component: () => import('./reports/Report.vue'), props: true, meta: { title: { zh: '报告', en: 'Report' } } },
    { path: 'meetings/:id', component: () => import('./reports/Meeting.vue'), props: true, meta: { title: { zh: '会商', en: 'Meeting' } } },
    { path: 'city', component: () => import('./city/City.vue'), meta: { title: { zh: '市平台对接', en: 'City platform' } } },
    { path: 'map', component: () => import('./map/OpenMap.vue'), meta: { title: { zh: '在办地图', en: 'Map' } } },
  ],
  menu: [
    { to: '/desk', title: { zh: '我的待办', en: 'Queue' }, icon: Inbox, order: 10 },
    { to: '/desk/appeals', title: { zh: '全部诉求', en: 'Appeals' }, icon: ClipboardList, order: 20 },
    { to: '/desk/onsite', title: { zh: '现场办理', en: 'On the spot' }, icon: Camera, roles: ['handler'], order: 15 },
    { to: '/desk/intake', title: { zh: '话务登记', en: 'Intake' }, icon: Headset, roles: ['agent'], order: 30 },
    { to: '/desk/map', title: { zh: '在办地图', en: 'Map' }, icon: MapPinned, order: 40 },
    { to: '/desk/topics', title: { zh: '主题分析', en: 'Topics' }, icon: Waypoints, roles: ['dispatcher', 'supervisor', 'leader', 'unit_head'], order: 48 },
    { to: '/desk/graph', title: { zh: '关联图谱', en: 'Graph' }, icon: Network, roles: ['dispatcher', 'supervisor', 'leader', 'reviewer', 'unit_head', 'handler', 'admin'], order: 48.5 },
    { to: '/wall', title: { zh: '指挥大屏', en: 'Wall' }, icon: Presentation, roles: boardRoles, order: 51 },
    { to: '/desk/handover', title: { zh: '交接班', en: 'Handover' }, icon: ArrowLeftRight, roles: ['dispatcher', 'supervisor', 'reviewer', 'follow_up', 'agent', 'leader'], order: 43 },
    { to: '/desk/leads', title: { zh: '未诉先办', en: 'Leads' }, icon: Radar, roles: ['dispatcher', 'supervisor', 'leader', 'handler', 'receiver', 'admin'], order: 49 },
    { to: '/board', title: { zh: '运行看板', en: 'Board' }, icon: Gauge, roles: boardRoles, order: 50 },
    { to: '/desk/supervision', title: { zh: '督查督办', en: 'Supervision' }, icon: BellRing, roles: ['supervisor', 'leader', 'unit_head', 'handler', 'receiver', 'arbitrator', 'reviewer', 'follow_up'], order: 42 },
    { to: '/desk/figures', title: { zh: '数据查询', en: 'Figures' }, icon: ChartPie, order: 56 },
    { to: '/desk/assessment', title: { zh: '考核评价', en: 'Assessment' }, icon: ChartNoAxesCombined, order: 55 },
    { to: '/desk/reports', title: { zh: '报告会商', en: 'Reports' }, icon: FileChartColumn, order: 54 },
    { to: '/desk/dossiers', title: { zh: '重复诉求', en: 'Repeats' }, icon: FolderClock, roles: ['supervisor', 'dispatcher', 'leader', 'reviewer', 'unit_head', 'handler'], order: 46 },
    { to: '/desk/rulings', title: { zh: '裁决先例', en: 'Rulings' }, icon: Gavel, roles: ['arbitrator', 'dispatcher', 'supervisor', 'duty_editor', 'leader', 'reviewer'], order: 47 },
    { to: '/desk/duty', title: { zh: '职责清单', en: 'Duties' }, icon: BookOpenText, order: 45 },
    { to: '/desk/city', title: { zh: '市平台', en: 'City' }, icon: ArrowUpDown, roles: ['dispatcher', 'supervisor', 'leader', 'admin'], order: 46 },
    { to: '/desk/imports', title: { zh: '数据导入', en: 'Import' }, icon: FileUp, roles: ['admin', 'supervisor'], order: 60 },
    { to: '/desk/closing', title: { zh: '形式办结', en: 'Closing' }, icon: ScanEye, roles: ['reviewer', 'supervisor', 'leader', 'admin'], order: 55 },
    { to: '/desk/tags', title: { zh: '标签调用', en: 'Tag looks' }, icon: Tags, roles: ['auditor', 'supervisor', 'admin'], order: 58 },
    { to: '/desk/duty/versions', title: { zh: '清单版本', en: 'Versions' }, icon: ListTree, roles: ['admin', 'duty_editor', 'dispatcher', 'supervisor', 'arbitrator', 'reviewer', 'leader'], order: 70 },
  ],
  screens: [{ path: '/board', component: () => import('./board/Board.vue'), meta: { title: { zh: '运行看板', en: 'Board' } } }, { path: '/wall', component: () => import('./wall/Wall.vue'), meta: { title: { zh: '指挥中心大屏', en: 'Wall' } } }],
  marks: [{ layer: 'appeal', title: { zh: '在办诉求', en: 'Open appeals' }, colour: '#c2410c', load: () => import('./map/marks').then((m) => m.openPoints()), to: (id) => `/desk/appeals/${id}` }],
  landing: (me) => {
    const held = roles(me)
    if (held.includes('leader')) return '/board'
    if (held.includes('agent')) return '/desk/intake'
    if (held.includes('duty_editor')) return '/desk/duty'
    if (held.includes('admin')) return '/desk/imports'
    return undefined
  },
}

export default appeals
