import { addMessages } from '@/i18n'

export const startup = addMessages({
  name: 'startup',
  zh: { title: '企业开办专区', lead: '大礼包每家企业领一次，按价格记入节省台账', stock: '库存', given: '已发', saved: '为企业节省', value: '每份', give: '发放', uscc: '统一社会信用代码', name: '企业名称', licensed: '执照日期', given_to: '已发给 {name}', receive: '入库', counted: '盘点', delta: '数量', ledger: '节省台账', none: '还没有发放', when: '时间', pack: '礼包', by: '经办', yuan: '¥{n}', no_packs: '没有大礼包', free: '免费' },
  en: { title: 'Enterprise start-ups', lead: 'One pack an enterprise; what it saves is kept at its price', stock: 'In stock', given: 'Given', saved: 'Saved for enterprises', value: 'Each', give: 'Give', uscc: 'Credit code', name: 'Enterprise', licensed: 'Licensed on', given_to: 'Given to {name}', receive: 'Received', counted: 'Counted', delta: 'How many', ledger: 'Saving ledger', none: 'None was given yet', when: 'When', pack: 'Pack', by: 'By', yuan: '¥{n}', no_packs: 'No packs', free: 'free' },
})
