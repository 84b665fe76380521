import { Award, Building2, HandHelping, Landmark, LifeBuoy, MapPinned, MonitorSmartphone, PanelTop, Ticket, UserCheck } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** The screens of service halls (办事大厅). */
const halls: SystemWeb = {
  name: 'halls',
  area: { title: { zh: '办事大厅', en: 'Halls' }, icon: Building2, order: 3, roles: ['hall_manager', 'greeter', 'intake_clerk', 'stuck_clerk', 'device_operator', 'station_keeper'] },
  phone: [
    { path: 'halls', component: () => import('./phone/Halls.vue'), meta: { title: { zh: '大厅取号', en: 'Halls' } } },
    { path: 'halls/:code', component: () => import('./phone/Hall.vue'), props: true, meta: { title: { zh: '办事大厅', en: 'Hall' }, back: '/halls' } },
    { path: 'ticket/:id', component: () => import('./phone/MyTicket.vue'), props: true, meta: { title: { zh: '我的号', en: 'My number' }, back: '/halls' } },
    { path: 'stations', component: () => import('./stations/Stations.vue'), meta: { title: { zh: '园区服务站', en: 'Stations' }, back: '/halls' } },
    { path: 'pickups', component: () => import('./pickup/Pickups.vue'), meta: { title: { zh: '自助领证', en: 'Self-pickup' }, back: '/halls' } },
    { path: 'stuck', component: () => import('./stuck/Report.vue'), meta: { title: { zh: '办不成事反映', en: 'Stuck?' }, back: '/halls' } },
  ],
  tabs: [{ to: '/halls', title: { zh: '取号', en: 'Halls' }, icon: Ticket, order: 40 }],
  desk: [
    { path: 'window', component: () => import('./window/Window.vue'), meta: { title: { zh: '窗口', en: 'Window' } } },
    { path: 'reception', component: () => import('./desk/Reception.vue'), meta: { title: { zh: '导办台', en: 'Reception' } } },
    { path: 'halls', component: () => import('./desk/Manager.vue'), meta: { title: { zh: '大厅管理', en: 'Halls' } } },
    { path: 'halls/roster', component: () => import('./staff/Roster.vue'), meta: { title: { zh: '窗口排班', en: 'Roster' } } },
    { path: 'halls/skills', component: () => import('./staff/Skills.vue'), meta: { title: { zh: '业务技能', en: 'Skills' } } },
    { path: 'halls/no-shows', component: () => import('./staff/NoShows.vue'), meta: { title: { zh: '爽约', en: 'No-shows' } } },
    { path: 'stuck', component: () => import('./stuck/Cases.vue'), props: { flow: 'stuck' }, meta: { title: { zh: '办不成事', en: 'Stuck cases' } } },
    { path: 'stuck/:id', component: () => import('./stuck/Case.vue'), props: (r) => ({ id: r.params.id, flow: 'stuck' }), meta: { title: { zh: '办不成事', en: 'Stuck case' } } },
    { path: 'help', component: () => import('./stuck/Cases.vue'), props: { flow: 'help' }, meta: { title: { zh: '帮办代办', en: 'Help' } } },
    { path: 'help/:id', component: () => import('./stuck/Case.vue'), props: (r) => ({ id: r.params.id, flow: 'help' }), meta: { title: { zh: '帮办代办', en: 'Help' } } },
    { path: 'devices', component: () => import('./devices/Devices.vue'), meta: { title: { zh: '自助设备', en: 'Devices' } } },
    { path: 'devices/:id', component: () => import('./devices/Device.vue'), props: true, meta: { title: { zh: '自助设备', en: 'Device' } } },
    { path: 'sheets', component: () => import('./devices/Sheets.vue'), meta: { title: { zh: '空白证照', en: 'Blank sheets' } } },
    { path: 'stations', component: () => import('./stations/Desk.vue'), meta: { title: { zh: '园区服务站', en: 'Stations' } } },
    { path: 'startup', component: () => import('./startup/Startup.vue'), meta: { title: { zh: '企业开办专区', en: 'Start-ups' } } },
  ],
  menu: [
    { to: '/desk/window', title: { zh: '窗口叫号', en: 'Window' }, icon: PanelTop, roles: ['intake_clerk', 'stuck_clerk'], order: 5 },
    { to: '/desk/reception', title: { zh: '导办台', en: 'Reception' }, icon: UserCheck, roles: ['greeter', 'hall_manager'], order: 6 },
    { to: '/desk/halls', title: { zh: '大厅管理', en: 'Halls' }, icon: Building2, roles: ['hall_manager'], order: 4 },
    { to: '/desk/stuck', title: { zh: '办不成事', en: 'Stuck' }, icon: LifeBuoy, roles: ['stuck_clerk', 'hall_manager'], order: 7 },
    { to: '/desk/help', title: { zh: '帮办代办', en: 'Help' }, icon: HandHelping, roles: ['greeter', 'hall_manager'], order: 8 },
    { to: '/desk/devices', title: { zh: '自助设备', en: 'Devices' }, icon: MonitorSmartphone, roles: ['device_operator', 'hall_manager', 'station_keeper'], order: 10 },
    { to: '/desk/sheets', title: { zh: '空白证照', en: 'Sheets' }, icon: Award, roles: ['device_operator', 'hall_manager', 'station_keeper'], order: 11 },
    { to: '/desk/stations', title: { zh: '园区服务站', en: 'Stations' }, icon: MapPinned, roles: ['station_keeper', 'greeter', 'hall_manager', 'device_operator'], order: 12 },
    { to: '/desk/startup', title: { zh: '企业开办', en: 'Start-ups' }, icon: Landmark, roles: ['hall_manager', 'intake_clerk', 'greeter'], order: 9 },
  ],
  screens: [
    { path: '/screens/hall/:code', component: () => import('./board/Board.vue'), props: true, meta: { title: { zh: '大厅显示屏', en: 'Hall board' }, staff: false } },
    { path: '/kiosk/:code', component: () => import('./kiosk/Door.vue'), props: true, meta: { title: { zh: '自助取号', en: 'Kiosk' }, staff: false } },
  ],
  landing: (me) => {
    const held = (me.roles ?? []).map((g) => g.role)
    if (held.includes('device_operator')) return '/desk/devices'
    if (held.includes('station_keeper')) return '/desk/stations'
    if (held.includes('hall_manager')) return '/desk/halls'
    if (held.includes('stuck_clerk')) return '/desk/stuck'
    if (held.includes('intake_clerk')) return '/desk/window'
    return undefined
  },
}

export default halls
