import { addMessages } from '@/i18n'

export const items = addMessages({
  name: 'items',
  zh: {
    guide: '办事指南', guide_lead: '查办事条件、材料、时限和地点', search: '想办什么事？如：网约车证、老人补贴', clear: '清空', none: '没有找到这件事', none_text: '换个说法试试，或者问一问。', ask: '问一问', all: '全部', more: '加载更多', found: '{n} 件',
    title: '政务服务事项', lead: '事项清单与规范化检查；导入用 shanzhi import items', desk_search: '名称、俗称、部门或编码', all_types: '全部类型', all_departments: '全部部门', online: '网办', not_online: '不能网办', either: '不限',
    type: { '01': '行政许可', '02': '行政处罚', '03': '行政强制', '04': '行政征收', '05': '行政给付', '06': '行政检查', '07': '行政确认', '08': '行政奖励', '09': '行政裁决', '10': '其他行政权力', '20': '公共服务', '': '未注明类型' },
    name: '事项', department: '实施部门', promised: '承诺时限', legal: '法定时限', saved: '压缩', score: '规范化得分', state_name: '状态', changed: '更新', version: '第 {n} 版', code: '实施编码', basic: '基本编码',
    state: { draft: '草稿', checked: '已核对', published: '已发布', retired: '已停用' },
    days: { working: '{n} 个工作日', calendar: '{n} 日' }, at_once: '当场办结', saved_days: '比法定少 {n} 天', visits: '到现场 {n} 次', no_visit: '不用跑现场', can_online: '可网上办', post: '结果可邮寄', book: '可预约', go: '去网上办理',
    conditions: '受理条件', materials: '需要的材料', no_materials: '不需要提交材料', place: '办理地点', phone: '咨询电话', complaints: '监督电话', laws: '依据', objects: '服务对象', partners: '联办部门', updated: '{date}更新', source: { pack: '辖区包', guangdong: '广东省清单', guangan: '广安区清单', '': '本区' }, not_said: '清单没有写明，请向实施部门咨询',
    sum: { items: '事项总数', online: '网办率', saved: '较法定压缩', score: '规范化均分' }, sum_of: { items: '已发布的事项', online: '可网办 {n} ÷ 说明是否网办的 {of}', saved: '法定时限 − 承诺时限之和，计 {n} 件两项都有的', score: '检查项扣分后的平均分，满分 100' }, days_unit: '天',
    tabs: { items: '事项', departments: '部门' }, by: '各部门规范化', count: '事项', of: '{n}/{of}',
    flaws: '规范化检查', no_flaws: '没有发现问题', points: '扣 {n} 分',
    flaw: { no_code: '没有实施编码', bad_code: '实施编码不符合编码规则', basic_differs: '基本编码与实施编码不一致', no_type: '没有事项类型', no_legal_days: '许可事项没有法定时限', promise_over_legal: '承诺时限超过法定时限', no_promise: '没有承诺时限', no_conditions: '没有受理条件', no_law: '没有设定依据', visits: '需要到现场', not_online: '不能网上办理', no_phone: '没有咨询电话', no_place_nor_online: '没有办理地点，也不能网办', vague_material: '材料名称含糊', held_certificate: '要求提交已有电子证照的材料', repeated_material: '材料重复' },
    element: '要素', value: '内容', back: '返回事项列表',
  },
  en: {
    guide: 'Services', guide_lead: 'Conditions, papers, times and places', search: 'What would you like to do?', clear: 'Clear', none: 'Nothing of that was found', none_text: 'Try other words, or ask.', ask: 'Ask', all: 'All', more: 'Load more', found: '{n} found',
    title: 'Service items', lead: 'The list of items and what its checks find; bring lists in with shanzhi import items', desk_search: 'Name, what people call it, department or code', all_types: 'All types', all_departments: 'All departments', online: 'Online', not_online: 'Not online', either: 'Either',
    type: { '01': 'Licence', '02': 'Penalty', '03': 'Coercion', '04': 'Levy', '05': 'Benefit', '06': 'Inspection', '07': 'Confirmation', '08': 'Award', '09': 'Adjudication', '10': 'Other power', '20': 'Public service', '': 'No type given' },
    name: 'Item', department: 'Department', promised: 'Promised', legal: 'By law', saved: 'Saved', score: 'Score', state_name: 'State', changed: 'Changed', version: 'Version {n}', code: 'Implementation code', basic: 'Basic code',
    state: { draft: 'Draft', checked: 'Checked', published: 'Published', retired: 'Retired' },
    days: { working: '{n} working days', calendar: '{n} days' }, at_once: 'At once', saved_days: '{n} days fewer than by law', visits: 'Come {n} times', no_visit: 'No need to come', can_online: 'Online', post: 'Result by post', book: 'By appointment', go: 'Do it online',
    conditions: 'Conditions', materials: 'Papers', no_materials: 'No papers are needed', place: 'Where', phone: 'Enquiries', complaints: 'Complaints', laws: 'Law', objects: 'For whom', partners: 'Other departments', updated: 'Updated {date}', source: { pack: 'District pack', guangdong: 'List of Guangdong', guangan: "List of Guang'an", '': 'Made here' }, not_said: 'The list does not say; ask the department',
    sum: { items: 'Items', online: 'Online', saved: 'Saved', score: 'Mean score' }, sum_of: { items: 'Published items', online: '{n} online ÷ {of} that say', saved: 'Sum of legal less promised days over {n} items that tell both', score: 'Mean of 100 less what the checks take off' }, days_unit: 'days',
    tabs: { items: 'Items', departments: 'Departments' }, by: 'Departments', count: 'Items', of: '{n}/{of}',
    flaws: 'Checks', no_flaws: 'Nothing was found', points: '−{n}',
    flaw: { no_code: 'No implementation code', bad_code: 'The code does not follow the standard', basic_differs: 'The basic code differs', no_type: 'No type', no_legal_days: 'A licence without a legal time', promise_over_legal: 'The promise is longer than the law', no_promise: 'No promised time', no_conditions: 'No conditions', no_law: 'No law', visits: 'One must come', not_online: 'Not online', no_phone: 'No telephone', no_place_nor_online: 'Neither a place nor online', vague_material: 'A vague paper', held_certificate: 'Asks for what is held as a certificate', repeated_material: 'A paper stands twice' },
    element: 'Element', value: 'Content', back: 'Back to the items',
  },
})
