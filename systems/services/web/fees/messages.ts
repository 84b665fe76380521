import { addMessages } from '@/i18n'

export const fees = addMessages({
  name: 'fees',
  zh: {
    pay: '去缴费', opening: '正在打开支付页面…', waive: '减免', refund: '退费', ground: '减免情形', reason: '理由', ok: '确定', cancel: '取消', state: { due: '待缴', paid: '已缴', waived: '已减免', void: '已作废', refunding: '退费中', refunded: '已退费' },
    title: '缴费对账', lead: '与支付平台逐日核对；平台有而本区没有的，自动补记', day: '日期', check: '对账', here: '本区记录', there: '平台流水', paid: '收款', refunded: '退款', equal: '两边一致', no: '单号', kind: { paid: '收款', refunded: '退款' }, what: { missing_here: '本区缺', missing_there: '平台缺', amount: '金额不符', unknown: '不是本区的单' }, mended: '已补记', differences: '差异', yuan: '{n} 元', case: '办件', lines: '{n} 笔',
  },
  en: {
    pay: 'Pay', opening: 'Opening the payment page…', waive: 'Waive', refund: 'Pay back', ground: 'Ground', reason: 'Reason', ok: 'OK', cancel: 'Cancel', state: { due: 'Due', paid: 'Paid', waived: 'Waived', void: 'Void', refunding: 'Being paid back', refunded: 'Paid back' },
    title: 'Payments', lead: 'Compared with the payment platform day by day; what it has and we have not is taken over', day: 'Day', check: 'Compare', here: 'Here', there: 'There', paid: 'Paid', refunded: 'Paid back', equal: 'Both sides agree', no: 'Order', kind: { paid: 'Paid', refunded: 'Paid back' }, what: { missing_here: 'Missing here', missing_there: 'Missing there', amount: 'Another amount', unknown: 'Not ours' }, mended: 'Taken over', differences: 'Differences', yuan: '¥{n}', case: 'Case', lines: '{n} lines',
  },
})
