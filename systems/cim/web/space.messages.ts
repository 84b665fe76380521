import { addMessages } from '@/i18n'

export const spaceMessages = addMessages({
  name: 'space',
  zh: {
    title: '产业空间', lead: '按楼栋和房屋的底账：面积、承重、净高、租金、空置和可租日期', synthetic: '模拟数据', all: '全部', units: '按房屋', houses: '按楼栋', none: '没有符合条件的空间', none_text: '放宽条件再看；还没有数据时先载入城市', more: '更多', clear: '清空',
    uses: { factory: '厂房', office: '办公', shop: '商铺' }, states: { owned: '自用', let: '出租', vacant: '空置' },
    use: '用途', state: '状态', area_from: '面积不小于（㎡）', area_to: '面积不大于（㎡）', load: '承重不低于（t/㎡）', height: '净高不低于（m）', rent_to: '租金不高于（元/㎡·月）', free_by: '最迟可租日',
    stock: '存量', unit_n: '{n} 套，{b} 栋', vacant: '空置', rate: '空置率', soon: '90 天内到期', paid: '在租均价', asked: '招租均价', per: '元/㎡·月', m2: '㎡',
    comma: '、', name: '楼栋', room: '房屋', floor: '楼层', area: '面积', gross: '含公摊', carries: '承重', clear_height: '净高', rent: '租金', free: '可租', firm: '使用单位', now: '现可租', owner: '自用不租', until: '租至 {day}', lowest: '招租最低',
    back: '产业空间', page: '楼栋页', reference: '参考租金', refused: '可比案例不足 3 个（{n} 个），不给参考租金', of: '{n} 个可比案例的加权中位数，四分位 {low}–{high}', how: '同用途、{reach} 米内、{months} 个月内起租；权重 = e^(−距离/{distance} 米) × e^(−月数/{age} 月) × e^(−面积差比)；每高五层加 {floors}%', comparables: '可比案例', distance: '距离', months: '起租', adjusted: '折算到本层', weight: '权重', month_n: '{n} 个月前',
    update: '长效更新', update_lead: '各图层的来源、触发、时效与覆盖；面积和长度由数据逐行算出', layer: '图层', source: '来源', trigger: '触发', epoch: '数据日期', age: '已过', days: '{n} 天', limit: '时限', overdue: '超期 {n} 天', fresh: '在时限内', no_rule: '未定时限', things: '要素', covered: '覆盖', size: '规模', changes: '90 天变更', missing: '还没有数据的社区 {n} 个', log: '变更日志', no_log: '还没有变更', kind: { insert: '新增', update: '更新', terminate: '终止' }, of_area: '全区 {n} km²', board_none: '还没有城市数据',
    layers: { building: '建筑', terrain: '地形', pipe: '管线', road: '道路', parcel: '地块', camera: '视频点位', pole: '灯杆', station: '站点', water: '水域', area: '政区' },
  },
  en: {
    title: 'Space for work', lead: 'By building and unit: area, load, height, rent, what is vacant and from when it can be had', synthetic: 'Synthetic', all: 'All', units: 'Units', houses: 'Buildings', none: 'No space meets this', none_text: 'Ask for less; where there is no data, load the city first', more: 'More', clear: 'Clear',
    uses: { factory: 'Factory', office: 'Office', shop: 'Shop' }, states: { owned: 'Owner’s', let: 'Let', vacant: 'Vacant' },
    use: 'Use', state: 'State', area_from: 'Area from (m²)', area_to: 'Area to (m²)', load: 'Load from (t/m²)', height: 'Height from (m)', rent_to: 'Rent to (yuan/m²·month)', free_by: 'To be had by',
    stock: 'Stock', unit_n: '{n} units in {b} buildings', vacant: 'Vacant', rate: 'Vacancy', soon: 'Ends in 90 days', paid: 'Paid', asked: 'Asked', per: 'yuan/m²·month', m2: 'm²',
    comma: ', ', name: 'Building', room: 'Unit', floor: 'Floor', area: 'Area', gross: 'Gross', carries: 'Load', clear_height: 'Height', rent: 'Rent', free: 'To be had', firm: 'Used by', now: 'now', owner: 'owner’s', until: 'let to {day}', lowest: 'Asked from',
    back: 'Space for work', page: 'Building’s page', reference: 'Reference rent', refused: 'Fewer than 3 comparable leases ({n}): no rent is told', of: 'weighted median of {n} leases, quartiles {low}–{high}', how: 'Same use, within {reach} m, begun within {months} months; weight = e^(−distance/{distance} m) × e^(−months/{age}) × e^(−difference of area); five floors more add {floors}%', comparables: 'Comparable leases', distance: 'Distance', months: 'Begun', adjusted: 'On this floor', weight: 'Weight', month_n: '{n} months ago',
    update: 'Long-term update', update_lead: 'Where layers come from, what changes them, how old and how whole they are; areas and lengths are reckoned row by row', layer: 'Layer', source: 'Source', trigger: 'Changed by', epoch: 'Shows', age: 'Age', days: '{n} days', limit: 'Limit', overdue: '{n} days overdue', fresh: 'in time', no_rule: 'no limit', things: 'Things', covered: 'Covers', size: 'Size', changes: 'Changes, 90 days', missing: '{n} communities have nothing', log: 'Change log', no_log: 'No changes yet', kind: { insert: 'Added', update: 'Changed', terminate: 'Ended' }, of_area: 'District {n} km²', board_none: 'There is no city data yet',
    layers: { building: 'Buildings', terrain: 'Ground', pipe: 'Pipes', road: 'Roads', parcel: 'Parcels', camera: 'Cameras', pole: 'Poles', station: 'Stations', water: 'Water', area: 'Areas' },
  },
})
