import { addMessages } from '@/i18n'

export const apply = addMessages({
  name: 'apply',
  zh: {
    start: '申请办理', go_on: '继续填写', sign_in: '登录后申请', title: '申请', step: '第 {n} 步，共 {of} 步', next: '下一步', prev: '上一步', saved: '已保存', saving: '正在保存…', unsaved: '没有保存，请检查网络', kept: '草稿保留到 {date}，随时可以回来接着填',
    fill_title: '用已有的信息自动填写', fill_text: '经您同意，系统会向以下来源查询，查到的内容会标明来源和时间：本人账户{sources}。查询有记录，您随时可以查看。', fill_more: '，以及{sources}', fill: '同意并自动填写', filling: '正在查询…', by_hand: '不用，我自己填', filled: '已填好 {n} 项',
    materials: '材料', materials_lead: '按您的情况，需要以下材料', none_needed: '不用提交任何材料', exempt: '免提交', made: '系统生成', bring: '请上传', later: '可以以后补交', or_promise: '也可以用书面承诺代替', missing: '还没有上传', got: '已上传 {n} 个文件', law: '依据：{law}',
    promise: '告知承诺', promise_yes: '我作出以上承诺', promised: '已承诺',
    check: '核对并提交', check_lead: '请核对，提交后发现问题可以撤回', edit: '修改', not_answered: '未填写', send: '提交申请', sending: '正在提交…', person: '不用机器自动审批，请工作人员办理', person_text: '法律规定您可以拒绝只由机器作出的决定（《个人信息保护法》第二十四条）',
    instant_hint: '这件事可以秒批：符合条件的，提交后马上出结果', fix: '还有 {n} 处需要填写或改正',
    exit: '暂不符合申请条件', exit_text: '如果您认为有误，可以到办事窗口咨询，或者拨打 12345。', change: '改一下答案', discard: '删除草稿', discard_sure: '删除后不能恢复，确定删除吗？',
    granted: '已经办好了', granted_text: '符合条件，当场批准', received: '已提交，等待受理', received_text: '五个工作日内会告知您是否受理；逾期不告知的，自收到之日起即为受理。', human: '转由工作人员办理', human_text: '有的条件系统不能确认，由工作人员继续办理，不会因此直接拒绝您。',
    no: '办件编号', code: '查询码', licence: '查看证照', see: '查看办件', home: '返回', drafts: '没有填完的申请', counter: '窗口收件', counter_lead: '与申请人一起填写；申请人须在场并同意', applicant_name: '申请人姓名', applicant_phone: '手机号', applicant_id: '身份证号', agree: '申请人在场，同意由我协助填写', begin: '开始收件', conflict: '这份申请在别处改过，已重新载入',
  },
  en: {
    start: 'Apply', go_on: 'Go on', sign_in: 'Sign in to apply', title: 'Application', step: 'Step {n} of {of}', next: 'Next', prev: 'Back', saved: 'Saved', saving: 'Saving…', unsaved: 'Not saved; check the network', kept: 'The draft is kept until {date}',
    fill_title: 'Fill in what is known already', fill_text: 'With your consent these are asked, and each answer says where it is from and when: your account{sources}. You can see every query.', fill_more: ', and {sources}', fill: 'Agree and fill in', filling: 'Asking…', by_hand: 'No, I fill it in myself', filled: '{n} answers filled in',
    materials: 'Papers', materials_lead: 'In your case these are needed', none_needed: 'No papers need be sent', exempt: 'Not needed', made: 'Made here', bring: 'Please send', later: 'May come later', or_promise: 'or a written commitment', missing: 'Not sent yet', got: '{n} files sent', law: 'Law: {law}',
    promise: 'Commitment', promise_yes: 'I make this commitment', promised: 'Committed',
    check: 'Check and send', check_lead: 'Please check; you can withdraw it afterwards', edit: 'Change', not_answered: 'Not answered', send: 'Send', sending: 'Sending…', person: 'A person shall decide, not a machine', person_text: 'By law you may refuse a decision made by a machine alone (PIPL art. 24)',
    instant_hint: 'This is approved at once where the conditions are met', fix: '{n} answers are missing or wrong',
    exit: 'Not eligible at present', exit_text: 'If you think this is wrong, ask at a counter or call 12345.', change: 'Change the answer', discard: 'Delete the draft', discard_sure: 'It cannot be brought back. Delete it?',
    granted: 'Done', granted_text: 'The conditions are met; it is granted', received: 'Sent; waiting for acceptance', received_text: 'You are told within five working days whether it is accepted; if not told, it counts as accepted from today.', human: 'A person goes on with it', human_text: 'The system could not confirm every condition. Nothing is refused for that.',
    no: 'Number', code: 'Code', licence: 'See the licence', see: 'See the case', home: 'Back', drafts: 'Not finished', counter: 'Take in at the counter', counter_lead: 'Fill it in with the applicant, who is there and agrees', applicant_name: 'Name', applicant_phone: 'Phone', applicant_id: 'Identity number', agree: 'The applicant is here and agrees', begin: 'Begin', conflict: 'It was changed elsewhere and was loaded anew',
  },
})
