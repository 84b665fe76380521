package services

import (
	"context"
	"net/http"
	"slices"
	"time"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/vault"
)

// RatingMessage is what a rating device at a window, or a kiosk, sends (好差评窗口设备).
// The names are those of the message that devices in Guangdong send.
type RatingMessage struct {
	DepartmentCode    string `json:"departmentCode,omitempty" maxLength:"40"`
	DepartmentName    string `json:"departmentName,omitempty" maxLength:"100"`
	EvalProcess       string `json:"evalProcess,omitempty" maxLength:"20"`
	EvalTime          string `json:"evalTime" doc:"2006-01-02 15:04:05, of the district"`
	EvalGrade         int    `json:"evalGrade" minimum:"1" maximum:"5"`
	HallCode          string `json:"hallCode" maxLength:"40"`
	WindowNo          string `json:"windowNo" maxLength:"20"`
	WorkNo            string `json:"workNo,omitempty" maxLength:"40"`
	AffairSerialNo    string `json:"affairSerialNo,omitempty" maxLength:"60" doc:"办件编号"`
	AffairCode        string `json:"affairCode,omitempty" maxLength:"40" doc:"实施编码"`
	AffairName        string `json:"affairName,omitempty" maxLength:"200"`
	AffairHandleItem  string `json:"affairHandleItem,omitempty" maxLength:"40"`
	AffairDealOfficer string `json:"affairDealOfficer,omitempty" maxLength:"60"`
	AffairApplyTime   string `json:"affairApplyTime,omitempty"`
	AffairDoneTime    string `json:"affairDoneTime,omitempty"`
	ProjectType       int    `json:"projectType,omitempty" doc:"1 即办件, 2 承诺件"`
	UserType          int    `json:"userType" doc:"0 个人, 1 法人"`
	CertificateType   string `json:"certificateType,omitempty" maxLength:"4" doc:"10 身份证"`
	CertificateNo     string `json:"certificateNo,omitempty" maxLength:"30"`
	ContactPhone      string `json:"contactPhone,omitempty" maxLength:"20"`
	ServiceName       string `json:"serviceName,omitempty" maxLength:"100"`
	ServiceNumber     string `json:"serviceNumber,omitempty" maxLength:"10"`
	ServiceTime       string `json:"serviceTime,omitempty"`
	Remark            string `json:"remark,omitempty" maxLength:"500"`
}

const deviceTime = "2006-01-02 15:04:05"

// deviceWithin is how long after a visit a device may rate it.
const deviceWithin = 30 * time.Minute

// check says what is wrong with a message, field by field.
func (m *RatingMessage) check(now time.Time, zone *time.Location) map[string]string {
	wrong := map[string]string{}
	for name, v := range map[string]string{"hallCode": m.HallCode, "windowNo": m.WindowNo, "evalTime": m.EvalTime} {
		if v == "" {
			wrong[name] = "required"
		}
	}
	for name, v := range map[string]string{"evalTime": m.EvalTime, "affairApplyTime": m.AffairApplyTime, "affairDoneTime": m.AffairDoneTime, "serviceTime": m.ServiceTime} {
		if v == "" {
			continue
		}
		at, err := time.ParseInLocation(deviceTime, v, zone)
		if err != nil || at.After(now.Add(5*time.Minute)) {
			wrong[name] = "invalid"
		}
	}
	if m.EvalGrade < 1 || m.EvalGrade > 5 {
		wrong["evalGrade"] = "no_such_option"
	}
	if m.UserType != 0 && m.UserType != 1 {
		wrong["userType"] = "no_such_option"
	}
	if m.ProjectType < 0 || m.ProjectType > 2 {
		wrong["projectType"] = "no_such_option"
	}
	if m.ContactPhone != "" && !mobile.MatchString(m.ContactPhone) {
		wrong["contactPhone"] = "not_cn_mobile"
	}
	if (m.CertificateType == "") != (m.CertificateNo == "") {
		wrong["certificateNo"] = "required"
	}
	return wrong
}

