package cim

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"

	"shanzhi/core/audit"
	"shanzhi/core/httpapi"
	"shanzhi/core/store"
	"shanzhi/core/table"
)

// AnalysisKindTold is a kind that the caller may ask.
type AnalysisKindTold struct {
	Kind   AnalysisKind `json:"kind"`
	Layers []Layer      `json:"layers" doc:"Of which it is reckoned"`
}

// mountAnalyses adds the API of analyses (空间分析).
func (s *Service) mountAnalyses(srv *httpapi.Server) {
	httpapi.Register(srv, httpapi.Operation{ID: "list-analysis-kinds", Method: http.MethodGet, Path: "/api/cim/analysis-kinds", Tag: cityTag, Access: readers,
		Summary: "What can be reckoned by the caller, and of which layers"}, func(ctx context.Context, _ *struct{}) (*httpapi.Body[[]AnalysisKindTold], error) {
		out := []AnalysisKindTold{}
		for _, k := range slices.Sorted(maps.Keys(analysisLaws)) {
			if mayAnalyse(httpapi.Actor(ctx), k) {
				out = append(out, AnalysisKindTold{k, analysisLaws[k].layers})
			}
		}
		return httpapi.Answer(out, nil)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "begin-analysis", Method: http.MethodPost, Path: "/api/cim/analyses", Tag: cityTag, Access: readers, Status: http.StatusCreated, Limit: 120,
		Summary: "Reckon something of the city (空间分析): answered whole within two seconds, else followed by its state",
		Text:    "Kinds: sight, viewshed, sunlight, shadow, skyline, height_limit, flood, excavation, clearance, trace, burst, isochrone, buffer, cameras. What was asked, of which versions of the layers and by which engine is stored beside the result; the same inputs on the same versions give the same bytes (`hash`)."}, func(ctx context.Context, in *struct {
		Body struct {
			Kind  AnalysisKind  `json:"kind" enum:"sight,viewshed,sunlight,shadow,skyline,height_limit,flood,excavation,clearance,trace,burst,isochrone,buffer,cameras"`
			Name  string        `json:"name,omitempty" maxLength:"120"`
			Input AnalysisInput `json:"input"`
		}
	}) (*httpapi.Body[Analysis], error) {
		return httpapi.Answer(s.Analyse(ctx, httpapi.Actor(ctx), in.Body.Kind, in.Body.Name, in.Body.Input))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "list-analyses", Method: http.MethodGet, Path: "/api/cim/analyses", Tag: cityTag, Access: readers,
		Summary: "Analyses, the newest first: one's own, and all for keepers, readers and leaders"}, func(ctx context.Context, in *struct {
		Kind   AnalysisKind `query:"kind" maxLength:"40"`
		Mine   bool         `query:"mine"`
		Before string       `query:"before"`
		Limit  int          `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*httpapi.Body[httpapi.Page[Analysis]], error) {
		before, err := afterOf(in.Before)
		if err != nil {
			return nil, err
		}
		list, err := s.Analyses(ctx, httpapi.Actor(ctx), in.Kind, in.Mine, before, in.Limit)
		page := httpapi.Page[Analysis]{Items: list}
		if len(list) == in.Limit {
			page.Next = list[len(list)-1].ID.String()
		}
		return httpapi.Answer(page, err)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "get-analysis", Method: http.MethodGet, Path: "/api/cim/analyses/{id}", Tag: cityTag, Access: readers,
		Summary: "One analysis: what was asked of what, and what came out"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[Analysis], error) {
		return httpapi.Answer(s.AnalysisOf(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "rerun-analysis", Method: http.MethodPost, Path: "/api/cim/analyses/{id}/rerun", Tag: cityTag, Access: readers, Status: http.StatusCreated, Limit: 120,
		Summary: "Ask the same again of the city as it is now; `same` says whether the same came out"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[Analysis], error) {
		return httpapi.Answer(s.Reanalyse(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "stop-analysis", Method: http.MethodPost, Path: "/api/cim/analyses/{id}/stop", Tag: cityTag, Access: readers,
		Summary: "Stop one under way"}, func(ctx context.Context, in *PlaceKey) (*httpapi.Body[Analysis], error) {
		return httpapi.Answer(s.StopAnalysis(ctx, httpapi.Actor(ctx), in.ID.ID))
	})
	httpapi.Register(srv, httpapi.Operation{ID: "delete-analysis", Method: http.MethodDelete, Path: "/api/cim/analyses/{id}", Tag: cityTag, Access: readers, Status: http.StatusNoContent,
		Summary: "Delete one, by who asked it or a keeper"}, func(ctx context.Context, in *PlaceKey) (*struct{}, error) {
		return nil, s.DropAnalysis(ctx, httpapi.Actor(ctx), in.ID.ID)
	})
	httpapi.Register(srv, httpapi.Operation{ID: "export-analysis", Method: http.MethodGet, Path: "/api/cim/analyses/{id}/export", Tag: cityTag, Access: readers,
		Summary: "The shapes of a result as GeoJSON, or what is said of them as a table"}, s.exportAnalysis)
}

func (s *Service) exportAnalysis(ctx context.Context, in *struct {
	PlaceKey
	Format string `query:"format" enum:"geojson,csv" default:"geojson"`
}) (*httpapi.Download, error) {
	who := httpapi.Actor(ctx)
	a, err := s.AnalysisOf(ctx, who, in.ID.ID)
	if err != nil {
		return nil, err
	}
	if a.Result == nil {
		return nil, httpapi.Fail(http.StatusConflict, "refused_state")
	}
	if err := s.Store.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return audit.Write(ctx, tx, audit.Record{At: store.At(s.Store.Now()), Actor: who.Account, Unit: who.Unit, Action: "cim.analysis.export", Object: "analysis/" + a.ID.String()}, map[string]any{"kind": a.Kind, "rows": len(a.Result.Features), "format": in.Format})
	}); err != nil {
		return nil, err
	}
	name := "analysis-" + string(a.Kind) + "-" + a.ID.String() + "." + in.Format
	if in.Format == "geojson" {
		return httpapi.NewDownload("application/geo+json", name, func(w io.Writer) error {
			synthetic := slices.ContainsFunc(a.Base, func(b AnalysisBase) bool { return b.Synthetic })
			return json.NewEncoder(w).Encode(map[string]any{"type": "FeatureCollection", "features": a.Result.Features,
				"analysis": map[string]any{"id": a.ID, "kind": a.Kind, "input": a.Input, "base": a.Base, "engine": a.Engine, "figures": a.Figures, "hash": a.Hash, "synthetic": synthetic}})
		}), nil
	}
	// What any shape is told of is a column.
	names := map[string]bool{}
	for _, f := range a.Result.Features {
		for k := range f.Properties {
			names[k] = true
		}
	}
	columns := slices.Sorted(maps.Keys(names))
	return httpapi.NewDownload("text/csv; charset=utf-8", name, func(w io.Writer) error {
		out, err := table.NewCSV(w, columns, table.CSVOptions{BOM: true, Zone: s.zone()})
		if err != nil {
			return err
		}
		for _, f := range a.Result.Features {
			row := make([]any, len(columns))
			for i, k := range columns {
				row[i] = f.Properties[k]
			}
			if err := out.Write(row...); err != nil {
				return err
			}
		}
		return out.Close()
	}), nil
}
