package adapter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// The province (省政务服务平台) is told of items, cases and licences row by row, in the
// shape of its exchange tables (前置库), and tells which rows it would not take. Calls are
// signed as those with the city platform are.

// Tables of the exchange. That of receipts and acceptances (办件受理信息) is named here as
// its neighbours are.
const (
	ProvinceCase     = "up_pro_accept"
	ProvinceStep     = "up_pro_process"
	ProvinceSpecial  = "up_pro_special_procedure"
	ProvinceResult   = "up_pro_result"
	ProvinceMaterial = "up_pro_material"
	ProvinceLicence  = "up_lic_data"
	ProvinceItem     = "up_task_general_basic"
	ProvinceItemMore = "up_task_general_extend"
	ProvinceItemNeed = "up_task_general_material"
	ProvinceItemFee  = "up_task_general_fee_project"
	ProvinceItemAsk  = "up_task_general_questions"
	ProvinceCatalog  = "up_task_directory"
)

// ProvinceTables are all of them, those first that others refer to.
var ProvinceTables = []string{ProvinceCatalog, ProvinceItem, ProvinceItemMore, ProvinceItemNeed, ProvinceItemFee, ProvinceItemAsk, ProvinceCase, ProvinceMaterial, ProvinceStep, ProvinceSpecial, ProvinceResult, ProvinceLicence}

// ProvincePersonal are the columns that say who somebody is. No hash covers them.
var ProvincePersonal = []string{"applyer_name", "applyer_page_code", "holder_name", "holder_code"}

// ProvinceRow is a row of one of the tables.
type ProvinceRow struct {
	Table string            `json:"table"`
	GUID  string            `json:"row_guid"`     // the same for the same thing, always
	Op    string            `json:"cd_operation"` // I, U, D
	Batch string            `json:"cd_batch"`
	At    CityTime          `json:"cd_time"`
	Data  map[string]string `json:"data"`
}

// Hash is what both sides know a row by when they compare: of all but the batch and the
// columns that are personal.
func (r ProvinceRow) Hash() string {
	data := maps.Clone(r.Data)
	for _, c := range ProvincePersonal {
		delete(data, c)
	}
	raw, _ := json.Marshal([]any{r.Table, r.GUID, r.Op, r.At.Unix(), data})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// ProvinceBatch is what is sent at once. The same number is the same batch.
type ProvinceBatch struct {
	No   string        `json:"cd_batch"`
	Rows []ProvinceRow `json:"rows"`
}

// ProvinceReceipt answers a batch.
type ProvinceReceipt struct {
	No       string `json:"cd_batch"`
	Taken    int    `json:"taken"`
	Repeated bool   `json:"repeated"`
}

// ProvinceReject is a row that was taken and did not pass (dn_audit_abnormal).
type ProvinceReject struct {
	ID    int64    `json:"id"` // grows
	Type  string   `json:"err_type"`
	Table string   `json:"table"`
	GUID  string   `json:"row_guid"`
	Batch string   `json:"cd_batch"`
	Said  string   `json:"err_msg"`
	At    CityTime `json:"cd_time"`
}

// ProvinceCount is what a side has of a table on a day: how many rows, and the hash of
// their hashes.
type ProvinceCount struct {
	Table string `json:"table"`
	N     int    `json:"n"`
	Hash  string `json:"hash"`
}

// CountProvince counts rows by their hashes, in whatever order they come.
func CountProvince(table string, hashes []string) ProvinceCount {
	hashes = slices.Sorted(slices.Values(hashes))
	h := sha256.New()
	for _, x := range hashes {
		h.Write([]byte(x + "\n"))
	}
	return ProvinceCount{table, len(hashes), hex.EncodeToString(h.Sum(nil))}
}

// ProvinceLine is a row in the list of a day.
type ProvinceLine struct {
	GUID string `json:"row_guid"`
	Hash string `json:"hash"`
}

// Province is the other side.
type Province interface {
	// Send sends a batch; again with the same number it gives the first answer. A
	// *CityRefusal says whether sending it again is of use; any other error leaves open
	// whether it came.
	Send(ctx context.Context, b ProvinceBatch) (ProvinceReceipt, error)
	// Rejects are those after a number, the oldest first, some hundreds at most.
	Rejects(ctx context.Context, after int64) ([]ProvinceReject, error)
	// Day is what the province took of the rows of a day, by table.
	Day(ctx context.Context, day string) ([]ProvinceCount, error)
	// Lines are the rows of a day of one table.
	Lines(ctx context.Context, day, table string) ([]ProvinceLine, error)
}

// ProvincePlatform calls the province over HTTP.
type ProvincePlatform struct{ *CityPeer }

// Send implements Province.
func (p ProvincePlatform) Send(ctx context.Context, b ProvinceBatch) (out ProvinceReceipt, err error) {
	return out, p.call(ctx, http.MethodPost, "/share/v1/batches", b, &out)
}

// Rejects implements Province.
func (p ProvincePlatform) Rejects(ctx context.Context, after int64) (out []ProvinceReject, err error) {
	return out, p.call(ctx, http.MethodGet, "/share/v1/abnormal?after="+strconv.FormatInt(after, 10), nil, &out)
}

// Day implements Province.
func (p ProvincePlatform) Day(ctx context.Context, day string) (out []ProvinceCount, err error) {
	return out, p.call(ctx, http.MethodGet, "/share/v1/days/"+url.PathEscape(day), nil, &out)
}

// Lines implements Province.
func (p ProvincePlatform) Lines(ctx context.Context, day, table string) (out []ProvinceLine, err error) {
	return out, p.call(ctx, http.MethodGet, "/share/v1/days/"+url.PathEscape(day)+"/"+url.PathEscape(table), nil, &out)
}
