package services

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"shanzhi/core/store"
)

// ServiceItem is a service item (政务服务事项) as one of its versions has it.
type ServiceItem struct {
	ID        store.ID     `json:"id"`
	Source    string       `json:"source" doc:"Where it was brought in from; empty when it was made here"`
	Key       string       `json:"key" doc:"What the source knows it by"`
	Version   int          `json:"version"`
	Newest    int          `json:"newest" doc:"Version that stands; 0 none was published yet"`
	State     ItemState    `json:"state"`
	FromDay   string       `json:"from_day,omitempty" doc:"Day from which this version stands, where it was published here"`
	Flags     []string     `json:"flags" doc:"Flags (能力标识) of today"`
	Hash      string       `json:"hash" doc:"Of its elements"`
	ChangedAt store.Time   `json:"changed_at"`
	Elements  ItemElements `json:"elements"`
	Flaws     []ItemFlaw   `json:"flaws" doc:"What the standardisation of items (事项梳理标准化) finds wanting"`
	Score     int          `json:"score" doc:"100 less what the flaws weigh"`
	DaysSaved *int         `json:"days_saved,omitempty" doc:"Legal less promised days, where both are told in the same days"`
	Meter     *ThemeMeter  `json:"meter,omitempty" doc:"What it took before it was rebuilt and takes now; absent where it was not"`
}

// ItemState is how far an item has come.
type ItemState string

// The states: two people publish (部门核对、主管部门发布).
const (
	ItemDraft     ItemState = "draft"
	ItemSubmitted ItemState = "submitted" // its department is to check it
	ItemChecked   ItemState = "checked"   // by its department
	ItemScheduled ItemState = "scheduled" // by the bureau, for a day that is still to come
	ItemPublished ItemState = "published" // by the bureau
	ItemRetired   ItemState = "retired"
)

// ItemElements are what a version of an item says, after the elements of an implementation
// list (实施清单要素).
type ItemElements struct {
	Name        string          `json:"name"`
	Catalog     string          `json:"catalog,omitempty" doc:"Main item (主项)"`
	Sub         string          `json:"sub,omitempty" doc:"Situation or sub-item (子项)"`
	Aliases     []string        `json:"aliases,omitempty" doc:"What people call it (俗称)"`
	Code        string          `json:"code,omitempty" doc:"Implementation code, 31 or 33 characters, or the source's own"`
	Basic       string          `json:"basic,omitempty" doc:"Basic code, 12 characters"`
	Type        string          `json:"type,omitempty" doc:"01 行政许可, 05 给付, 06 检查, 07 确认, 08 奖励, 09 裁决, 10 其他行政权力, 20 公共服务"`
	Department  string          `json:"department"`
	Body        string          `json:"body,omitempty" doc:"Credit code of the department"`
	Region      string          `json:"region,omitempty" doc:"Administrative division"`
	Level       string          `json:"level,omitempty"`
	Objects     []string        `json:"objects,omitempty" doc:"Whom it serves (服务对象)"`
	Themes      []string        `json:"themes,omitempty"`
	Legal       *ItemDays       `json:"legal,omitempty" doc:"Legal time (法定办结时限)"`
	Promised    *ItemDays       `json:"promised,omitempty" doc:"Promised time (承诺办结时限)"`
	Visits      *int            `json:"visits,omitempty" doc:"How often one must come (到现场次数)"`
	Online      *bool           `json:"online,omitempty" doc:"网办"`
	Express     *bool           `json:"express,omitempty" doc:"The result may be sent by post"`
	Bookable    *bool           `json:"bookable,omitempty"`
	Conditions  string          `json:"conditions,omitempty" doc:"受理条件"`
	Materials   []string        `json:"materials,omitempty"`
	Laws        []ItemLaw       `json:"laws,omitempty" doc:"设定依据"`
	Place       string          `json:"place,omitempty"`
	Phone       string          `json:"phone,omitempty"`
	Complaints  string          `json:"complaints,omitempty" doc:"监督电话"`
	URL         string          `json:"url,omitempty"`
	Partners    string          `json:"partners,omitempty" doc:"Other departments that take part (联办机构)"`
	Platform    string          `json:"platform,omitempty" doc:"System that takes applications"`
	SourceState string          `json:"source_state,omitempty"`
	Kind        string          `json:"kind,omitempty" enum:"at_once,promised" doc:"即办件, 承诺件 (project_type)"`
	Power       string          `json:"power,omitempty" enum:"own,delegated_down,authorised,consigned" doc:"权力来源"`
	Papers      []*ItemMaterial `json:"papers,omitempty" doc:"申请材料, element by element, of an item that is not applied for here; else they stand in handling"`
	Fees        []ItemCharge    `json:"fees,omitempty" doc:"收费项目"`
	Results     []ItemResult    `json:"results,omitempty" doc:"办理结果"`
	Questions   []ItemQuestion  `json:"questions,omitempty" doc:"常见问题"`
	Steps       []ItemStage     `json:"steps,omitempty" doc:"办理流程"`
	Scope       *ItemScope      `json:"scope,omitempty" doc:"通办范围"`
	Centre      string          `json:"centre,omitempty" doc:"Service centre (政务服务中心) that it has entered"`
	Hours       string          `json:"hours,omitempty" doc:"办理时间"`
	English     *ItemEnglish    `json:"english,omitempty" doc:"What is shown in English; absent fields are shown in Chinese"`
	Handling    *Handling       `json:"handling,omitempty" doc:"How it is applied for here (办理要件)"`
}

