import { addMessages } from '@/i18n'

addMessages({
  name: 'papercheck',
  zh: { genuine: '这份文书是真实的', unknown: '没有这份文书', unknown_text: '二维码不完整，或者不是本平台出具的文书。', what: '文书', no: '文号', unit: '出具单位', day: '日期', compare: '选择手里的文件，核对内容', same: '与盖章时的文件一致', other: '与盖章时的文件不一致，内容可能被改过', note: '核对在您的设备上进行，文件不会上传。' },
  en: { genuine: 'This document is genuine', unknown: 'There is no such document', unknown_text: 'The code is damaged, or the document was not issued here.', what: 'Document', no: 'Number', unit: 'Issued by', day: 'Day', compare: 'Compare the file that you hold', same: 'The file is the one that was sealed', other: 'The file is not the one that was sealed; it may have been changed', note: 'It is compared on your device; the file is not uploaded.' },
})
