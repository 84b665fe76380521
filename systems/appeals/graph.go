package appeals

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shanzhi/core/caseflow"
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
	// trades are words of what somebody is or does: a name is what is left without
	// them. A node for every shop of the district would tie together what has
	// nothing in common.
	trades = regexp.MustCompile(`物业|管理|业委会|餐饮|早餐|服装|烧烤|便利|水果|理发|美容|美甲|按摩|足浴|洗车|汽修|修车|眼镜|手机|电脑|培训|教育|艺术|学科|舞蹈|音乐|英语|健身|瑜伽|游泳|羽毛球|剧本杀|棋牌|麻将|奶茶|火锅|大排档|宠物|母婴|家具|建材|家电|塑料|印刷|电镀|注塑|模具|制衣|制鞋|喷漆|喷涂|五金|电子|食品|机械|加工|化工|废品|收购|回收|公办|民办|私立|公立|房地产|房产|劳务|派遣|建筑|装修|装饰|家政|保洁|搬家|快递|物流|货运|公交|出租|网约|用人|施工|开发|服务|停车|商业|连锁|社区|小区|村里|网吧|酒吧|酒店|宾馆|公寓|超市|银行|医院|诊所|药店|学校|幼儿园|机构|中介|单位|企业|商户|商家|店铺|店|厂|馆|场|处|部|队|方|公司|工厂|集团|司机|房东|老板|师傅|老师|医生|员|小|大|新|老|某|贵|该|那|这|一|家|个|的|流动|摊贩|商贩|小贩|作坊|工作|人员|项目|泥头|垃圾|渣土|货|车|民警|保安|邻居|租客|业主|二|包工头|档口|有限|责任|股份|广场舞|窗口|客|所|院|校|市场|农贸|综合|电影|影|花|鞋|饭|菜|粮|油|烟|茶|酒|药|网|书|鱼|肉`)
	// notNamed are words that no name has: the words around one were read with it.
	notNamed = regexp.MustCompile(`[0-9]天|[0-9][栋号楼巷]|^号|几十|表扬|感谢|这边|那边|周边|对面|一侧|建议|希望|延长|增派|联系|清退|强行|投诉|反映|表示|举报|要求|违规|无证|拒绝|拖欠|请问|怎么|如何|没有|不|被|已|曾|正在|附近|门口|旁边|楼下`)
)

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
	if notNamed.MatchString(k) || d.duty.says(k) {
		return ""
	}
	for _, f := range legalForms {
		if rest, ok := strings.CutSuffix(k, f); ok && utf8.RuneCountInString(rest) >= 2 {
			k = rest
			break
		}
	}
	if utf8.RuneCountInString(k) < 3 || utf8.RuneCountInString(trades.ReplaceAllString(k, "")) < 2 {
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

// tiesReach is how many of the newest appeals that speak of the same enterprise are
// looked at.
const tiesReach = 200

// addTies tells of each candidate how many of the earlier appeals about the same
// enterprise its unit had. It changes no probability: measured, the ranker knows
// as much (docs/benchmarks.md), but the dispatcher sees what it rests on.
func (s *Service) addTies(ctx context.Context, sg *Suggestion, m *caseflow.Matter) error {
	rows, err := store.Select[struct{ Key, Unit string }](ctx, s.Store, `SELECT o.key, m.unit FROM graph_mention g JOIN graph_mention o ON o.kind = g.kind AND o.key = g.key JOIN matter m ON m.id = o.matter
		WHERE g.matter = ? AND g.kind = ? AND o.matter <> g.matter AND m.unit <> '' AND m.state NOT IN ('dispatching', 'return_request') ORDER BY o.matter DESC LIMIT ?`, m.ID, nodeEnterprise, tiesReach)
	if err != nil {
		return err
	}
	all, of := map[string]int{}, map[[2]string]int{}
	for _, r := range rows {
		all[r.Key]++
		of[[2]string{r.Key, r.Unit}]++
	}
	for i := range sg.Candidates {
		c := &sg.Candidates[i]
		for _, key := range sortedKeysOf(all) {
			if n := of[[2]string{key, c.Unit}]; n > 0 {
				why := Reason{"graph", fmt.Sprintf("%s：以往 %d 件中 %d 件由其承办", key, all[key], n)}
				c.Why = append(c.Why, why)
				if i == 0 {
					sg.Reasons = append(sg.Reasons, why)
				}
			}
		}
	}
	return nil
}

// graphPoll is how often the graph is asked whether it is to be made again.
const graphPoll = 30 * time.Second

// remakeGraph makes the mentions of all appeals again where graph_remake asks for
// it, oldest first, while the house is open; until ctx ends.
func (s *Service) remakeGraph(ctx context.Context) {
	if err := s.Store.Write(ctx, s.graphOutdated); err != nil && ctx.Err() == nil {
		slog.Error("it is not known by which rules the graph was made", "error", err)
	}
	for {
		began := time.Now()
		n, err := s.remakeGraphPiece(ctx)
		pause := 4 * time.Since(began) // nobody waits for it
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

// graphRules is the version of the rules by which mentions are made: with another
// one the graph is made again.
const graphRules = 1

// graphOutdated asks for the graph to be made again where other rules made it.
func (s *Service) graphOutdated(ctx context.Context, tx *store.Tx) error {
	made, err := store.Select[int](ctx, tx, `SELECT rules FROM graph_made`)
	if err != nil || len(made) == 0 || made[0] == graphRules {
		return err // the first time it is asked for already
	}
	return askGraph(ctx, tx)
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
			if _, err := tx.Exec(ctx, `DELETE FROM graph_made`); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO graph_made (rules) VALUES (?)`, graphRules); err != nil {
				return err
			}
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
