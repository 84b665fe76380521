import { addMessages } from '@/i18n'

export const retention = addMessages({
  name: 'retention',
  zh: {
    title: '保存期限与销毁', lead: '期满列出 — 人工批准 — 销毁个人信息 — 诉求与统计保留', none: '没有设置保存期限', none_text: '在配置包 retention.yaml 中按类别设置年限和法律依据。',
    rules: '保存规则', kind: '类别', keep: '保存', years: '{n} 年', days: '{n} 天', basis: '依据', due: '现已到期', nothing: '无', oldest: '最早 {when}', at_least: '{n} 及以上', run: '生成待销毁清单', ran: '清单已更新',
    lists: '待批准清单', none_lists: '没有待批准的清单', list_lead: '批准后立即销毁，不可恢复；保全中的事项自动跳过。', ended: '{when} 以前结束', made: '{when} 列出', n: '{n} 项', approve: '批准销毁', refuse: '暂不销毁', reason: '理由（必填，留痕）', ok: '确定', cancel: '取消', sure: '确认销毁 {n} 项“{kind}”？销毁后任何人都无法恢复。', go_on: '继续销毁',
    done: '已销毁 {n} 项，保留 {kept} 项', refused: '已暂缓，30 天内不再列出', history: '处理记录', none_history: '还没有处理记录', state: { proposed: '待批准', running: '销毁中', done: '已销毁', refused: '已暂缓' }, result: '销毁 {n}，保留 {kept}',
    holds: '保全', hold_lead: '争议、复议、诉讼中的诉求：保全期间其个人信息、原文和附件不会销毁。', none_holds: '没有保全中的诉求', no: '诉求编号', hold: '保全', held: '已保全', release: '解除', released: '已解除', by: '{by} · {when}',
  },
  en: {
    title: 'Retention and destruction', lead: 'Listed when due — approved by a person — personal data destroyed — matters and figures stay', none: 'No rules of retention', none_text: 'Set years and the ground in law by kind in retention.yaml of the pack.',
    rules: 'Rules', kind: 'Kind', keep: 'Kept', years: '{n} years', days: '{n} days', basis: 'Ground', due: 'Due now', nothing: 'none', oldest: 'oldest {when}', at_least: '{n} or more', run: 'Make the lists now', ran: 'The lists are made',
    lists: 'To be approved', none_lists: 'No list waits', list_lead: 'Approving destroys at once and cannot be undone; what is held is passed over.', ended: 'ended before {when}', made: 'listed {when}', n: '{n} items', approve: 'Approve and destroy', refuse: 'Not now', reason: 'Reason (needed, on record)', ok: 'Do it', cancel: 'Cancel', sure: 'Destroy {n} of “{kind}”? Nobody can bring them back.', go_on: 'Go on',
    done: '{n} destroyed, {kept} kept', refused: 'Not listed again for 30 days', history: 'Decisions', none_history: 'No decision yet', state: { proposed: 'To approve', running: 'Running', done: 'Destroyed', refused: 'Not now' }, result: '{n} destroyed, {kept} kept',
    holds: 'Holds', hold_lead: 'Appeals in dispute or before a court: their personal data, texts and files are not destroyed.', none_holds: 'Nothing is held', no: 'Appeal’s number', hold: 'Hold', held: 'Held', release: 'Release', released: 'Released', by: '{by} · {when}',
  },
})
