package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"shanzhi/core/account"
	"shanzhi/core/caseflow"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// Problem is an error answer after RFC 9457. Code is for programs and never
// changes its meaning; Title and Detail are for people, in their language.
type Problem struct {
	Type   string              `json:"type"`
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Code   string              `json:"code"`
	Detail string              `json:"detail,omitempty"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty"`

	args       map[string]string
	retryAfter int // seconds
}

func newProblem(status int, code string, args map[string]string) *Problem {
	return &Problem{Type: "about:blank", Status: status, Code: code, args: args}
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
}

// Fail is an error of a handler, by code; see messages for what is said.
func Fail(status int, code string, args ...string) error {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return newProblem(status, code, m)
}

// FailDetail is an error that says in words what is wrong.
func FailDetail(status int, code, detail string) error {
	p := newProblem(status, code, nil)
	p.Detail = detail
	return p
}

// FailField is a wrong field of the request's body.
func FailField(field, code string) error {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", nil)
	p.Errors = []*huma.ErrorDetail{{Location: "body." + field, Message: code}}
	return p
}

// FailFields says of each field of a body what is wrong with it.
func FailFields(wrong map[string]string) error {
	p := newProblem(http.StatusUnprocessableEntity, "invalid", nil)
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Location: "body." + field, Message: wrong[field]})
	}
	return p
}

// localise gives the problem in a language. The problem itself stays as it is:
// an error may be kept and given to many.
func (p *Problem) localise(lang string) *Problem {
	said := *p
	p = &said
	say := func(key string) (string, bool) {
		m, ok := messages[key]
		if !ok {
			return key, false
		}
		text := m[0]
		if lang == "en" {
			text = m[1]
		}
		for k, v := range p.args {
			text = strings.ReplaceAll(text, "{"+k+"}", v)
		}
		return text, true
	}
	if p.Title == "" {
		p.Title, _ = say(p.Code)
	}
	p.Errors = slices.Clone(p.Errors)
	for i, e := range p.Errors {
		if text, ok := say(e.Message); ok {
			detail := *e
			detail.Message = text
			p.Errors[i] = &detail
		}
	}
	return p
}

func (p *Problem) write(w http.ResponseWriter, r *http.Request) {
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p.localise(Language(r)))
}

// Write sends an error from a handler that is not an operation of the API.
func (s *Server) Write(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), r.URL.Path, err)
	var problem *Problem
	if errors.As(p, &problem) {
		problem.write(w, r)
	}
}

// problem makes of any error what the caller is told. What is not foreseen is
// logged for the operator and is "internal" to the caller.
func (s *Server) problem(ctx context.Context, op string, err error) error {
	lang := "zh"
	if r, ok := ctx.Value(requestKey).(*http.Request); ok {
		lang = Language(r)
	}
	var p *Problem
	var refusal *caseflow.Refusal
	var status huma.StatusError
	switch {
	case errors.As(err, &p):
	case errors.As(err, &refusal):
		p = refused(refusal, lang)
	case errors.Is(err, caseflow.ErrConflict):
		p = newProblem(http.StatusConflict, "conflict", nil)
	case errors.Is(err, caseflow.ErrNotFound), errors.Is(err, store.ErrNotFound):
		p = newProblem(http.StatusNotFound, "not_found", nil)
	case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrClosed):
		p = newProblem(http.StatusServiceUnavailable, "busy", nil)
		p.retryAfter = 1
	case errors.Is(err, store.ErrFull):
		p = newProblem(http.StatusInsufficientStorage, "disk_full", nil)
		s.Log.Error("the disk is full", "operation", op)
	case errors.Is(err, account.ErrCredentials):
		p = newProblem(http.StatusUnauthorized, "credentials", nil)
	case errors.Is(err, account.ErrSecondFactor):
		p = newProblem(http.StatusUnauthorized, "second_factor", nil)
	case errors.Is(err, account.ErrCodeUsed):
		p = newProblem(http.StatusUnauthorized, "code_used", nil)
	case errors.Is(err, account.ErrLocked):
		p = newProblem(http.StatusLocked, "locked", nil)
	case errors.Is(err, account.ErrDisabled):
		p = newProblem(http.StatusForbidden, "disabled", nil)
	case errors.Is(err, account.ErrTooSoon):
		p = newProblem(http.StatusTooManyRequests, "too_soon", nil)
		p.retryAfter = 60
	case errors.Is(err, vault.ErrNoReason):
		p = newProblem(http.StatusUnprocessableEntity, "no_reason", nil)
	case errors.Is(err, vault.ErrErased):
		p = newProblem(http.StatusGone, "erased", nil)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p = newProblem(http.StatusServiceUnavailable, "cancelled", nil)
	case errors.As(err, &status):
		return err
	default:
		s.Log.Error("an operation failed", "operation", op, "error", err)
		p = newProblem(http.StatusInternalServerError, "internal", nil)
	}
	return p.localise(lang)
}

