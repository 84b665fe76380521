import { addMessages } from '@/i18n'

export const stuck = addMessages({
  name: 'stuck',
  zh: {
    title: { stuck: '办不成事', help: '帮办代办' }, lead: { stuck: '受理 → 分类 → 转办 → 办结 → 反馈 → 核查 → 备案', help: '到大厅、上门或延时，约好时间帮着办' },
    tab: { cases: '事项', month: '月度根因', refusals: '否定答复' }, none: '没有事项', none_text: '新的反映会出现在这里。', open_only: '在办', all: '全部', new: { stuck: '窗口登记', help: '登记帮办' },
    no: '编号', what: '事由', grade_of: '难易', grade: { simple: '简单', complex: '复杂', special: '特殊', hard: '疑难' }, state: '状态', unit: '单位', due: '期限', opened: '受理', late: '超期', person: '反映人', course: '经过', clocks: '时限', clock: { running: '进行中', paused: '暂停', met: '按时', missed: '超期', void: '终止' }, nothing: '目前没有您要做的', do: '提交', cancel: '取消', back: '返回', gone: '已转到其他单位', scope: '情形', cause: '根因', fix: '改进',
    form: { text: '办什么事、卡在哪里', name: '姓名', phone: '手机号', hall: '大厅', way: '方式', where: '上门地点' }, way: { hall: '到大厅', door: '上门', after: '延时服务' }, opened_as: '已登记，编号 {no}', guided: '不属“办不成事”范围，不作事项登记，请告知：',
    month: '月份', cases: '事项', closed: '已备案', in_time: '按时办结', guided_n: '引导到别处', causes: '根因排行', scopes: '情形', refusals: '否定答复', wrong: '其中不当', empty: '本月没有记录', of: '{n} / {of}',
    to_month: '回到月度根因', before: '上月 {n} 件', and: '、', no_fix: '还没有一类事的改进', about: '办件 {no}：', my_course: '经过', my_none: '还没有进展',
    said: '否定了什么', basis: '依据', by: '窗口', look: '核查', right: '合理', wrong_do: '不当', verdict: { right: '合理', wrong: '不当' }, no_refusals: '没有否定答复', no_refusals_text: '窗口每说一次“不行”都会记在这里。',
    report_title: '办不成事反映', report_lead: '符合条件却办不了、反复跑、没人管？告诉我们，当天有人联系您', report_scope: '是哪种情况', report_do: '提交反映', report_mine: '我的反映', report_done: '已收到，编号 {no}', report_done_text: '工作人员当天会联系您，进度在本页可以看到。', report_guide: '这件事请这样办', report_sign_in: '登录后反映', sign_in: '登录',
  },
  en: {
    title: { stuck: 'Stuck cases', help: 'Help' }, lead: { stuck: 'Accept → grade → send on → conclude → tell → verify → record', help: 'At the hall, at the door or after hours, by appointment' },
    tab: { cases: 'Cases', month: 'Root causes', refusals: 'Refusals' }, none: 'No cases', none_text: 'New ones appear here.', open_only: 'Open', all: 'All', new: { stuck: 'Take a case', help: 'Take on help' },
    no: 'No.', what: 'About', grade_of: 'Grade', grade: { simple: 'simple', complex: 'complex', special: 'special', hard: 'hard' }, state: 'State', unit: 'Unit', due: 'Due', opened: 'Opened', late: 'late', person: 'Person', course: 'Course', clocks: 'Clocks', clock: { running: 'running', paused: 'paused', met: 'met', missed: 'missed', void: 'void' }, nothing: 'Nothing for you to do now', do: 'Send', cancel: 'Cancel', back: 'Back', gone: 'It has gone to another unit', scope: 'Kind', cause: 'Root cause', fix: 'Change',
    form: { text: 'What is stuck, and where', name: 'Name', phone: 'Mobile', hall: 'Hall', way: 'Way', where: 'Where' }, way: { hall: 'at the hall', door: 'at the door', after: 'after hours' }, opened_as: 'Taken as {no}', guided: 'Not for this window and no case; please tell them:',
    month: 'Month', cases: 'Cases', closed: 'Recorded', in_time: 'In time', guided_n: 'Sent elsewhere', causes: 'Root causes', scopes: 'Kinds', refusals: 'Refusals', wrong: 'Of those wrong', empty: 'Nothing this month', of: '{n} / {of}',
    to_month: 'Back to root causes', before: '{n} the month before', and: ', ', no_fix: 'Nothing was changed for all yet', about: 'Case {no}: ', my_course: 'Course', my_none: 'Nothing yet',
    said: 'What was refused', basis: 'Ground', by: 'Window', look: 'Look', right: 'Right', wrong_do: 'Wrong', verdict: { right: 'right', wrong: 'wrong' }, no_refusals: 'No refusals', no_refusals_text: 'Every "no" said at a window is logged here.',
    report_title: 'Cannot get it done?', report_lead: 'Conditions met yet refused, sent back and forth, nobody in charge? Tell us: somebody calls you the same day', report_scope: 'What happened', report_do: 'Send', report_mine: 'My reports', report_done: 'Received as {no}', report_done_text: 'Staff will call you today; follow it on this page.', report_guide: 'This is how it is done', report_sign_in: 'Sign in to report', sign_in: 'Sign in',
  },
})
