import { addMessages } from '@/i18n'

addMessages({
  name: 'graph',
  zh: {
    title: '关联图谱', lead: '诉求把事项、单位、地点、企业、依据和主题连在一起：点一个节点看它牵连到什么', search: '查企业、地点、事项、单位、法规', window: '时间', days: { d30: '近 30 天', d90: '近 90 天', d365: '近一年', d0: '全部' },
    kind: { matter: '诉求', item: '事项', unit: '单位', street: '街道', community: '社区', place: '地点', enterprise: '企业', basis: '依据', topic: '主题' },
    most: '提到最多的', none: '没有找到', none_text: '换个名称或放宽时间试试', empty: '还没有诉求提到企业或地点', counts: '{n} 件 · 在办 {open} · 超期 {late}', n: '{n} 件', more: '只统计了最新的 3000 件', rows: '查看诉求', newest: '最新诉求', back: '重新开始', alone: '这段时间内没有与它相连的诉求', label: '{name}的关联图谱，旁边的列表内容相同',
  },
  en: {
    title: 'Graph', lead: 'Appeals tie items, units, places, enterprises, laws and topics together: choose a node to see what it has to do with', search: 'Enterprise, place, item, unit, law', window: 'Time', days: { d30: 'Last 30 days', d90: 'Last 90 days', d365: 'Last year', d0: 'All' },
    kind: { matter: 'Appeal', item: 'Item', unit: 'Unit', street: 'Street', community: 'Community', place: 'Place', enterprise: 'Enterprise', basis: 'Law', topic: 'Topic' },
    most: 'Spoken of most', none: 'Nothing found', none_text: 'Try another name or a longer time', empty: 'No appeal speaks of an enterprise or a place yet', counts: '{n} appeals · {open} open · {late} late', n: '{n}', more: 'The newest 3,000 were counted', rows: 'See the appeals', newest: 'Newest appeals', back: 'Begin anew', alone: 'No appeal has to do with it in this time', label: 'Graph of {name}; the list beside it says the same',
  },
})