func refused(r *caseflow.Refusal, lang string) *Problem {
	status := map[string]int{"state": http.StatusConflict, "right": http.StatusForbidden, "form": http.StatusUnprocessableEntity}[r.Code]
	if status == 0 {
		status = http.StatusConflict
	}
	p := newProblem(status, "refused_"+r.Code, nil)
	p.Detail = r.Text[lang]
	for field, problem := range r.Fields {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Location: "body.form." + field, Message: problem})
	}
	return p
}

func init() {
	// Errors that the framework itself finds (a body that does not fit its
	// schema) get the same form.
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		code := map[int]string{http.StatusUnprocessableEntity: "invalid", http.StatusBadRequest: "invalid", http.StatusRequestEntityTooLarge: "too_large",
			http.StatusNotFound: "not_found", http.StatusUnsupportedMediaType: "media_type", http.StatusNotAcceptable: "media_type"}[status]
		if code == "" {
			code = "internal"
		}
		p := newProblem(status, code, nil)
		p.Detail = msg
		for _, err := range errs {
			var d huma.ErrorDetailer
			if errors.As(err, &d) {
				detail := *d.ErrorDetail()
				detail.Value = nil // what was sent may be personal
				p.Errors = append(p.Errors, &detail)
			} else if err != nil && status < 500 {
				p.Errors = append(p.Errors, &huma.ErrorDetail{Message: fmt.Sprint(err)})
			}
		}
		lang := "zh"
		if ctx != nil && strings.HasPrefix(strings.ToLower(ctx.Header("Accept-Language")), "en") {
			lang = "en"
		}
		return p.localise(lang)
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return huma.NewErrorWithContext(nil, status, msg, errs...)
	}
}

