package appeals

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/place"
	"shanzhi/core/store"
	"shanzhi/core/text"
)

// The graph (图谱) is what appeals have to do with each other through what they
// name: items, units, streets and communities, named places, enterprises, legal
// bases, topics. Nothing of it is a second truth: its edges are columns of the
// records, and graph_mention, which is made from the elements and can be made again.

// Kinds of node.
const (
	nodeMatter     = "matter"
	nodeItem       = "item"
	nodeUnit       = "unit"
	nodeStreet     = "street"
	nodeCommunity  = "community"
	nodePlace      = "place"
	nodeEnterprise = "enterprise"
	nodeBasis      = "basis"
	nodeTopic      = "topic"
)

// mentioned is an enterprise or a named place that words speak of.
type mentioned struct{ kind, key, name string }

// mentions gives the nodes that a set of elements speaks of.
func (d *district) mentions(set ElementSet) (out []mentioned) {
	seen := map[string]bool{}
	add := func(kind, key, name string) {
		if key != "" && !seen[kind+key] {
			seen[kind+key] = true
			out = append(out, mentioned{kind, key, name})
		}
	}
	for _, v := range set[string(text.Who)] {
		if key := d.enterpriseKey(v.Text); key != "" {
			add(nodeEnterprise, key, v.Text)
		}
	}
	for _, v := range set[string(text.Where)] {
		for _, m := range d.locate.names.Match(v.Text) {
			// A road of one name through several communities is one node.
			one := !slices.ContainsFunc(m.Rivals, func(r place.Place) bool { return r.Name != m.Place.Name })
			if d.locate.kinds[m.Place.Key] != "" && (m.Confidence >= kindSure || one && m.End-m.Start >= len(m.Place.Name)) {
				add(nodePlace, m.Place.Name, m.Place.Name)
			}
		}
	}
	return out
}

