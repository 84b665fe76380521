import { addMessages } from '@/i18n'

export const checkinMessages = addMessages({
  name: 'checkin',
  zh: {
    title: '数据入库', lead: '交来的城市数据先自动检查，再由另一个人发布', none: '还没有批次', none_text: '可以交：CityJSON、GeoJSON、Shapefile（zip）、GeoPackage、OBJ、GLB、3D Tiles（zip）、管线表、EPANET、SWMM、高程栅格、LAS', all: '全部', more: '更多',
    file: '文件', layer: '图层', layer_hint: '同一图层的要素新的替换旧的', source: '来源单位', epoch: '数据日期', by: '提交', when: '时间', objects: '要素', found: '问题', state: '状态',
    states: { queued: '待检查', checking: '检查中', checked: '待发布', failed: '读不出', publishing: '入库中', published: '已入库', refused: '已退回', withdrawn: '已撤回' },
    stages: { reading: '读取', judging: '检查', keeping: '保存', landing: '落图' },
    severity: { error: '错误', warning: '警告', notice: '提示' },
    hand: '提交数据', hand_title: '提交城市数据', choose: '选择文件', chosen: '换一个', crs: '坐标系', crs_hint: '文件已声明的可不填；不猜。如 EPSG:4547、gk3/114、wgs84、gcj02、bd09', heights: '高程基准', heights_hint: '高度相对什么', heights_of: { file: '以文件声明为准', 1985: '1985 国家高程基准', ellipsoid: '椭球高', none: '没有高程' }, send: '提交', sending: '正在上传…', cancel: '取消', cut: '中途断了，请重新提交',
    back: '返回', file_of: '{format} {version}', no_system: '未声明', declared: '文件声明', taken: '按此读取', sha: '校验值', read: '读到', left: '跳过', heights_none: '未说明', tolerance: '容差 {snap} / {plane} 米，{normals}°', bounds: '范围',
    counts: { objects: '要素', vertices: '顶点', faces: '面', solid: '实体', surfaces: '多面', composite: '组合面', mesh: '网格', lines: '线', points: '点', nodes: '管点', pipes: '管线', grids: '栅格', cells: '格', clouds: '点云', points_of_clouds: '点云的点', tiles: '瓦片', contents: '瓦片内容', faults: '读取问题' },
    codes: '问题归类', code: '代码', rule: '规则', n: '数', clean: '没有发现问题', clean_text: '可以请另一个人发布', findings: '问题清单', all_codes: '全部 {n}', object: '要素', where: '部位', what: '问题', place: '位置', file_place: '文件中', more_same: '同要素另有 {n} 处',
    view: { plan: '平面', south: '南立面', east: '东立面', turn: '轴测' }, plan_none: '这条问题没有可画的位置', plan_nowhere: '坐标系确定后才能画出位置', plan_cut: '附近要素太多，只画了一部分', scale: '{n} 米', other: '涉及', measure: '测得',
    sheet: '错误清单', publish: '发布入库', refuse: '退回', withdraw: '撤回', recheck: '换坐标系重查', recheck_do: '重新检查', reason: '说明', reason_need: '退回须写明原因，提交人可见', own: '您提交的批次须由另一个人发布或退回', unsound: '坐标系未定或没有合格的要素，不能入库', some: '{bad} 个要素有错误，不入库；其余 {good} 个入库', all_good: '{good} 个要素入库', confirm_some: '我确认有错误的要素留在外面', did: '新增 {added}，更新 {changed}，未变 {unchanged}', decided: '{who} 于 {when}', done: '已处理', hint: '可能的坐标系', use_hint: '用它重查', running: '检查在后台进行，可以离开本页', files: '下载',
  },
  en: {
    title: 'Check-in', lead: 'City data is checked by itself when it is handed in; a second person publishes it', none: 'No batches yet', none_text: 'It may be CityJSON, GeoJSON, Shapefile (zip), GeoPackage, OBJ, GLB, 3D Tiles (zip), tables of pipes, EPANET, SWMM, height grids, LAS', all: 'All', more: 'More',
    file: 'File', layer: 'Layer', layer_hint: 'Objects of one layer take each other’s place', source: 'Made by', epoch: 'Shows the day', by: 'By', when: 'When', objects: 'Objects', found: 'Found', state: 'State',
    states: { queued: 'Waiting', checking: 'Checking', checked: 'To publish', failed: 'Unreadable', publishing: 'Publishing', published: 'Published', refused: 'Sent back', withdrawn: 'Withdrawn' },
    stages: { reading: 'reading', judging: 'judging', keeping: 'keeping', landing: 'landing in the city' },
    severity: { error: 'Errors', warning: 'Warnings', notice: 'Notices' },
    hand: 'Hand in', hand_title: 'Hand in city data', choose: 'Choose a file', chosen: 'Another', crs: 'Reference system', crs_hint: 'Where the file declares none; nothing is guessed. EPSG:4547, gk3/114, wgs84, gcj02, bd09', heights: 'Heights', heights_hint: 'What heights are over', heights_of: { file: 'As the file says', 1985: 'National zero of 1985', ellipsoid: 'Ellipsoid', none: 'No heights' }, send: 'Hand in', sending: 'Sending…', cancel: 'Cancel', cut: 'It was cut off; hand it in again',
    back: 'Back', file_of: '{format} {version}', no_system: 'none declared', declared: 'Declared', taken: 'Read as', sha: 'Checksum', read: 'Read', left: 'Passed over', heights_none: 'not said', tolerance: 'Tolerance {snap} / {plane} m, {normals}°', bounds: 'Bounds',
    counts: { objects: 'objects', vertices: 'vertices', faces: 'faces', solid: 'solids', surfaces: 'surfaces', composite: 'composites', mesh: 'meshes', lines: 'lines', points: 'points', nodes: 'pipe points', pipes: 'pipes', grids: 'grids', cells: 'cells', clouds: 'clouds', points_of_clouds: 'points of clouds', tiles: 'tiles', contents: 'contents', faults: 'faults' },
    codes: 'By rule', code: 'Code', rule: 'Rule', n: 'N', clean: 'Nothing is wrong', clean_text: 'A second person can publish it', findings: 'Findings', all_codes: 'All {n}', object: 'Object', where: 'Part', what: 'What is wrong', place: 'Place', file_place: 'In the file', more_same: '{n} more of this object',
    view: { plan: 'Plan', south: 'From south', east: 'From east', turn: 'Oblique' }, plan_none: 'This finding has no place to draw', plan_nowhere: 'Drawn when the reference system is known', plan_cut: 'There is more about it than is drawn', scale: '{n} m', other: 'With', measure: 'Measured',
    sheet: 'Error sheet', publish: 'Publish', refuse: 'Send back', withdraw: 'Withdraw', recheck: 'Another system', recheck_do: 'Check again', reason: 'Note', reason_need: 'Say why; who handed it in reads it', own: 'A second person publishes what you handed in, or sends it back', unsound: 'No reference system, or no sound object: it cannot be published', some: '{bad} objects have errors and stay out; {good} are published', all_good: '{good} objects are published', confirm_some: 'What has errors stays out', did: '{added} added, {changed} changed, {unchanged} the same', decided: '{who}, {when}', done: 'Done', hint: 'It may be', use_hint: 'Check again so', running: 'It goes on in the background; you can leave', files: 'Download',
  },
})
