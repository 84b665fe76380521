import { Box, Building2, Factory, MapPinned, PackageCheck, Radar, RefreshCcwDot } from 'lucide-vue-next'
import type { SystemWeb } from '@/systems'

/** What stands in the district (块数据): buildings, units, their codes and addresses. */
const cim: SystemWeb = {
  name: 'cim',
  area: { title: { zh: '城市块数据', en: 'Places' }, icon: Building2, order: 7, roles: ['place_keeper', 'place_reader'] },
  desk: [
    { path: 'stage', component: () => import('./stage/Stage.vue'), meta: { title: { zh: '三维城市', en: 'City in 3D' } } },
    { path: 'places', component: () => import('./Places.vue'), meta: { title: { zh: '楼栋房屋', en: 'Buildings' } } },
    { path: 'places/:id(\\d+)', component: () => import('./Place.vue'), props: true, meta: { title: { zh: '楼栋房屋', en: 'Building' } } },
    { path: 'addresses', component: () => import('./Addresses.vue'), meta: { title: { zh: '地址匹配', en: 'Addresses' } } },
    { path: 'city/checkins', component: () => import('./CheckIns.vue'), meta: { title: { zh: '数据入库', en: 'Check-in' } } },
    { path: 'city/checkins/:id(\\d+)', component: () => import('./CheckIn.vue'), props: true, meta: { title: { zh: '数据入库', en: 'Check-in' } } },
    { path: 'city/analyses', component: () => import('./Analyses.vue'), meta: { title: { zh: '空间分析', en: 'Analyses' } } },
    { path: 'city/analyses/new', component: () => import('./NewAnalysis.vue'), meta: { title: { zh: '空间分析', en: 'New analysis' } } },
    { path: 'city/analyses/:id(\\d+)', component: () => import('./Analysis.vue'), props: true, meta: { title: { zh: '空间分析', en: 'Analysis' } } },
    { path: 'city/space', component: () => import('./Spaces.vue'), meta: { title: { zh: '产业空间', en: 'Space' } } },
    { path: 'city/space/:code(\\d+)', component: () => import('./SpaceUnit.vue'), props: true, meta: { title: { zh: '产业空间', en: 'Space' } } },
    { path: 'city/update', component: () => import('./UpdateBoard.vue'), meta: { title: { zh: '长效更新', en: 'Update' } } },
  ],
  menu: [
    { to: '/desk/stage', title: { zh: '三维城市', en: 'City in 3D' }, icon: Box, roles: ['place_keeper', 'place_reader', 'leader'], order: 0 },
    { to: '/desk/places', title: { zh: '楼栋房屋', en: 'Buildings' }, icon: Building2, roles: ['place_keeper', 'place_reader'], order: 1 },
    { to: '/desk/addresses', title: { zh: '地址匹配', en: 'Addresses' }, icon: MapPinned, roles: ['place_keeper', 'place_reader'], order: 2 },
    { to: '/desk/city/checkins', title: { zh: '数据入库', en: 'Check-in' }, icon: PackageCheck, roles: ['place_keeper', 'place_reader'], order: 3 },
    { to: '/desk/city/analyses', title: { zh: '空间分析', en: 'Analyses' }, icon: Radar, roles: ['place_keeper', 'place_reader', 'leader'], order: 4 },
    { to: '/desk/city/space', title: { zh: '产业空间', en: 'Space' }, icon: Factory, roles: ['place_keeper', 'place_reader', 'leader'], order: 5 },
    { to: '/desk/city/update', title: { zh: '长效更新', en: 'Update' }, icon: RefreshCcwDot, roles: ['place_keeper', 'place_reader', 'leader'], order: 6 },
  ],
  landing: (me) => ((me.roles ?? []).some((g) => g.role === 'place_keeper') ? '/desk/places' : undefined),
}

export default cim
