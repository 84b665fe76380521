import { addMessages } from '@/i18n'

export const downloads = addMessages({
  name: 'downloads',
  zh: {
    title: '下载审批', lead: '超过条数的下载由他人批准，批准后 24 小时内可下载一次，全程留痕', none: '没有下载申请', none_text: '导出条数较多的列表时，会在这里等待批准。',
    who: '申请人', what: '内容', rows: '至少 {n} 条', reason: '用途', state_name: '状态', act: '操作', whats: { appeals: '诉求列表' }, state: { asked: '待批准', approved: '已批准', refused: '未批准', fetched: '已下载', over: '已过期' },
    approve: '批准', refuse: '不批准', fetch: '下载', own: '须由他人批准', note: '意见（四个字以上，申请人会看到）', ok: '确定', cancel: '取消', by: '{by}：{note}', until: '{when}前有效',
  },
  en: {
    title: 'Downloads', lead: 'What has many rows leaves with another person’s approval, once within 24 hours, on record', none: 'Nothing was asked for', none_text: 'A list of many rows that is to leave waits here for approval.',
    who: 'Who', what: 'What', rows: '{n} rows at least', reason: 'What for', state_name: 'State', act: 'Do', whats: { appeals: 'Appeals' }, state: { asked: 'Waiting', approved: 'Approved', refused: 'Refused', fetched: 'Fetched', over: 'Its time is over' },
    approve: 'Approve', refuse: 'Refuse', fetch: 'Fetch', own: 'Somebody else must', note: 'Why, in some words; who asked reads it', ok: 'OK', cancel: 'Cancel', by: '{by}: {note}', until: 'until {when}',
  },
})
