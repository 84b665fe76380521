import { addMessages } from '@/i18n'

addMessages({
  name: 'helper',
  zh: {
    title: '办件助手', similar: '办结过的同类件', none: '您能看到的范围内没有办结过的同类件', same_item: '同事项', rated: '满意度 {n}/5', days: '{n} 天办结', alike: '相似 {n}%', use: '引用这段答复',
    duty: '事项与依据', includes: '包括', excludes: '不包括', photos: '答复须附照片 {n} 张', no_item: '还没有确定事项', draft: '答复草稿', blanks: '还有 {n} 处【】要按实际填写，填完才能提交', from: '参照 {no}',
    insert: '放入答复', polish: '润色措辞', machine: '大模型润色，使用前请核对', kept: { off: '没有配置大模型', failed: '大模型没有回应，保留原文', added: '大模型添加了原文没有的内容（{what}），保留原文' }, facts_hint: '草稿只用诉求原文和办理记录，不替您编写事实',
  },
  en: {
    title: 'Helper', similar: 'Solved before', none: 'Nothing like it was solved among what you may see', same_item: 'Same item', rated: 'Rated {n}/5', days: 'Closed in {n} days', alike: '{n}% alike', use: 'Take up this reply',
    duty: 'Item and law', includes: 'Includes', excludes: 'Not', photos: 'The reply needs {n} photos', no_item: 'The item is not settled yet', draft: 'Draft of a reply', blanks: '{n} blanks to fill in with what was done before it can be sent', from: 'After {no}',
    insert: 'Put into the reply', polish: 'Better the wording', machine: 'Worded by a language model: read it before you use it', kept: { off: 'No language model is configured', failed: 'The language model did not answer; the text stays', added: 'The language model added what is not in the text ({what}); the text stays' }, facts_hint: 'The draft rests on the appeal and the records alone; it makes up no facts',
  },
})