// ItemCharge is a fee as a list tells it; what is paid here stands in the handling.
type ItemCharge struct {
	Name   string `json:"name"`
	Amount string `json:"amount" doc:"As it is told: 80 元/证"`
	Basis  string `json:"basis"`
}

// ItemResult is what one gets.
type ItemResult struct {
	Name   string `json:"name"`
	Kind   string `json:"kind" enum:"licence,approval,other" doc:"证照, 批文, 其他"`
	Sample string `json:"sample,omitempty" doc:"Address of a sample"`
}

// ItemQuestion is one of what is often asked.
type ItemQuestion struct {
	Q string `json:"q"`
	A string `json:"a"`
}

// ItemStage is one step on the way of an application.
type ItemStage struct {
	Name string `json:"name"`
	Days int    `json:"days,omitempty"`
	What string `json:"what,omitempty"`
}

// ItemScope is where else it is taken (通办范围), and how (通办形式).
type ItemScope struct {
	Range   string   `json:"range" enum:"street,district,city,province,nation"`
	How     string   `json:"how" enum:"online,take_in,several" doc:"全程网办, 异地代收代办, 多地联办"`
	Regions []string `json:"regions,omitempty"`
}

// ItemEnglish mirrors elements in English.
type ItemEnglish struct {
	Name       string   `json:"name,omitempty"`
	Department string   `json:"department,omitempty"`
	Conditions string   `json:"conditions,omitempty"`
	Materials  []string `json:"materials,omitempty" doc:"In the order of materials"`
	Place      string   `json:"place,omitempty"`
}

// paperNames are the names of the materials, wherever they stand.
func (e ItemElements) paperNames() []string {
	papers := e.Papers
	if e.Handling != nil {
		papers = e.Handling.Materials
	}
	if len(papers) == 0 {
		return e.Materials
	}
	out := make([]string, len(papers))
	for i, m := range papers {
		out[i] = m.Name["zh"]
	}
	return out
}

// fetchedPapers are those that nobody is asked to bring.
func (e ItemElements) fetchedPapers() map[string]bool {
	out := map[string]bool{}
	if e.Handling != nil {
		for _, m := range e.Handling.Materials {
			out[m.Name["zh"]] = m.Source != "applicant"
		}
	}
	return out
}

// ItemDays are a time in days.
type ItemDays struct {
	N    int    `yaml:"n" json:"n"`
	Unit string `yaml:"unit" json:"unit" enum:"working,calendar" doc:"工作日, 自然日"`
}

var daysText = regexp.MustCompile(`^(\d{1,4})\s*(?:个)?\s*[(（]?\s*(工作日|个工作日|自然日|日历日|天|日)?\s*[)）]?$`)

// ParseDays reads a time as item lists write it: "30(工作日)", "5个工作日", "20日". A
// plain number is working days, in which 行政许可法第八十二条 counts; 即办 and 当场 are
// none at all.
func ParseDays(text string) (d ItemDays, ok bool) {
	text = strings.TrimSpace(text)
	if text == "即办" || text == "当场办结" || text == "即时办结" {
		return ItemDays{0, "working"}, true
	}
	m := daysText.FindStringSubmatch(text)
	if m == nil {
		return d, false
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n > 3650 {
		return d, false
	}
	unit := "working"
	switch m[2] {
	case "自然日", "日历日", "天":
		unit = "calendar"
	}
	return ItemDays{n, unit}, true
}

// hash tells one content of elements from another.
func (e ItemElements) hash() string {
	raw, _ := json.Marshal(e)
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

// daysSaved is how many days the promise is shorter than the law.
func (e ItemElements) daysSaved() *int {
	if e.Legal == nil || e.Promised == nil || e.Legal.Unit != e.Promised.Unit {
		return nil
	}
	n := e.Legal.N - e.Promised.N
	return &n
}

// itemTypes are the types of items (事项类型) by their national codes.
var itemTypes = map[string]string{"01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查", "07": "行政确认", "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务"}
