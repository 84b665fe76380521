package main

import (
	"context"

	"shanzhi/core/account"
	"shanzhi/core/audit"
	"shanzhi/core/blob"
	"shanzhi/core/caseflow"
	"shanzhi/core/event"
	"shanzhi/core/gate"
	"shanzhi/core/httpapi"
	"shanzhi/core/job"
	"shanzhi/core/knowledge"
	"shanzhi/core/notice"
	"shanzhi/core/pack"
	"shanzhi/core/place"
	"shanzhi/core/retain"
	"shanzhi/core/rule"
	"shanzhi/core/store"
	"shanzhi/core/vault"
	"shanzhi/systems/appeals"
	"shanzhi/systems/cim"
	"shanzhi/systems/halls"
	"shanzhi/systems/portal"
	"shanzhi/systems/services"
)

// rooms are all tables of the house, in the order in which they are made.
func rooms() []store.Room {
	return []store.Room{audit.Room(), event.Room(), vault.Room(), account.Room(), caseflow.Room(), pack.Room(), httpapi.Room(), blob.Room(), job.Room(), notice.Room(), knowledge.Room(), gate.Room(), retain.Room(), rule.Room(), place.Room(), appeals.Room(), services.Room(), portal.Room(), halls.Room(), cim.Room()}
}

// System is what the house asks of every system of the district.
type system interface {
	pack.Part
	// Register brings its flows to the engine.
	Register(ctx context.Context) error
	// Reload takes over what the district's pack says now.
	Reload(ctx context.Context) error
	// Stamp changes when what Reload takes over, beside the pack, does.
	Stamp(ctx context.Context) (string, error)
	// Follow starts the projections that follow its events; they end with ctx.
	Follow(ctx context.Context)
	// Nights adds its work of every night.
	Nights(n *job.Nights)
	// Mount adds its API to the edge.
	Mount(srv *httpapi.Server)
}

// systems makes every system of the district, and the core room that lives as one,
// once, by its folder's name.
func (h *House) systems() map[string]system {
	facts := factsOf(h.Store)
	h.Appeals = &appeals.Service{Store: h.Store, Engine: h.Engine, Vault: h.Vault, Accounts: h.Accounts, Dir: h.Dir, Bus: h.Bus, Packs: h.Packs, Numbers: h.Numbers, Keys: h.Keys, Files: h.Files, Notices: h.Notices, Relay: relayOf(), Audit: h.Audit, Polisher: polisherOf(h.Store), City: cityOf(h.Store), Facts: facts}
	h.Knowledge = &knowledge.Service{Store: h.Store, Dir: h.Dir, Packs: h.Packs, Book: h.Book, Bus: h.Bus, Notices: h.Notices, Log: h.Log, Sources: []knowledge.Source{h.Appeals}}
	h.Services = &services.Service{Store: h.Store, Packs: h.Packs, Bus: h.Bus, Dir: h.Dir, Vault: h.Vault, Notices: h.Notices, Kept: h.Decisions, Facts: facts,
		Engine: h.Engine, Book: h.Book, Numbers: h.Numbers, Files: h.Files, Keys: h.Keys, Seal: h.sealer(), Persons: personsOf(), Pay: payOf(h.Store), Province: provinceOf(h.Store), ArchiveKey: h.Audit.Key, Resting: h.playing.Load, Log: h.Log}
	h.Services.Rules = &rule.Registry{Store: h.Store, Bus: h.Bus, Zone: h.Services.Zone}
	h.Halls = &halls.Service{Store: h.Store, Engine: h.Engine, Vault: h.Vault, Accounts: h.Accounts, Dir: h.Dir, Book: h.Book, Bus: h.Bus, Packs: h.Packs, Numbers: h.Numbers, Notices: h.Notices, Keys: h.Keys, Files: h.Files, Licences: licencesOf{h}, Items: licencesOf{h}, Faces: facesOf(), Cards: cardsOf(), RateLink: func(visit store.ID) string { return h.Services.RatingLink("visit", visit) }}
	h.Portal = &portal.Service{Store: h.Store, Packs: h.Packs, Bus: h.Bus, Vault: h.Vault, Keys: h.Keys, Log: h.Log}
	h.CIM = &cim.Service{Store: h.Store, Packs: h.Packs, Bus: h.Bus, Dir: h.Dir, Vault: h.Vault, Places: &place.Register{Store: h.Store}, Matters: mattersOf{h}, Files: h.Files, Log: h.Log}
	h.Retain = &retain.Service{Store: h.Store, Packs: h.Packs, Kinds: retain.CoreKinds(h.Vault)}
	h.Retain.Kinds["attachment"] = appeals.Attachments{Service: h.Appeals}
	h.Retain.Kinds["archive"] = services.ArchiveRetention{Service: h.Services}
	h.Retain.Kinds["pickup_evidence"] = halls.Evidence{Service: h.Halls}
	return map[string]system{"appeals": h.Appeals, "knowledge": h.Knowledge, "services": h.Services, "portal": h.Portal, "halls": h.Halls, "cim": h.CIM}
}