// HearDevice takes a rating from a device: of the newest visit at its window that is not
// rated yet.
func (s *Service) HearDevice(ctx context.Context, key string, m RatingMessage) error {
	d, err := store.Get[struct {
		ID    store.ID
		Kind  string
		Hall  string
		Place string
	}](ctx, s.Store, `SELECT id, kind, hall, place FROM service_rating_device WHERE secret = ? AND ended_at IS NULL`, s.Keys.MAC("rating-device-key", key))
	if err != nil {
		return httpapi.Fail(http.StatusUnauthorized, "device_unknown")
	}
	now := s.Store.Now()
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE service_rating_device SET heard_at = ? WHERE id = ?`, store.At(now), d.ID)
		return err
	}); err != nil {
		return err
	}
	if wrong := m.check(now, s.Zone()); len(wrong) > 0 {
		return httpapi.FailFields(wrong)
	}
	if m.HallCode != d.Hall || d.Place != "" && m.WindowNo != d.Place {
		return httpapi.FailField("windowNo", "other_device")
	}
	rows, err := store.Select[ratingRow](ctx, s.Store, `SELECT `+ratingColumns+` FROM service_rating r WHERE r.kind = 'visit' AND r.state = 'open' AND r.hall = ? AND r.place = ? AND r.rateable_at > ? ORDER BY r.rateable_at DESC LIMIT 1`, d.Hall, m.WindowNo, store.At(now.Add(-deviceWithin)))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return httpapi.Fail(http.StatusConflict, "no_visit")
	}
	r := rows[0]
	if r.Person != 0 { // a message that names another person is another visit's
		who, err := s.Vault.Own(ctx, s.Store, r.Person)
		if err == nil && (m.CertificateType == "10" && who[vault.IDNumber] != "" && m.CertificateNo != who[vault.IDNumber] || m.ContactPhone != "" && who[vault.Phone] != "" && m.ContactPhone != who[vault.Phone]) {
			return httpapi.FailField("certificateNo", "other_visitor")
		}
	}
	return s.rate(ctx, r, ServiceRating{Grade: m.EvalGrade, Comment: m.Remark, Channel: d.Kind, Device: deviceOfKey(d.ID)})
}

// deviceOfKey is what the ratings of a device with a key have in common.
func deviceOfKey(id store.ID) string { return "key " + id.String() }

// RatingDevice is a device at a window, or a kiosk.
type RatingDevice struct {
	ID     store.ID   `bun:"id" json:"id"`
	Name   string     `bun:"name" json:"name"`
	Kind   string     `bun:"kind" json:"kind" enum:"device,kiosk"`
	Hall   string     `bun:"hall" json:"hall"`
	Window string     `bun:"place" json:"window,omitempty"`
	At     store.Time `bun:"created_at" json:"at"`
	Heard  store.Time `bun:"heard_at" json:"heard_at,omitzero" doc:"Its last message, taken or not"`
	Today  int        `bun:"-" json:"today" doc:"Ratings that it gave in the last 24 hours"`
	Burst  int        `bun:"-" json:"burst" doc:"Of those, out of the figures because they came in a burst"`
	Key    string     `bun:"-" json:"key,omitempty" doc:"Shown once"`
}

// RatingDevices lists the devices that may send.
func (s *Service) RatingDevices(ctx context.Context) ([]RatingDevice, error) {
	rows, err := store.Select[RatingDevice](ctx, s.Store, `SELECT id, name, kind, hall, place, created_at, heard_at FROM service_rating_device WHERE ended_at IS NULL ORDER BY id`)
	for i := range rows {
		d := &rows[i]
		if err := s.Store.QueryRow(ctx, `SELECT count(*), count(CASE WHEN excluded = 'burst' THEN 1 END) FROM service_rating WHERE device = ? AND rated_at > ?`,
			s.Keys.MAC("rating-device", deviceOfKey(d.ID)), store.At(s.Store.Now().Add(-24*time.Hour))).Scan(&d.Today, &d.Burst); err != nil {
			return nil, err
		}
	}
	return rows, err
}

// AddRatingDevice lets a device send, with a key that is shown once.
func (s *Service) AddRatingDevice(ctx context.Context, who account.Actor, d RatingDevice) (RatingDevice, error) {
	if !slices.Contains([]string{"device", "kiosk"}, d.Kind) {
		return d, httpapi.FailField("kind", "no_such_option")
	}
	if d.Hall == "" || d.Kind == "device" && d.Window == "" {
		return d, httpapi.FailField("window", "required")
	}
	d.Key, d.At = "szd_"+newToken(), store.At(s.Store.Now())
	return d, s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		d.ID = tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO service_rating_device (id, name, kind, hall, place, secret, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, d.ID, d.Name, d.Kind, d.Hall, d.Window, s.Keys.MAC("rating-device-key", d.Key), who.Account, d.At); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: d.At, Actor: who.Account, Unit: who.Unit, Action: "rating-device.add", Object: "rating-device/" + d.ID.String()}, map[string]any{"hall": d.Hall, "window": d.Window})
	})
}

// EndRatingDevice takes a device's key back.
func (s *Service) EndRatingDevice(ctx context.Context, who account.Actor, id store.ID) error {
	return s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now := store.At(s.Store.Now())
		n, err := tx.Exec(ctx, `UPDATE service_rating_device SET ended_at = ? WHERE id = ? AND ended_at IS NULL`, now, id)
		if err == nil && n == 0 {
			err = store.ErrNotFound
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Record{At: now, Actor: who.Account, Unit: who.Unit, Action: "rating-device.end", Object: "rating-device/" + id.String()}, nil)
	})
}
