import { addMessages } from '@/i18n'

export const wall = addMessages({
  name: 'wall',
  zh: {
    title: '指挥中心', queue: '在办队列', ages: '停留时长', age: { a0: '1 天内', a1: '1–3 天', a2: '3–7 天', a3: '7 天以上' }, late: '超期 {n}', due: '即将到期', none_due: '24 小时内没有到期件', incoming: '最新诉求', none_incoming: '暂无诉求',
    map: '各街道在办', topics: '热点主题', none_topics: '暂无热点', messages: '{n} 件', red: '红色督办', alerts: '初评预警', supervision: '督办中', duty: '值班', none_duty: '本时段未排班', until: '至 {t}', handover: '交接班', none_handover: '无遗留事项', open_items: '遗留 {n} 项', leads: '待核实线索', live: '实时连接', off: '连接中断，正在重连', forbidden: '您没有查看大屏的权限', desk: '返回工作台', stale: '数据停在 {t}',
  },
  en: {
    title: 'Command centre', queue: 'Open by state', ages: 'Open for', age: { a0: 'under 1 d', a1: '1–3 d', a2: '3–7 d', a3: 'over 7 d' }, late: '{n} late', due: 'Due next', none_due: 'Nothing is due in 24 hours', incoming: 'Coming in', none_incoming: 'Nothing yet',
    map: 'Open by street', topics: 'Hot topics', none_topics: 'No hot topic', messages: '{n}', red: 'Red slips', alerts: 'First-rating alerts', supervision: 'Orders open', duty: 'On duty', none_duty: 'Nobody is on the roster now', until: 'until {t}', handover: 'Handover', none_handover: 'Nothing is left open', open_items: '{n} open', leads: 'Leads to verify', live: 'Live', off: 'Connection lost, trying again', forbidden: 'You may not see the wall', desk: 'Back to the desk', stale: 'As of {t}',
  },
})
