import { addMessages } from '@/i18n'

export const notice = addMessages({
  name: 'notice',
  zh: {
    mail: {
      title: '邮件提醒', lead: '重要消息同时发到您的邮箱，随时可以关闭。', none: '本区尚未开通邮件提醒。', on: '已开启', off: '未开启', bounced: '邮箱退信', bounced_text: '邮件服务器拒收：{why}。请更换邮箱或重新验证。',
      address: '邮箱', placeholder: "name{'@'}example.com", send: '发送验证码', sent: '验证码已发到 {to}，十分钟内有效', code: '六位验证码', confirm: '确认', confirmed: '邮箱已验证', change: '更换邮箱', cancel: '取消', demo: '演示环境：验证码 {code}',
      what: '提醒范围', level: { all: '全部消息', urgent: '仅紧急消息', off: '不发邮件' }, hint: { all: '一分钟内的多条消息合并成一封；夜间的非紧急消息早上再发', urgent: '红牌、差评预警、临期等立即要处理的', off: '站内消息不受影响' }, saved: '已保存',
    },
    hooks: {
      title: '消息推送', lead: '把本单位及下级收到的消息，同时推送给单位自己的系统或工作群机器人。内容不含姓名和电话。', add: '新增接收方', none: '还没有接收方', none_text: '可以接入政务微信、企业微信、钉钉、飞书群机器人，或任何能接收 HTTP 推送的系统。',
      edit: '修改', drop: '删除', drop_sure: '删除“{name}”？还没推送出去的消息不再推送。', dropped: '已删除', try: '测试', try_ok: '对方已收下：{said}', try_bad: '对方没有收下：{said}', saved: '已保存',
      name: '名称', name_hint: '例如：西乡街道指挥中心群', unit: '推送哪个单位的消息', unit_hint: '包括其下级', format: '对方类型', formats: { standard: '业务系统（签名的 JSON）', wecom: '政务微信、企业微信群机器人', dingtalk: '钉钉群机器人', feishu: '飞书群机器人' },
      url: '推送地址', url_keep: '留空则沿用 {host} 的原地址', secret: '加签密钥', secret_hint: '机器人没有设置加签可留空', secret_keep: '留空则沿用原密钥', names: '只推送这些消息', names_hint: '不选则全部推送', urgent: '只推送紧急消息', live: '启用', ok: '保存', cancel: '取消',
      once: '签名密钥，只显示这一次', once_text: '请交给对方的工程师：按 Standard Webhooks 规范，用它验证每次推送的签名。', copy: '复制密钥', done: '已保存好',
      state: { on: '正常', off: '已停用', bad: '连续 {n} 次失败', fresh: '尚未推送' }, said: '最近应答 {when}：{said}', since: '自 {when} 起', all: '全部消息', some: '{n} 种消息', only_urgent: '仅紧急',
    },
    receipts: {
      title: '消息回执', lead: '短信、邮件和推送的每一条，对方是否收下', week: '近 {n} 天', tabs: { receipts: '回执', simulated: '模拟器收到的' },
      channel: { sms: '短信', mail: '邮件', webhook: '推送' }, any: '全部渠道', status: { waiting: '待发', sent: '已送达', failed: '失败重试中', refused: '被拒收', expired: '过期未发', none: '未发送', trouble: '有问题的' }, every: '全部状态',
      time: '时间', what: '消息', to: '发给', result: '结果', answer: '对方应答', again: '重发', again_done: '已重新发送', tries: '试了 {n} 次', none: '没有符合条件的回执', none_text: '换个渠道或状态看看。', more: '更多', about: '所属事项',
      simulated: '演示环境没有接通运营商、邮件服务器和外部系统，消息由模拟器代收，不会真的发出。', nothing: '还没有收到消息',
    },
  },
  en: {
    mail: {
      title: 'By mail', lead: 'What matters is sent to your mailbox as well; end it when you like.', none: 'The district sends no mail yet.', on: 'on', off: 'off', bounced: 'Refused', bounced_text: 'The mail server refuses it: {why}. Give another address, or confirm it again.',
      address: 'Mailbox', placeholder: "name{'@'}example.com", send: 'Send a code', sent: 'A code was sent to {to}; it counts for ten minutes', code: 'Code of six digits', confirm: 'Confirm', confirmed: 'The address is confirmed', change: 'Another address', cancel: 'Cancel', demo: 'Demonstration: the code is {code}',
      what: 'What is sent', level: { all: 'All notices', urgent: 'Only what is urgent', off: 'No mail' }, hint: { all: 'A minute’s notices are one letter; what can wait at night is sent in the morning', urgent: 'Red slips, bad ratings, terms about to pass', off: 'Your inbox here stays as it is' }, saved: 'Saved',
    },
    hooks: {
      title: 'Receivers', lead: 'What a unit and those below it are told, told to its own system or its group’s robot too. It holds no name and no phone.', add: 'Name a receiver', none: 'No receiver yet', none_text: 'A robot of WeCom, DingTalk or Feishu, or any system that takes a POST.',
      edit: 'Change', drop: 'Remove', drop_sure: 'Remove “{name}”? What still waits for it is not sent.', dropped: 'Removed', try: 'Try', try_ok: 'It took it: {said}', try_bad: 'It did not take it: {said}', saved: 'Saved',
      name: 'Name', name_hint: 'Such as: command centre of Xixiang', unit: 'Whose notices', unit_hint: 'With those below it', format: 'Kind', formats: { standard: 'A system (signed JSON)', wecom: 'Robot of WeCom', dingtalk: 'Robot of DingTalk', feishu: 'Robot of Feishu' },
      url: 'Address', url_keep: 'Empty keeps the one at {host}', secret: 'Secret', secret_hint: 'Empty where the robot signs nothing', secret_keep: 'Empty keeps the one it has', names: 'Only these notices', names_hint: 'None chosen are all', urgent: 'Only what is urgent', live: 'In use', ok: 'Save', cancel: 'Cancel',
      once: 'The secret, shown this once', once_text: 'Give it to the receiver’s engineer: by Standard Webhooks it proves each message.', copy: 'Copy the secret', done: 'Kept',
      state: { on: 'Works', off: 'Not in use', bad: '{n} failures in a row', fresh: 'Told nothing yet' }, said: 'Last answer {when}: {said}', since: 'since {when}', all: 'All notices', some: '{n} notices', only_urgent: 'urgent only',
    },
    receipts: {
      title: 'Receipts', lead: 'Whether each message, letter and post was taken', week: '{n} days', tabs: { receipts: 'Receipts', simulated: 'What simulators took' },
      channel: { sms: 'Message', mail: 'Mail', webhook: 'Receiver' }, any: 'All channels', status: { waiting: 'Waiting', sent: 'Sent', failed: 'Failed, tried again', refused: 'Refused', expired: 'Too late', none: 'Not sent', trouble: 'Trouble' }, every: 'All',
      time: 'When', what: 'Notice', to: 'To', result: 'Result', answer: 'Answer', again: 'Send again', again_done: 'It is sent again', tries: '{n} tries', none: 'None such', none_text: 'Try another channel or result.', more: 'More', about: 'About',
      simulated: 'The demonstration reaches no operator, mail server or system outside: simulators take what would leave.', nothing: 'Nothing yet',
    },
  },
})
