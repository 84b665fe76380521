import { addMessages } from '@/i18n'

export const face = addMessages({
  name: 'face',
  zh: {
    hello: '请点选要办的业务', offline: '网络中断，正在重新连接。现在只能留言回电；其他业务恢复后自动可用，急事请到人工窗口。', altered: '本机记录异常，请联系工作人员', locked: '本机暂停服务', locked_text: '请使用旁边的机器，或拨打 {phone}', stopped: '暂不可用',
    ticket: '取号', ticket_text: '现场取号、预约签到', apply: '申请办理', apply_text: '{n} 项可自助办理', progress: '查进度', progress_text: '凭办件编号和查询码', licence: '领取证照', licence_text: '营业执照等自助打印', print: '办事指南', print_text: '扫码带走或打印', call_back: '留言回电', call_back_text: '留下手机号，工作人员回电',
    back: '返回', next: '下一步', home: '首页',
    card: '刷身份证登录', card_text: '请把身份证放在读卡区，正对摄像头，再点这里', card_reading: '正在读卡和比对…', card_off: '读卡器暂不可用，请用手机号登录', sign: '或者用手机号登录', sign_text: '验证码发到您的手机；离开时自动退出', phone: '手机号', code: '验证码', get: '获取验证码', got: '验证码已发送', demo: '演示验证码：{code}', signing: '登录并继续', choose_item: '选择要办理的事项', no_items: '本机没有可自助办理的事项',
    p_code: '请扫描或输入 8 位领证码', p_code_hint: '在手机“自助领证”里查看', p_card: '请把身份证放在读卡区', p_card_text: '须法定代表人（持证人）本人，或已授权的经办人；同时请正对摄像头', p_read: '开始核验', p_reading: '正在读卡和比对…', p_found: '核验通过', p_holder: '持证人', p_by_agent: '经办人代领', p_no: '证照编号', p_print: '打印证照', p_printing: '正在打印，请勿离开', p_printing_text: '打印、拍照留存约需半分钟', p_done: '请取走证照', p_done_text: '空白证序号 {serial}。已拍照存证，保存 90 天。', p_spoilt: '这张没有打好，已作废登记', p_spoilt_text: '请重新核验，本机会换一张空白证再打一次。', again: '重新核验', end: '完成',
    rate: '请为这次服务打分', r1: '很不满意', r2: '不满意', r3: '一般', r4: '满意', r5: '很满意', thanks: '谢谢！',
    cb_title: '留言回电', cb_text: '手机号加密保存在本机，联网后只交给本站帮办人员', cb_what: '想办什么（可不填）', cb_send: '提交', cb_done: '已记下，网络恢复后工作人员会给您回电',
    pr_no: '办件编号', pr_code: '查询码', pr_find: '查询', scan: '用手机扫码查看', print_it: '打印',
  },
  en: {
    hello: 'Choose what you came for', offline: 'The line is down; this machine tries again by itself. You can leave your number to be called back; all else comes back with the line. If it is urgent, go to a window.', altered: 'The records of this machine are not right; please tell the staff', locked: 'Out of service', locked_text: 'Use another machine, or call {phone}', stopped: 'not now',
    ticket: 'Take a number', ticket_text: 'Here and now, or check in', apply: 'Apply', apply_text: '{n} services', progress: 'Progress', progress_text: 'By number and code', licence: 'Pick up a licence', licence_text: 'Printed here', print: 'Guides', print_text: 'Scan or print', call_back: 'Be called back', call_back_text: 'Leave your number',
    back: 'Back', next: 'Next', home: 'Home',
    card: 'Sign in by identity card', card_text: 'Put your card on the reader, look at the camera, and press here', card_reading: 'Reading and comparing…', card_off: 'The reader does not work now; sign in by phone', sign: 'Or sign in by phone', sign_text: 'A code is sent to you; you are signed out when you leave', phone: 'Mobile', code: 'Code', get: 'Send code', got: 'Sent', demo: 'Code of the demonstration: {code}', signing: 'Sign in', choose_item: 'Choose a service', no_items: 'Nothing can be applied for at this machine',
    p_code: 'Scan or type your pickup code', p_code_hint: 'It stands in the phone under self-pickup', p_card: 'Put your identity card on the reader', p_card_text: 'The holder (legal representative), or the agent whom the holder named; please look at the camera', p_read: 'Begin', p_reading: 'Reading and comparing…', p_found: 'You may pick it up', p_holder: 'Holder', p_by_agent: 'by the agent', p_no: 'Number', p_print: 'Print', p_printing: 'Printing, please stay', p_printing_text: 'It takes half a minute', p_done: 'Please take your licence', p_done_text: 'Sheet {serial}. Photos are kept for 90 days.', p_spoilt: 'This sheet was spoilt and is void', p_spoilt_text: 'Show your card again: it is printed once more on another sheet.', again: 'Again', end: 'Done',
    rate: 'How was it?', r1: 'Very bad', r2: 'Bad', r3: 'Fair', r4: 'Good', r5: 'Very good', thanks: 'Thank you!',
    cb_title: 'Be called back', cb_text: 'Your number is sealed in this machine and goes to the helper alone', cb_what: 'What about (optional)', cb_send: 'Send', cb_done: 'Noted: you are called when the line is back',
    pr_no: 'Case number', pr_code: 'Code', pr_find: 'Find', scan: 'Scan with your phone', print_it: 'Print',
  },
})
