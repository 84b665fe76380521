package httpapi

import (
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Download is a file that is made while it is sent.
type Download struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Body        func(huma.Context)
}

// NewDownload is a file of a name, which write makes. What write could not finish
// is cut off, and seen to be.
func NewDownload(contentType, name string, write func(w io.Writer) error) *Download {
	return &Download{ContentType: contentType, Disposition: `attachment; filename="` + name + `"`, Cache: "no-store", Body: func(hc huma.Context) {
		if err := write(hc.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}
}
