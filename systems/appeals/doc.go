// Package appeals is civic appeals (民生诉求综合服务), the district's main job:
// what a citizen says, by whichever channel, becomes one matter that is
// dispatched (分拨), signed for (签收), handled (处置), reviewed (审核), followed
// up (回访) and rated.
//
// Terms: appeal 诉求; duty list 职责清单 (which unit is responsible for what);
// dispatch 分拨; return 退单; lead and co-unit 主办与协办; first contact 首次联系;
// extension 延期; suspension 挂起; follow-up 回访; urge 催办; reopen 重新办理.
//
// What other systems hand over comes in by an import profile (导入方案, see
// [Profile]): a source asserts (断言), and what it asserts of units, places and
// limits is kept apart from what is computed here. What leaves goes through
// core/gate ([Service.Export]), and other programs file and follow appeals by
// Open311 GeoReport v2.
//
// How a matter moves is data: flows/appeal.yaml. What may be different in
// another district (limits, duty list, words) is in its pack, in the folder
// "appeals". What identifies the appellant lies in core/vault; here is only a
// reference and masked text.
package appeals