// Words around the name of an enterprise by which spellings of it differ.
var (
	legalForms = []string{"有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "总公司", "分公司", "集团公司", "公司", "集团", "分店", "总店"}
	noName     = []string{"一家", "那家", "这家", "该", "某", "家", "此", "本"}
	// plainTrades are what somebody is, and no name: a node for every shop in the
	// district would tie together what has nothing in common.
	plainTrades = map[string]bool{}
)

func init() {
	for _, w := range strings.Fields(`物业 物业管理处 管理处 业委会 餐饮店 早餐店 服装店 烧烤店 便利店 店 商铺 店铺 超市 酒吧 酒店 宾馆 网吧 美容院 棋牌室 羽毛球馆 健身房 停车场 机构 学校 医院 诊所 幼儿园 培训学校 培训机构 教育培训机构 艺术培训机构 培训班 二房东 房东 中介 施工单位 施工方 施工队 开发商 用人单位 单位 流动摊贩 摊贩 小贩 小作坊 作坊 银行 商家 商户 快递 快递员 司机 网约车司机 公交司机 出租车司机 老板 包工头 工作人员 医生 老师 项目部 广场舞队 泥头车 垃圾车 民警 保安 邻居 租客 厂 工厂 厂家 企业 制鞋厂 五金厂 电子厂 喷漆厂 窗口工作人员 物业公司 快递公司 房地产公司 中介公司 建筑公司 保洁公司 商业停车场 家政公司 装修公司 劳务公司 搬家公司 小区业委会 小区物业 档口 公交公司`) {
		plainTrades[w] = true
	}
}

// enterpriseKey is what an enterprise's name comes to under all its spellings:
// without the district before it, its legal form, brackets, blanks and width; ""
// where the words name none.
func (d *district) enterpriseKey(name string) string {
	k := strings.Map(func(r rune) rune {
		if strings.ContainsRune("（）()[]【】“”\"'·. -", r) {
			return -1
		}
		return r
	}, text.Normalize(name))
	for _, w := range noName {
		k = strings.TrimPrefix(k, w)
	}
	for _, p := range divisions(d.manifest.Name.In("zh")) {
		if rest, ok := strings.CutPrefix(k, p); ok && utf8.RuneCountInString(rest) > 3 {
			k = rest
		}
	}
	if plainTrades[k] {
		return ""
	}
	for _, f := range legalForms {
		if rest, ok := strings.CutSuffix(k, f); ok && utf8.RuneCountInString(rest) >= 2 {
			k = rest
			break
		}
	}
	if plainTrades[k] || utf8.RuneCountInString(k) < 3 {
		return ""
	}
	return k
}

// divisions are the pieces of a district's full name, each with and without what it
// is: 深圳市, 深圳, 宝安区, 宝安.
func divisions(name string) (out []string) {
	for name != "" {
		i := strings.IndexAny(name, "省市区县州")
		if i <= 0 {
			return out
		}
		_, n := utf8.DecodeRuneInString(name[i:])
		out = append(out, name[:i+n], name[:i])
		name = name[i+n:]
	}
	return out
}

// mention keeps the nodes that a set of elements speaks of as those of a matter.
func (d *district) mention(ctx context.Context, tx *store.Tx, id store.ID, set ElementSet) error {
	if _, err := tx.Exec(ctx, `DELETE FROM graph_mention WHERE matter = ?`, id); err != nil {
		return err
	}
	for _, m := range d.mentions(set) {
		if _, err := tx.Exec(ctx, `INSERT INTO graph_mention (matter, kind, key, name) VALUES (?, ?, ?, ?)`, id, m.kind, m.key, m.name); err != nil {
			return err
		}
	}
	return nil
}

// graphPoll is how often the graph is asked whether it is to be made again.
const graphPoll = 30 * time.Second

// remakeGraph makes the mentions of all appeals again where graph_remake asks for
// it, oldest first, while the house is open; until ctx ends.
func (s *Service) remakeGraph(ctx context.Context) {
	for {
		n, err := s.remakeGraphPiece(ctx)
		pause := 20 * time.Millisecond
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			slog.Error("the graph could not be made again; tried again in a minute", "error", err)
			pause = time.Minute
		case n == 0:
			pause = graphPoll
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// remakeGraphPiece does the next appeals; 0 when there are none to do.
func (s *Service) remakeGraphPiece(ctx context.Context) (n int, err error) {
	d := s.district.Load()
	var next store.ID
	switch err := s.Store.QueryRow(ctx, `SELECT next FROM graph_remake`).Scan(&next); {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, err
	}
	rows, err := store.Select[struct {
		ID          store.ID
		Title, Text string
		At          store.Time
	}](ctx, s.Store, `SELECT m.id, m.title, a.text, m.opened_at AS at FROM appeal a JOIN matter m ON m.id = a.id WHERE a.id > ? ORDER BY a.id LIMIT ?`, int64(next), remakePiece)
	if err != nil {
		return 0, err
	}
	sets := make([]ElementSet, len(rows))
	for i, r := range rows { // what takes time is done before the transaction
		sets[i] = d.readElements(r.Title, r.Text, r.At.Time)
	}
	return len(rows), s.Store.Write(store.Long(ctx), func(ctx context.Context, tx *store.Tx) error {
		if len(rows) == 0 {
			_, err := tx.Exec(ctx, `DELETE FROM graph_remake WHERE next = ?`, int64(next))
			return err
		}
		for i, r := range rows {
			versions, err := elementVersions(ctx, tx, r.ID)
			if err != nil {
				return err
			}
			set := sets[i]
			if len(versions) > 0 {
				e := standing(append(versions, ElementVersion{Set: set}))
				set = e.set()
			}
			if err := d.mention(ctx, tx, r.ID, set); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE graph_remake SET next = ? WHERE next = ?`, int64(rows[len(rows)-1].ID), int64(next))
		return err
	})
}

// askGraph has the whole graph made again, in a transaction.
func askGraph(ctx context.Context, tx *store.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM graph_remake`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO graph_remake (next) VALUES (0)`)
	return err
}
