import { addMessages } from '@/i18n'

export const quality = addMessages({
  name: 'quality',
  zh: {
    title: '分平台数据质量', back: '考核评价', lead: '完整性 — 及时性 — 稳定性', by: '统计周期', month: '按月', day: '按日', at: '截至 {when}', channel: '渠道', none: '没有数据质量方案', none_text: '在配置包 appeals/quality.yaml 中设置指标与方案。', no_value: '样本不足',
    not_ranked: '本期没有数据，不排名', losses: '扣分明细', losses_none: '没有扣分', losses_most: '按扣分从高到低，最多 200 条', trend: '走势', no_trend: '每夜留存一次，两期以上显示走势', definition: '指标口径', grain: { arrival: '到达', day: '日期', delivery: '投递' }, delivery: '消息或批次 {id}',
  },
  en: {
    title: 'Data quality of channels', back: 'Assessment', lead: 'Complete — timely — steady', by: 'Period', month: 'Month', day: 'Day', at: 'as of {when}', channel: 'Channel', none: 'No scheme of data quality', none_text: 'Set indicators and a scheme in appeals/quality.yaml of the pack.', no_value: 'too few',
    not_ranked: 'No data in the period, not ranked', losses: 'What lost points', losses_none: 'Nothing lost points', losses_most: 'The dearest first, at most 200', trend: 'Trend', no_trend: 'Kept every night; shown from the second on', definition: 'Definitions', grain: { arrival: 'Came', day: 'Day', delivery: 'Delivery' }, delivery: 'Message or batch {id}',
  },
})
