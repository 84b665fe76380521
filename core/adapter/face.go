package adapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // cameras
	_ "image/png"
	"io"
	"math"
	"net/http"
)

// ErrNoFace is a picture that shows nothing to compare.
var ErrNoFace = errors.New("adapter: there is no face in the picture")

// FaceGateway asks a service that compares faces: JSON {"card", "live"}, both base64,
// answered by {"alike": 0 to 1}. The pictures are not kept here.
type FaceGateway struct {
	URL, Key string
	Client   *http.Client
}

// Alike says how alike two faces are, from 0 to 1.
func (g *FaceGateway) Alike(ctx context.Context, card, live []byte) (float64, error) {
	body, err := json.Marshal(map[string][]byte{"card": card, "live": live})
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+g.Key)
	res, err := g.Client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	var answer struct {
		Alike *float64 `json:"alike"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&answer); err != nil || res.StatusCode != http.StatusOK || answer.Alike == nil || *answer.Alike < 0 || *answer.Alike > 1 {
		return 0, fmt.Errorf("adapter: the comparison of faces answered %s: %w", res.Status, err)
	}
	return *answer.Alike, nil
}

// FaceSimulator compares the mean colours of two pictures: the simulated camera of a
// device takes pictures that are as alike as the persons are the same.
type FaceSimulator struct{}

// Alike implements the comparison.
func (FaceSimulator) Alike(_ context.Context, card, live []byte) (float64, error) {
	a, err := meanColour(card)
	b, berr := meanColour(live)
	if err = errors.Join(err, berr); err != nil {
		return 0, nil // nothing to see is nobody alike
	}
	far := 0.0
	for i := range a {
		far += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Max(0, 1-math.Sqrt(far)/64), nil
}

func meanColour(raw []byte) (out [3]float64, err error) {
	head, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || head.Width*head.Height > 4<<20 {
		return out, ErrNoFace
	}
	x, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return out, ErrNoFace
	}
	n := 0.0
	for y := x.Bounds().Min.Y; y < x.Bounds().Max.Y; y++ {
		for i := x.Bounds().Min.X; i < x.Bounds().Max.X; i++ {
			r, g, b, _ := x.At(i, y).RGBA()
			out[0], out[1], out[2], n = out[0]+float64(r>>8), out[1]+float64(g>>8), out[2]+float64(b>>8), n+1
		}
	}
	for i := range out {
		out[i] /= n
	}
	return out, nil
}