// messages are what people are told, Chinese and English, by code.
var messages = map[string][2]string{
	"sign_in":             {"请先登录", "Please sign in"},
	"forbidden":           {"您没有此项权限", "You may not do this"},
	"key_scope":           {"该密钥未获 {scope} 范围授权", "This key is not for {scope}"},
	"too_many":            {"请求过于频繁，请稍后再试", "Too many requests, try again later"},
	"internal":            {"系统出错，已记录，请稍后再试", "Something went wrong; it has been recorded"},
	"conflict":            {"该事项刚刚被他人处理，请刷新后再试", "Somebody acted on this first; reload and try again"},
	"item_theme":          {"照此发布，有的“一件事”将无法合并办理", "Published so, a life event could not be applied for any more"},
	"city_absent":         {"尚未接通市平台", "No city platform is connected"},
	"city_refused":        {"市平台没有接受", "The city platform did not accept it"},
	"city_not_possible":   {"诉求当前状态下不能照此处理", "The appeal does not stand so that this can be done"},
	"ticket_state":        {"这个号当前不能这样操作，请刷新后再试", "This cannot be done with the number as it stands; reload"},
	"ticket_have":         {"您今天已经取过这类业务的号，正在排队", "You have a number of this kind already and are in the queue"},
	"hall_closed":         {"大厅现在不在服务时间", "The hall is not open now"},
	"numbers_out":         {"今天的号已取完", "Today's numbers are out"},
	"presence_wrong":      {"到场码不对：请看大厅屏幕上今天的四位数字", "The code is wrong: it is the four digits on the hall's boards today"},
	"no_sitting":          {"请先开放窗口", "Open a window first"},
	"window_taken":        {"这个窗口已有人在岗", "Somebody sits at this window"},
	"window_busy":         {"窗口还有正在办理或已叫的号，请先处理", "Somebody is at the window or called to it; deal with them first"},
	"other_window":        {"这个号归其他窗口办理", "This number is another window's"},
	"call_limit":          {"已叫满次数，请开始办理或作过号处理", "It was called as often as it may be: start, or mark it missed"},
	"missed_over":         {"过号次数或时间已超，请重新取号", "It was missed too often or too long ago; take a new number"},
	"nothing_left":        {"没有其他业务了，请直接办结", "Nothing else is left; finish it"},
	"check_in_early":      {"还没到签到时间", "It is too early to check in"},
	"back_late":           {"补材料期限已过，请重新取号", "The time to come back with papers is over; take a new number"},
	"slot_none":           {"这个时段不能预约", "This time cannot be booked"},
	"slot_full":           {"这个时段刚刚约满，请选其他时段", "This time has just been filled; choose another"},
	"bookings_many":       {"未使用的预约已达上限", "You have as many open bookings as one may"},
	"no_shows":            {"爽约次数较多，{until} 前不能预约，可到现场取号", "Missed bookings: until {until} take a number at the hall"},
	"not_holder":          {"材料袋现在不在这位经手人手上", "The bag is not with whoever signs"},
	"sign_code":           {"交接码不对、已用过或已过期，也不能用自己的", "The code is wrong, used or over, or one's own"},
	"not_suspended":       {"该人没有被暂停预约", "Their booking is not suspended"},
	"window_cannot":       {"该窗口在岗人员不办这项业务，请转到其他窗口", "Whoever sits at that window does not serve this; send it to another"},
	"services_left":       {"还有业务没有办，请办下一项，或者确认不办了再办结", "Services are left: go on with the next, or say that they are not to be done"},
	"window_rostered":     {"这个窗口这段时间已排了人", "Somebody is rostered at this window then"},
	"hold_over":           {"保留时间已过，请重新选择时段", "The slot is no longer held; choose again"},
	"stock_out":           {"库存不足", "There is not enough in stock"},
	"device_revoked":      {"设备密钥已收回", "The device's key was taken back"},
	"device_replay":       {"这条请求已经收过", "This request was taken before"},
	"fleet_wide":          {"发布版本须由全区设备运维人员操作", "Only who operates the devices of the whole district may release"},
	"device_clock":        {"设备时钟不准，请校时", "The device's clock is wrong"},
	"device_state":        {"设备当前不能这样操作", "This cannot be done with the device as it stands"},
	"enrol_code":          {"登记码不对、已用过或已过期", "The enrolment code is wrong, used or over"},
	"enrol_other":         {"这个登记码属于另一台设备（序列号不符）", "This code is another device's: the serial differs"},
	"queue_altered":       {"设备上报的记录不连续或被改动，已停止接收，请重新登记设备", "The device's records do not follow or were altered; none are taken until it is enrolled anew"},
	"repair_state":        {"报修单当前不能这样操作，请刷新", "This cannot be done with the repair as it stands; reload"},
	"repair_open":         {"这台设备已有未完成的报修", "A repair of this device is open already"},
	"sheet_double":        {"这段序号里有已入库的空白证", "Some of these serials were received before"},
	"sheet_unknown":       {"这段序号里有未入库的空白证，或不在这台设备", "Some of these serials were never received, or are not at this device"},
	"sheet_state":         {"这段序号不能一起这样处理：状态或所在设备不同", "These serials cannot be moved so together: they stand differently"},
	"sheets_none":         {"这台机器没有可用的空白证，请呼叫帮办", "There is no blank sheet in this machine; call the helper"},
	"pickup_code":         {"领证码不对或已失效", "The pickup code is wrong or over"},
	"pickup_person":       {"证件与领证人不符：须法定代表人（持证人）本人，或已授权的经办人", "You are neither the holder nor the agent whom the holder named"},
	"pickup_face":         {"人证比对未通过，请正对镜头重试", "Your face was not found to be the one on the card; look at the camera and try again"},
	"card_none":           {"这台机器不能刷身份证登录，请用手机号登录", "Nobody signs in by card at this machine; please sign in by phone"},
	"card_lost":           {"这张身份证已挂失，不能登录。如已找回请先到公安机关办理，急事请到窗口", "This card was reported lost; please go to a window"},
	"card_over":           {"这张身份证已过有效期或已换新证，请用新证", "This card is no longer valid; please use the new one"},
	"card_unknown":        {"没有核到这张身份证，请重新放置，或用手机号登录", "This card was not found; put it on the reader again, or sign in by phone"},
	"card_locked":         {"人证比对多次未通过，一小时内不能刷这张身份证登录。请用手机号登录，或到窗口办理", "Refused too often: this card cannot sign in for an hour. Please sign in by phone, or go to a window"},
	"card_off":            {"身份证核验暂不可用，请用手机号登录", "Cards cannot be checked now; please sign in by phone"},
	"device_locked":       {"本机暂停服务", "This machine is out of service"},
	"pickup_face_off":     {"人证比对服务暂不可用，请到窗口办理", "Faces cannot be compared now; please go to a window"},
	"pickup_locked":       {"核验失败次数过多，已锁定。请持证人在手机上取消后重新生成领证码，或到窗口领取", "Locked after too many failures. The holder makes a new code on the phone, or comes to a window"},
	"pickup_had":          {"这份证照已经领取", "This licence was picked up already"},
	"pickup_busy":         {"这份证照正在打印", "This licence is being printed"},
	"pickup_counter":      {"打印未成功次数已满，请到窗口领取", "It was wasted as often as it may be; please pick it up at a window"},
	"pickup_revoked":      {"证照当前不是有效状态，不能领取", "The licence is not valid now and cannot be picked up"},
	"pickup_none":         {"这种证照不能在自助设备上领取", "This kind of licence cannot be picked up at a device"},
	"pickup_unnamed":      {"申请时没有登记证件号码，不能自助领取，请到窗口领取", "No identity number was given with the application; please pick it up at a window"},
	"pickup_have":         {"这份证照已有领证码", "This licence has a pickup code already"},
	"pickup_state":        {"当前不能这样操作，请重新开始", "This cannot be done now; begin again"},
	"pickup_again":        {"核验已超时，请重新刷证", "Too long ago: please show your card again"},
	"call_taken":          {"已有人处理", "Somebody deals with it already"},
	"pack_had":            {"这家企业已经领过", "This enterprise has had it"},
	"pack_late":           {"已超过可领取的期限", "The time in which it may be had is over"},
	"not_found":           {"没有找到，或您无权查看", "Not found, or not yours to see"},
	"busy":                {"系统繁忙，请稍后再试", "Busy; try again shortly"},
	"disk_full":           {"存储空间已满，未保存，请联系管理员", "Storage is full; nothing was saved"},
	"credentials":         {"用户名、密码或验证码不正确", "Name, password or code is wrong"},
	"second_factor":       {"请输入动态验证码", "Enter the code of your second factor"},
	"locked":              {"失败次数过多，账号已暂时锁定", "Locked for a while after too many failures"},
	"code_used":           {"这个验证码已经用过，请等身份验证器换出下一个（最多 30 秒）再输入", "This code was used; wait for the next one in your authenticator (30 seconds at most)"},
	"wrong_code":          {"验证码不正确，请核对手机时间后再试", "The code is wrong; check that the clock of your phone is right"},
	"wrong_proof":         {"密码或验证码不正确", "The password or code is wrong"},
	"too_simple":          {"太容易猜到：不能包含用户名，至少要有 5 个不同的字符", "Easily guessed: it may not have the login in it and needs 5 different characters"},
	"password_short":      {"至少 {n} 个字符", "At least {n} characters"},
	"above_you":           {"该账号有您管理范围以外的角色，请由上级管理员处理", "This account has roles outside what you administer; ask an administrator above you"},
	"not_yourself":        {"不能停用自己的账号，也不能去掉自己的管理员角色", "You cannot disable yourself or take away your own administrator role"},
	"no_second_factor":    {"还没有开启双因素验证", "The second factor is not on"},
	"pack_conflict":       {"这个文件刚被他人修改，请重新打开后再改", "Somebody changed this file first; open it again"},
	"disabled":            {"账号已停用", "This account is disabled"},
	"no_mail":             {"本区尚未开通邮件提醒", "The district sends no mail"},
	"not_mailbox":         {"请填写完整的邮箱地址，例如 name@example.com", "Give a whole address such as name@example.com"},
	"no_such_mailbox":     {"邮件服务器说没有这个邮箱，请核对", "The mail server knows no such mailbox"},
	"mail_failed":         {"邮件发送失败，请稍后再试", "The letter could not be sent; try again"},
	"code_over":           {"验证码已失效，请重新获取", "The code no longer counts; ask for a new one"},
	"no_address":          {"请先填写并验证邮箱", "Confirm an address first"},
	"not_url":             {"请填写以 https:// 或 http:// 开头的完整地址", "Give a whole address that begins with https:// or http://"},
	"inward_url":          {"不能推送到本机地址", "A receiver may not be this machine itself"},
	"no_hooks":            {"本区尚未开通消息推送", "The district tells no receivers"},
	"not_failed":          {"这条消息没有失败，不需要重发", "It did not fail"},
	"too_soon":            {"验证码刚刚发送，请一分钟后再试", "A code was just sent; wait a minute"},
	"no_reason":           {"查看个人信息须说明理由", "A reason is needed to see personal data"},
	"erased":              {"该个人信息已依法删除", "This person's data was erased"},
	"cancelled":           {"请求已取消", "The request was cancelled"},
	"invalid":             {"填写的内容有误", "What was sent is not right"},
	"file_virus":          {"文件带有病毒，没有收下；请查杀后再上传", "The file carries a virus and was not taken; clean it first"},
	"file_unscanned":      {"暂时不能查毒，文件没有收下，请稍后再试", "Files cannot be scanned for viruses just now; it was not taken, try again"},
	"too_large":           {"内容过大", "Too large"},
	"media_type":          {"不支持的内容类型", "Unsupported media type"},
	"idempotency_key":     {"Idempotency-Key 过长", "Idempotency-Key is too long"},
	"key_reused":          {"该 Idempotency-Key 已用于另一请求", "This Idempotency-Key was used for another request"},
	"tileset_waits":       {"已有一个版本待发布，或者尚无已发布版本：请先发布或退回", "A version waits to be published, or none has been yet: publish or reject it first"},
	"tileset_own":         {"须由另一人发布（双人发布）", "Somebody else publishes what you proposed"},
	"tileset_empty":       {"该图层还没有数据", "The layer holds nothing yet"},
	"analysis_many":       {"您已有三项分析在进行，请等其中一项完成", "Three of your analyses are under way: wait for one"},
	"analysis_moved":      {"分析期间数据一直在变，请稍后重试", "The city kept changing while it was reckoned; try again later"},
	"analysis_nothing":    {"所选范围内没有可分析的建筑或房屋", "Nothing that could be reckoned stands there"},
	"analysis_no_ground":  {"没有地形数据，无法分析", "The ground is not known"},
	"analysis_no_pipe":    {"附近没有管线", "No pipe is near"},
	"analysis_no_road":    {"500 米内没有道路", "No road is within 500 m"},
	"box_wide":            {"范围过大，请放大后再看", "The box is too wide: come closer"},
	"storyboard_view":     {"视图地址无法识别", "This is no view of the stage"},
	"storyboard_title":    {"请填写情景名称", "A storyboard has a name"},
	"place_taken":         {"该编码当日已属于别的对象，或已这样关联", "The code is another's on that day, or it is linked so already"},
	"place_bad_code":      {"编码不符合编码规则", "The code does not keep the rules of its scheme"},
	"place_no_parent":     {"须指明所在的楼栋或楼层", "It must be said what it lies in"},
	"place_wrong_parent":  {"不能放在那里，或者当日它并不存在", "It does not lie there, or that does not stand on the day"},
	"place_too_early":     {"生效日期早于登记或上次变更", "The day is before it was entered or changed last"},
	"place_left_over":     {"还有内部的楼层或房屋没有指明去向", "It is not said where all that lies in it goes"},
	"place_too_few":       {"分割或合并至少两个", "Two or more are divided or joined"},
	"place_twice":         {"同一对象重复", "One is named twice"},
	"place_wrong_kind":    {"只能合并同类、同处的对象", "Only what is of one kind and lies in one place is joined"},
	"place_full":          {"该范围内没有可用的顺序号了", "No number is left there"},
	"crs_unknown":         {"坐标系不认识", "The reference system is not known"},
	"heights_unknown":     {"高程基准不认识", "What heights are over is not known"},
	"checkin_same_person": {"提交的人不能发布或退回自己提交的数据，请换一个人", "Who handed it in neither publishes it nor sends it back; a second person does"},
	"checkin_unsound":     {"没有可入库的要素：坐标系未定，或每个要素都有错误", "Nothing of it can be published: no reference system, or errors in every object"},
	"checkin_partial":     {"有要素带着错误：确认只入库其余的，或退回", "Some objects have errors: say that the rest is to be published alone, or send it back"},
	"no_address_column":   {"表中没有地址列", "The table has no column of addresses"},
	"nothing_to_confirm":  {"没有找到可确认的对象", "Nothing was found that could be confirmed"},
	"refused_state":       {"当前状态下不能进行此操作", "This cannot be done in the present state"},
	"refused_right":       {"您没有进行此操作的权限", "You may not do this"},
	"refused_guard":       {"不满足办理条件", "A condition is not met"},
	"refused_form":        {"填写的内容有误", "What was filled in is not right"},
	"refused_link":        {"不能关联", "Cannot be linked"},
	"overlaps":            {"该时段已有值班或请假", "They are on duty or away then already"},
	"month_not_over":      {"当月尚未结束，不能冻结", "The month is not over yet"},
	"period_not_over":     {"该时段尚未结束，报告只统计已结束的时段", "The period is not over yet; a report is of one that is"},
	"contested_already":   {"该件已经申诉过", "It was contested already"},
	"ruling_overturned":   {"该裁决已被推翻", "This ruling was overturned"},
	"ruling_without_item": {"该裁决没有对应的事项", "This ruling names no item"},
	"refused_merge":       {"不能并案", "Cannot be merged"},
	"required":            {"必填", "Required"},
	"unknown":             {"没有这一项", "There is no such field"},
	"not_a_number":        {"应为整数", "Must be a whole number"},
	"out_of_range":        {"超出范围", "Out of range"},
	"not_yes_or_no":       {"应为是或否", "Must be yes or no"},
	"not_a_list":          {"应为列表", "Must be a list"},
	"too_many_values":     {"数量过多", "Too many"},
	"too_few_values":      {"数量不足", "Too few"},
	"not_date":            {"日期不对", "Not a day"},
	"not_cn_id":           {"身份证号码不正确", "Not an identity number"},
	"not_uscc":            {"统一社会信用代码不正确", "Not a unified social credit code"},
	"not_cn_mobile":       {"手机号码不正确", "Not a mobile number"},
	"not_file":            {"文件没有上传成功，请重新上传", "The file did not arrive; send it again"},
	"assist_code":         {"协助码不对或者已过期，请申请人重新打开", "The code is wrong or has run out; the applicant has to open a new one"},
	"assist_ended":        {"协助已结束，请申请人重新打开", "The session has ended; the applicant has to open it again"},
	"assist_unconfirmed":  {"工作人员代填的内容还没有确认", "What the clerk typed is not confirmed yet"},
	"fixed_by_source":     {"该项来自政府数据，不能修改", "This comes from a source and is not changed here"},
	"no_courier":          {"这里不能快递申报", "Papers cannot come by courier here"},
	"courier_failed":      {"快递公司暂时没有响应，请稍后再试", "The courier does not answer; try again later"},
	"not_a_waybill":       {"运单号不对，请核对校验位", "This is no waybill: check its digits"},
	"no_agreement":        {"与该地区没有生效的通办协议，或者协议不包括这个事项", "There is no agreement in force with this region for this item"},
	"not_citywide":        {"该事项不能在这里代收：未列入全市域通办，或者就是本单位办理", "This item is not collected for the authority here"},
	"original_needed":     {"须收取原件的材料没有原件", "A paper that is needed in the original has none"},
	"entered_too_late":    {"补录已超过允许的时间，请由监察员处理", "It happened too long ago to be entered"},
	"not_a_bag":           {"袋号不对，请核对校验位", "This is no bag number: check its last character"},
	"not_applied_here":    {"该事项暂不能在这里申请", "This item is not applied for here"},
	"not_eligible":        {"不符合申请条件", "Not eligible"},
	"no_payment":          {"本区没有接入支付平台", "No payment platform is connected here"},
	"payment_failed":      {"支付平台暂时没有应答，请稍后再试", "The payment platform does not answer; try again soon"},
	"other_amount":        {"金额与账单不符", "The amount is not the bill's"},
	"rated_already":       {"已经评价过，或评价期限已过", "It was rated already, or the time to rate is over"},
	"whole_months":        {"被评单位只能查看已经结束的整月数据", "The rated see whole months that are over"},
	"device_unknown":      {"设备密钥无效", "The device's key is not known"},
	"other_device":        {"与设备登记的大厅、窗口不一致", "Not the hall and window of this device"},
	"no_visit":            {"该窗口没有待评价的服务", "No visit at this window waits to be rated"},
	"other_visitor":       {"与该窗口最近一次办事的人不一致", "Not the person of the newest visit at this window"},
	"replayed":            {"同一通知已经收过", "The same call was taken before"},
	"not_made_yet":        {"文书正在制作，请稍候再取", "The document is being made; fetch it in a moment"},
	"all_points":          {"受理标准须逐项核对", "Every point of the checklist must be ticked"},
	"material_missing":    {"还有材料没有提交", "A material is still missing"},
	"not_tolerable":       {"该材料不能容缺", "This material may not come later"},
	"told_once":           {"法律要求一次告知：再次告知只能针对本次补正的材料", "The law asks for one notice: a second may ask only for what came with the correction"},
	"not_of_item":         {"该事项没有这种特别程序", "The item has no such special procedure"},
	"above_cap":           {"超过允许的最长时限", "Longer than is allowed"},
	"in_working_days":     {"须以工作日计，例如 10wd", "In working days, such as 10wd"},
	"own_unit":            {"不能征求本单位的意见", "Your own unit cannot be asked"},
	"not_an_address":      {"应为本站路径或以 http(s):// 开头的网址", "A path of this house, or an http(s) address"},
	"pass_needs_sign_in":  {"带登录票据的资源须是站外网址并要求登录", "A pass is for an address elsewhere that asks one to be signed in"},
	"not_a_text":          {"应为文字", "Must be text"},
	"no_such_unit":        {"没有这个单位", "There is no such unit"},
	"no_such_option":      {"没有这个选项", "There is no such option"},
	"no_such_person":      {"没有这个人员", "There is no such person"},
	"no_such_place":       {"没有这个街道或社区", "There is no such street or community"},
	"no_such_file":        {"没有这个文件，请重新上传", "There is no such file; send it again"},
	"before_after":        {"须附处理前、处理后的照片，至少两张", "Photos from before and after are needed, two at least"},
	"evidence":            {"该事项的答复须附现场照片", "A reply on this item needs photos of the place"},
	"blanks":              {"还有【】没有填写", "Blanks (【】) are left to fill in"},
	"no_such_item":        {"职责清单中没有这个事项", "Not in the duty list"},
	"not_a_limit":         {"时限格式不对，例如 5wd、2h", "Not a limit such as 5wd or 2h"},
	"not_a_time":          {"时间格式不对", "Not a time"},
	"not_a_phone":         {"手机号码不正确", "Not a mobile number"},
	"all":                 {"不能选择全部，至少要留下一个", "Not all of them; at least one must stay"},
	"too_long":            {"内容过长", "Too long"},
	"too_short":           {"内容过短", "Too short"},
	"sms_failed":          {"短信发送失败，请稍后再试", "The message could not be sent; try again"},
	"wrong_pack":          {"配置有误，未保存", "The pack would be wrong; nothing was saved"},
	"looked_already":      {"已有人登记过这次回头看的结果", "Somebody has recorded what this second look found"},
	"not_to_call":         {"按诉求人的选择，不能联系", "By their own choice this appellant may not be called"},
	"no_number":           {"诉求人没有留下电话", "The appellant left no number"},
	"no_tags":             {"本区没有接入画像标签", "No register of profile tags is connected"},
	"tags_failed":         {"画像标签服务没有应答，本次调用已记录，请稍后再试", "The register of tags did not answer; the look is logged, try again"},
	"not_of_appellant":    {"按诉求人的选择，不能查询其标签", "By their own choice this appellant's tags may not be looked at"},
	"not_your_purpose":    {"您的岗位不能为此用途查询标签", "Your role looks at no tags for this purpose"},
	"not_of_purpose":      {"该用途不需要这一对象的标签", "This purpose needs no tags of it"},
	"nothing_to_ask_by":   {"缺少可供查询的身份或位置信息", "There is nothing to ask by"},
	"not_an_enterprise":   {"请填写企业全称或统一社会信用代码", "The enterprise's full name or its unified social credit code"},
	"not_a_day":           {"日期格式不对", "Not a day"},
	"not_an_id":           {"编号不对", "Not an id"},
	"relay_failed":        {"中间号服务没有应答，请稍后再试", "The relay did not answer; try again"},
	"taken":               {"已被占用", "Already taken"},
	"same_password":       {"新密码不能与旧密码相同", "The new password is the old one"},
	"wrong_password":      {"原密码不正确", "The old password is wrong"},
	"no_such_provider":    {"未配置这种登录方式", "This way to sign in is not set up"},
	"stale_sign_in":       {"登录已过期，请重新开始", "This sign-in has expired; start again"},
	"provider_failed":     {"身份认证服务没有应答，请稍后再试", "The identity provider did not answer; try again"},
	"not_linked":          {"该身份没有对应的工作人员账号，请联系管理员", "No staff account belongs to this identity; ask an administrator"},
	"no_phone":            {"身份认证服务没有给出手机号", "The identity provider gave no phone number"},
	"file_type":           {"只能上传图片、视频或 PDF", "Only images, videos and PDF are accepted"},
	"file_sum":            {"收到的文件与手机上的不一致，请重新上传", "What arrived is not the file on the phone; send it again"},
	"upload_offset":       {"上传进度与服务器不一致，正在重新核对", "The upload is not where it was thought to be; asking again"},
	"uploads_waiting":     {"未传完的文件太多，请等其传完或稍后再试", "Too many unfinished uploads; let them end or try later"},
	"tus_version":         {"不支持的续传协议版本", "This version of the upload protocol is not spoken here"},
	"file_cut":            {"上传中断或文件为空，请重新上传", "The upload was cut off or the file is empty; send it again"},
	"duty_hard":           {"清单有 {n} 处错误（事项无人负责、单位不存在等），不能发布", "{n} faults of the list (an item nobody is responsible for, a unit that is not there) must be mended first"},
	"duty_faults":         {"清单检查有 {n} 处提示，请确认后再发布", "The check has {n} remarks; confirm them to publish"},
	"duty_taken":          {"已有清单从这一时刻起施行", "Another list is in force from that very time"},
	"duty_in_force":       {"已施行的清单不能撤回或删除", "What has been in force cannot be taken back"},
	"cannot_see":          {"对方无权查看该诉求，不能提醒", "They may not see this appeal and cannot be mentioned"},
	"nobody_there":        {"该单位没有可提醒的人员", "Nobody is there to be told"},
	"not_your_note":       {"只能更正自己写的备注", "Only your own note can be corrected"},
	"corrected_already":   {"这条备注已经更正过，请更正最新的一条", "It was corrected already; correct the newest"},
	"in_the_past":         {"时间已经过去", "That time has passed"},
	"not_yet":             {"时间还没有到", "That time has not come"},
	"needs_clause":        {"须写明法律名称和条款，例如《信访工作条例》第三十五条", "Name the law and its clause"},
	"in_a_file":           {"该诉求已在另一份档案中", "It is in another file already"},
	"drafted_by_you":      {"起草人不能签发自己起草的意见书", "Who drafted a letter does not issue it"},
	"parts_number":        {"须拆成二至九项", "There must be two to nine parts"},
	"not_a_reference":     {"录音编号格式应为 来源:编号，不能是电话号码", "A recording is named source:number, and never by a phone number"},
	"needs_approval":      {"超过 {n} 条的下载须由他人批准，请填写理由申请", "More than {n} rows leave only with another person's approval; ask for it with a reason"},
	"needs_no_approval":   {"这次下载不需要批准，可直接下载", "This download needs no approval"},
	"own_download":        {"不能批准自己的下载申请", "Nobody approves their own download"},
	"download_over":       {"该申请已下载过、已过期或未获批准", "It was fetched, its time is over, or it was not approved"},
	"download_other":      {"与批准的内容不一致，请按批准的条件下载", "This is not what was approved"},
	"decided_already":     {"该申请已经处理过", "It was decided already"},
	"reason_short":        {"请填写四个字以上的理由", "A reason of some words is needed"},
	"item_same_person":    {"编写事项的人不能核对或发布它，核对的人也不能发布它", "Who wrote an item neither checks nor publishes it, and who checked it does not publish it"},
	"item_step":           {"事项当前的状态不能做这一步，请刷新后再看", "The item is not at a point for this; look again"},
	"item_base":           {"草稿起草之后又有新版本发布，请退回后在新版本上修改", "Another version was published since this draft was begun; send it back"},
	"item_code":           {"不符合编码规则", "Does not follow the coding rules"},
	"flag_overlaps":       {"与已有的起止日期重叠", "Overlaps a span that is there"},
	"not_own":             {"只能是本部门", "Can only be one's own department"},
	"rule_same_person":    {"编写、复核、法制审核、发布须由四个人分别完成，您已在本版本的另一环节签过名", "Author, reviewer, legal reviewer and publisher are four people; you have signed this version in another way"},
	"rule_step":           {"规则版本当前的状态不能做这一步，请刷新后再看", "The version is not at a point for this; look again"},
	"rule_not_ready":      {"规则还没有通过发布检查", "The pack does not pass its gate"},
	"rule_facts":          {"事实填写有误", "The facts cannot be read"},
	"rule_shadow":         {"影子运行的结果还不足以启用，请确认后再启用", "The shadow has not shown enough; confirm to go on all the same"},
	"scan_running":        {"该规则的筛查正在进行", "A search of this pack is running"},
	"no_person_list":      {"没有接入可供筛查的人员库", "No register lists persons here"},
	"offer_answered":      {"您已经答复过了", "You have answered this already"},
	"duty_draft":          {"只有草稿可以修改", "Only a draft can be changed"},
}
