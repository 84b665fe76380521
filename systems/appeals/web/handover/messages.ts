import { addMessages } from '@/i18n'

export const handover = addMessages({
  name: 'handover',
  zh: { title: '交接班', lead: '遗留事项自动转入下一班，直到有人办结', open: '遗留事项', none_open: '没有遗留事项', log: '日志', none: '还没有记录', write: '记一条', text: '内容', shift: '班次', names: { day: '早班', late: '中班', night: '夜班' }, kind: { note: '记事', open: '遗留事项', done: '已办结', confirm: '接班确认' }, save: '记入', end: '办结', end_note: '办结说明（可不填）', confirm: '确认接班', confirmed: '已确认到此', since: '{when} · {author} · {shift}', unread: '{n} 条未确认' },
  en: { title: 'Handover', lead: 'What is open carries to the next shift until somebody ends it', open: 'Open items', none_open: 'Nothing is open', log: 'Log', none: 'No entry yet', write: 'New entry', text: 'Text', shift: 'Shift', names: { day: 'Early', late: 'Late', night: 'Night' }, kind: { note: 'Note', open: 'Open item', done: 'Ended', confirm: 'Taken over' }, save: 'Write', end: 'End', end_note: 'How it ended (may be empty)', confirm: 'Take over', confirmed: 'Read up to here', since: '{when} · {author} · {shift}', unread: '{n} not confirmed' },
})
