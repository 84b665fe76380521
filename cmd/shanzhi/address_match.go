package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"shanzhi/core/place/address"
	"shanzhi/core/table"
	"shanzhi/systems/cim"
)

// matchedAddress is a line of `address match --json`.
type matchedAddress struct {
	Text       string                `json:"text"`
	Level      string                `json:"level"` // room, building, none
	Key        string                `json:"key,omitempty"`
	Address    string                `json:"address,omitempty"`
	Confidence float64               `json:"confidence"`
	Sure       bool                  `json:"sure"` // else a person looks
	How        string                `json:"how,omitempty"`
	NoSuchRoom string                `json:"no_such_room,omitempty"`
	Candidates []matchedRival        `json:"candidates"`
	Parts      []address.AddressPart `json:"parts"`
}

type matchedRival struct {
	Key     string  `json:"key"`
	Address string  `json:"address"`
	Score   float64 `json:"score"`
}

func newAddressMatch() *cobra.Command {
	var asJSON bool
	var register, packName string
	c := &cobra.Command{
		Use:   "match FILE",
		Short: "Find the building and room that addresses, one a line, mean",
		Long: `Find in the register what each line of a file (- is standard input) means: the room,
else the building, with confidence and candidates. From 0.85 an answer is sure; below
it is one for a person to look at.

The register is that of the data folder where it has buildings, a CSV or XLSX by
--register (columns address and, where there are, key, names divided by ; street and
community; rows whose address ends with a room are rooms), else a made-up one of the
pack's names, which is synthetic.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			x, key, err := registerOf(cmd, register, packName)
			if err != nil {
				return err
			}
			p := address.Shipped()
			return workLines(cmd, args[0], func(line string, out *bytes.Buffer) error {
				m := x.Match(line)
				said := matchedAddress{Text: line, Level: m.Level, Address: m.Address, Confidence: m.Confidence, Sure: m.Level != address.LevelNone && m.Confidence >= address.Sure, How: m.How, NoSuchRoom: m.NoSuchRoom, Candidates: []matchedRival{}}
				switch m.Level {
				case address.LevelRoom:
					said.Key = key(m.Room)
				case address.LevelBuilding:
					said.Key = key(m.Building)
				}
				for _, r := range m.Candidates {
					said.Candidates = append(said.Candidates, matchedRival{key(r.Building), r.Address, r.Score})
				}
				if asJSON {
					said.Parts = p.Parse(line)
					e := json.NewEncoder(out)
					e.SetEscapeHTML(false)
					return e.Encode(said)
				}
				_, err := fmt.Fprintf(out, "%s\t%s\t%.2f\t%s\t%s\n", line, said.Level, said.Confidence, said.Address, said.How)
				return err
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line")
	c.Flags().StringVar(&register, "register", "", "a CSV or XLSX of standard addresses")
	c.Flags().StringVar(&packName, "pack", envOr("SHANZHI_PACK", "baoan"), "whose divisions are known, and whose names a made-up register is of")
	return c
}

// registerOf is the register that addresses are matched against, and what its keys
// are called.
func registerOf(cmd *cobra.Command, name, packName string) (*address.Index, func(int64) string, error) {
	files, err := packAt(packName)
	if err != nil {
		return nil, nil, err
	}
	plain := func(key int64) string { return fmt.Sprint(key) }
	if name != "" {
		return readRegister(name, packName)
	}
	if _, err := os.Stat(filepath.Join(flags.data, "shanzhi.db")); err == nil || flags.database != "" {
		h, err := openHouse(cmd.Context(), quiet())
		if err != nil {
			return nil, nil, err
		}
		defer h.Close()
		x, n, err := h.CIM.Index(cmd.Context())
		if err != nil || n > 0 {
			return x, plain, err
		}
	}
	made, err := cim.MakeUp(files, 5000)
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "there is no register: a made-up one of %d buildings is asked (合成数据)\n", len(made.Buildings))
	return made.Index(address.Shipped()), plain, nil
}

// readRegister reads standard addresses from a table.
func readRegister(name, packName string) (*address.Index, func(int64) string, error) {
	files, err := packAt(packName)
	if err != nil {
		return nil, nil, err
	}
	r, err := table.Open(name, table.Options{Trim: true})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	at := map[string]int{}
	for i, c := range r.Columns() {
		at[c] = i
	}
	if _, ok := at["address"]; !ok {
		return nil, nil, fmt.Errorf("%s: column %q is missing", name, "address")
	}
	var rows []cim.Standard
	var keys []string
	for row, err := range r.Rows() {
		if err != nil {
			return nil, nil, err
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(row.Cells) {
				return row.Cells[i]
			}
			return ""
		}
		if cell("address") == "" {
			continue
		}
		key := cell("key")
		if key == "" {
			key = fmt.Sprint(row.Line)
		}
		keys = append(keys, key)
		rows = append(rows, cim.Standard{Address: cell("address"), Street: cell("street"), Community: cell("community"), Names: strings.FieldsFunc(cell("names"), func(r rune) bool { return r == ';' || r == '；' })})
	}
	x, err := cim.IndexOf(files, rows)
	return x, func(key int64) string {
		if key < 0 || key >= int64(len(keys)) { // a building that only its rooms name
			return ""
		}
		return keys[key]
	}, err
}
