import { addMessages } from '@/i18n'

export const province = addMessages({
  name: 'province',
  zh: {
    title: '数据上报', lead: '事项、办件、证照逐条报送省政务服务平台；省平台退回的数据在这里修复后重报', unconnected: '尚未接入省平台：数据在排队等候', failing: '省平台没有接收，将于 {at} 重试：{why}',
    tile: { waiting: '等候报送', oldest: '最早一条已等 {age}', none_waiting: '没有积压', timely: '七日及时率', within: '{n} 分钟内送达 {a}/{b}', median: '中位 {n} 分钟', rejected: '七日退回率', of: '退回 {a}/{b}', open: '退回待处理', across: '{n} 个部门' },
    box: '退回箱', all_types: '全部原因', all_units: '全部部门', state: { open: '待处理', resent: '已重报', marked: '已标记' }, said: '省平台说', when: '退回时间', table: '数据表', about: '对应', unit: '部门', empty: '没有退回的数据', none_marked: '没有记录', no_row: '不是本区的数据',
    sent: '报送内容', now: '修复后将报送', same: '与已报送的内容相同', field: '字段', value: '已报送', value_now: '现在', versions: '报送记录', version: '版本', op: '操作', row_state: { queued: '排队', sent: '已送达', rejected: '被退回', dropped: '不再报送' }, others: '同一{what}还有 {n} 条被退回，将一并重报', kind: { case: '办件', licence: '证照', item: '事项' }, fix: '去修复', open_case: '打开办件', open_item: '打开事项', open_pack: '机构代码在办件规则中维护',
    resend: '重新上报', resend_all: '同类全部重报', all_done: '{n} 条已重新排队', mark: '标记不再报送', reason: '理由', reason_opt: '说明（选填）', ok: '确定', cancel: '取消', resent_done: '已重新排队', marked_done: '已标记', by: '{by} {at}', masked: '个人信息只在报送时填入，这里不显示',
    days: '逐日对账', lead_days: '按表比对行数和哈希；省平台缺的自动补报', check: '核对', day: '日期', equal: '一致', differ: '{n} 处差异', here: '本区', there: '省平台', waiting: '等候', in_box: '退回', last: '上次核对 {at}', what: { missing_there: '省平台缺', missing_here: '本区没有', differs: '内容不一致' }, again: '已补报', more: '另有 {n} 处', row: '行',
    type: { required: '必填项为空', org_code: '机构代码有误', org_unknown: '机构未登记', project_unknown: '缺少受理信息', task_unknown: '事项未登记', date_order: '日期先后有误', invalid: '格式有误', no_table: '没有此表' },
    tab: { up_task_directory: '基本目录', up_task_general_fee_project: '收费项目', up_task_general_questions: '常见问题', up_task_general_basic: '实施清单', up_task_general_extend: '实施清单扩展', up_task_general_material: '申请材料目录', up_pro_accept: '受理信息', up_pro_material: '办件材料', up_pro_process: '办理环节', up_pro_special_procedure: '特别程序', up_pro_result: '办理结果', up_lic_data: '电子证照' },
    minutes: '{n} 分钟', hours: '{n} 小时', ago_days: '{n} 天', tables: '七日报送', queued: '等候', taken: '送达', dropped: '不再报送',
  },
  en: {
    title: 'Province', lead: 'Items, cases and licences are told to the province row by row; what it would not take is repaired here and sent again', unconnected: 'Not connected: rows are waiting', failing: 'The province did not take them; tried again {at}: {why}',
    tile: { waiting: 'Waiting', oldest: 'the oldest for {age}', none_waiting: 'nothing waits', timely: 'In time, seven days', within: 'within {n} minutes {a}/{b}', median: 'median {n} minutes', rejected: 'Rejected, seven days', of: 'rejected {a}/{b}', open: 'Open in the box', across: '{n} departments' },
    box: 'Rejects', all_types: 'All kinds', all_units: 'All departments', state: { open: 'Open', resent: 'Sent again', marked: 'Marked' }, said: 'The province says', when: 'When', table: 'Table', about: 'About', unit: 'Department', empty: 'Nothing was rejected', none_marked: 'None', no_row: 'No row of ours',
    sent: 'What was sent', now: 'What would be sent', same: 'The same as was sent', field: 'Column', value: 'Sent', value_now: 'Now', versions: 'Versions', version: 'Version', op: 'Operation', row_state: { queued: 'Queued', sent: 'Taken', rejected: 'Rejected', dropped: 'Dropped' }, others: '{n} more of the same {what} did not pass, and are sent again with it', kind: { case: 'case', licence: 'licence', item: 'item' }, fix: 'Repair', open_case: 'Open the case', open_item: 'Open the item', open_pack: 'Codes of bodies stand in the rules of casework',
    resend: 'Send again', resend_all: 'Send all of this kind again', all_done: '{n} queued again', mark: 'Do not send again', reason: 'Why', reason_opt: 'Note (optional)', ok: 'OK', cancel: 'Cancel', resent_done: 'Queued again', marked_done: 'Marked', by: '{by} {at}', masked: 'Personal data is put in only when it is sent',
    days: 'Compared by day', lead_days: 'Counts and hashes by table; what the province has not is sent again', check: 'Compare', day: 'Day', equal: 'Equal', differ: '{n} differences', here: 'Here', there: 'There', waiting: 'Waiting', in_box: 'Rejected', last: 'last compared {at}', what: { missing_there: 'Missing there', missing_here: 'Missing here', differs: 'Differs' }, again: 'Sent again', more: '{n} more', row: 'Row',
    type: { required: 'A column is empty', org_code: 'Wrong code of a body', org_unknown: 'Body not known', project_unknown: 'Case not known', task_unknown: 'Item not known', date_order: 'Dates in a wrong order', invalid: 'Malformed', no_table: 'No such table' },
    tab: { up_task_directory: 'Catalogue', up_task_general_fee_project: 'Items, fees', up_task_general_questions: 'Items, questions', up_task_general_basic: 'Items', up_task_general_extend: 'Items, more', up_task_general_material: 'Items, materials', up_pro_accept: 'Acceptance', up_pro_material: 'Materials', up_pro_process: 'Steps', up_pro_special_procedure: 'Special procedures', up_pro_result: 'Results', up_lic_data: 'Licences' },
    minutes: '{n} min', hours: '{n} h', ago_days: '{n} days', tables: 'Seven days', queued: 'Waiting', taken: 'Taken', dropped: 'Dropped',
  },
})
