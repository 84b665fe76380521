package services

import "embed"

// Decisions are the decision packs that are shipped as examples, each with its cases
// beside it (NAME.yaml, NAME.cases.yaml).
//
//go:embed decisions/*.yaml
var Decisions embed.FS
