import { addMessages } from '@/i18n'

addMessages({
  name: 'elements',
  zh: {
    label: '诉求要素', summary_label: '摘要', kind: { title: '标题', summary: '摘要', who: '涉及谁', where: '在哪里', when: '何时', what: '何事', wanted: '诉求' },
    none: '未提及', by: '{who} 更正', edit: '更正“{kind}”', hint: '一行一条；没有的清空即可', every: '反复发生', span: '{a} 至 {b}', history: '更正记录（{n}）', show: '只标出“{kind}”',
  },
  en: {
    label: 'What it says', summary_label: 'In short', kind: { title: 'Title', summary: 'Summary', who: 'Who', where: 'Where', when: 'When', what: 'What', wanted: 'Wanted' },
    none: 'Not said', by: 'Corrected by {who}', edit: 'Correct “{kind}”', hint: 'One a line; empty where there is none', every: 'again and again', span: '{a} to {b}', history: 'Corrections ({n})', show: 'Mark “{kind}” alone',
  },
})
