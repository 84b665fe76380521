import { addMessages } from '@/i18n'

export const archives = addMessages({
  name: 'archives',
  zh: {
    title: '电子档案', lead: '办结的办件自动封装为归档信息包：表单、材料、文书、意见、过程、决定、收费、送达、证照', search: '档号、办件编号或事项', keep: { all: '全部期限', permanent: '永久', '30y': '30 年', '10y': '10 年' }, no: '档号', case: '办件', unit: '立档单位', files: '文件', size: '大小', until: '保管到', forever: '永久', made: '归档时间', version: '第 {n} 版', held: '保全', destroyed: '已销毁',
    take: '调阅', xml: '封装包', xml_is: '移交用的 XML 电子文件封装包（DA/T 48-2009）', take_reason: '调阅理由（记入审计）', check: '校验', good: '完整：{n} 个文件，清单哈希与记录一致', bad: '校验发现 {n} 个问题', manifest: '清单 SHA-256', due: '待归档 {n} 件', waiting: '等待文书或费用处理完毕', tries: '已试 {n} 次', next: '下次 {at}', empty: '还没有归档的办件', none: '没有找到', more: '更多', ok: '确定', cancel: '取消', copy: '复制',
    code: { unreadable: '无法读取', unsafe: '不安全的路径', too_large: '过大', manifest: '清单有误', missing: '缺少文件', changed: '文件被改动', extra: '多余的文件', twice: '重复', signature: '签名不符', record: '与记录不符' },
  },
  en: {
    title: 'Archive', lead: 'A case that is closed is packed: form, materials, documents, opinions, trace, decision, fees, delivery, licence', search: 'Number of the package or case, or item', keep: { all: 'All terms', permanent: 'For good', '30y': '30 years', '10y': '10 years' }, no: 'Number', case: 'Case', unit: 'Unit', files: 'Files', size: 'Size', until: 'Kept until', forever: 'For good', made: 'Archived', version: 'Version {n}', held: 'Held', destroyed: 'Destroyed',
    take: 'Take out', xml: 'As XML', xml_is: 'One XML file to hand over (DA/T 48-2009)', take_reason: 'Why (it is recorded)', check: 'Check', good: 'Whole: {n} files, the manifest is the one that was recorded', bad: '{n} problems', manifest: 'SHA-256 of the manifest', due: '{n} to be archived', waiting: 'Waits for its documents or fees', tries: '{n} tries', next: 'next {at}', empty: 'Nothing is archived yet', none: 'Nothing found', more: 'More', ok: 'OK', cancel: 'Cancel', copy: 'Copy',
    code: { unreadable: 'Cannot be read', unsafe: 'Unsafe path', too_large: 'Too large', manifest: 'Manifest is wrong', missing: 'Missing', changed: 'Changed', extra: 'Extra', twice: 'Twice', signature: 'Signature', record: 'Not what was recorded' },
  },
})
