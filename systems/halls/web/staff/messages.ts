import { addMessages } from '@/i18n'

addMessages({
  name: 'hallstaff',
  zh: {
    nav: { day: '今日运行', roster: '窗口排班', skills: '业务技能', no_shows: '爽约' },
    loading: '加载中', cancel: '取消', save: '保存', reason: '原因',
    skills: {
      title: '业务技能', lead: '谁可以办什么。叫号、转办、等候预计都按这里执行，改动即时生效并留痕。', clerk: '窗口人员', window: '现在', all: '全部', all_hint: '所在窗口的业务都可以办', none: '暂不叫号', able: '可办', now: '在窗口', nobody: '没有人可办', nobody_now: '无人在岗',
      edit: '修改 {name} 的技能', history: '{name} 的变更记录', history_none: '没有改过，默认可办所在窗口的全部业务', set_by: '{by} 改为', before: '早期设置', set: '{by} · {t}', reason_hint: '为什么改（可不填）', saved: '已保存，下一次叫号起生效', none_sure: '不勾选任何业务：不再给这位人员叫号', records: '记录', empty: '这个大厅还没有窗口人员', empty_text: '由管理员给人员授予综合窗口或“办不成事”窗口角色后，会出现在这里。',
    },
    roster: {
      title: '窗口排班', today: '今天', gap_sum: '缺岗 {h} 小时', no_gap: '无缺岗', rest: '无计划', gap: '缺岗 {a}–{b}', planned: '应开放', put: '排人', window: '窗口', clerk: '人员', pick: '选择人员', from: '从', to: '到', note: '备注（可不填）', away: '请假', busy: '{w} 在岗', lacks: '不能办：{kinds}', lacks_some: '有业务不能办', absent: '未到岗', sitting: '{name} 在岗 {t} 起', unrostered: '未排班在岗', drop: '撤下', drop_sure: '撤下 {name} {a}–{b}？', copy: '照搬', copy_from: '照搬这一天的排班', copied: '已照搬 {n} 班', copied_left: '已照搬 {n} 班，{left} 班有冲突没有搬', hours: '本周 {h} 小时', people: '人员工时', past: '已过去的班次不能改', legend_plan: '应开放', legend_gap: '缺岗', legend_now: '现在', closed: '这一天没有窗口开放计划；需要临时开放的，可以直接排人。', nobody: '没有可排的人', suited: '可办全部',
    },
    no_shows: {
      title: '爽约', rule: '{days} 天内 {most} 次预约不到场，暂停预约，直到其中最早的一次满 {days} 天；不影响现场取号。', rule_none: '本区不限制爽约。', person: '预约人', count: '次数', until: '暂停到', free: '可预约', last: '最近一次', lift: '恢复预约', lift_of: '恢复 {name} 的预约', lift_hint: '为什么恢复：例如住院、系统故障', lifted: '{by} {t} 恢复：{reason}', done: '已恢复，并已通知本人', none: '没有爽约', none_text: '预约了没有来的人会出现在这里。', suspended: '{n} 人暂停预约', source: { phone: '网上', reception: '现场', call: '电话', kiosk: '自助机' }, not_count: '已恢复，不计',
    },
  },
  en: {
    nav: { day: 'Today', roster: 'Roster', skills: 'Skills', no_shows: 'No-shows' },
    loading: 'Loading', cancel: 'Cancel', save: 'Save', reason: 'Reason',
    skills: {
      title: 'Skills', lead: 'Who may serve what. Calling, sending on and waiting estimates follow it at once; changes stay on record.', clerk: 'Clerk', window: 'Now', all: 'All', all_hint: 'All that their window does', none: 'Not called for', able: 'Able', now: 'At a window', nobody: 'nobody', nobody_now: 'nobody here',
      edit: 'Skills of {name}', history: 'What {name} might serve', history_none: 'Never set: all that their window does', set_by: '{by} set', before: 'Set before', set: '{by} · {t}', reason_hint: 'Why (may be empty)', saved: 'Saved: from the next call on', none_sure: 'Nothing chosen: nobody is called for this clerk', records: 'Record', empty: 'Nobody works at the windows of this hall', empty_text: 'Clerks appear here when an administrator gives them the role.',
    },
    roster: {
      title: 'Roster', today: 'Today', gap_sum: '{h} h unfilled', no_gap: 'full', rest: 'none planned', gap: 'Nobody {a}–{b}', planned: 'to be open', put: 'Put', window: 'Window', clerk: 'Clerk', pick: 'Choose a clerk', from: 'From', to: 'To', note: 'Note (may be empty)', away: 'on leave', busy: 'at {w}', lacks: 'May not serve: {kinds}', lacks_some: 'may not serve all', absent: 'not there', sitting: '{name} since {t}', unrostered: 'not rostered', drop: 'Take back', drop_sure: 'Take {name} {a}–{b} back?', copy: 'Copy', copy_from: 'Copy the roster of', copied: '{n} copied', copied_left: '{n} copied, {left} clash and were left', hours: '{h} h this week', people: 'Hours', past: 'What is over cannot be changed', legend_plan: 'to be open', legend_gap: 'nobody', legend_now: 'now', closed: 'No window is planned to be open on this day; somebody can be put all the same.', nobody: 'Nobody can be put', suited: 'serves all',
    },
    no_shows: {
      title: 'No-shows', rule: '{most} bookings missed in {days} days pause booking until the oldest is {days} days ago; numbers at the hall are not affected.', rule_none: 'Missed bookings have no consequence here.', person: 'Who', count: 'Missed', until: 'Paused until', free: 'may book', last: 'Last', lift: 'Lift', lift_of: 'Let {name} book again', lift_hint: 'Why: illness, a failure of ours', lifted: '{by} lifted it {t}: {reason}', done: 'Lifted, and they are told', none: 'Everybody came', none_text: 'Who books and does not come appears here.', suspended: '{n} paused', source: { phone: 'online', reception: 'desk', call: 'by phone', kiosk: 'kiosk' }, not_count: 'lifted',
    },
  },
})
