package adapter

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Sealer puts a unit's electronic seal (电子印章) under a PDF, as a certified sealing
// service does.
type Sealer interface {
	// Seal returns the sealed file and the receipt of the seal.
	Seal(ctx context.Context, unit string, pdf []byte) (sealed []byte, receipt string, err error)
	// Simulated says that the seal proves nothing outside this house.
	Simulated() bool
}

// SealSimulator signs the file's SHA-256 with a key of the house and leaves the file as
// it is.
type SealSimulator struct{ Key ed25519.PrivateKey }

// Seal implements Sealer.
func (s SealSimulator) Seal(_ context.Context, unit string, pdf []byte) ([]byte, string, error) {
	sum := sha256.Sum256(pdf)
	return pdf, "simulated:" + base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.Key, append([]byte(unit+"\n"), sum[:]...))), nil
}

// Simulated implements Sealer.
func (SealSimulator) Simulated() bool { return true }

// SealService posts each file to a sealing service: POST {URL}?unit=CODE with the PDF as
// the body, answered by the sealed PDF with its receipt in X-Seal-Receipt.
type SealService struct {
	URL, Key string
	Client   *http.Client
}

// Seal implements Sealer.
func (s SealService) Seal(ctx context.Context, unit string, pdf []byte) ([]byte, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(pdf))
	if err != nil {
		return nil, "", err
	}
	q := req.URL.Query()
	q.Set("unit", unit)
	req.URL.RawQuery = q.Encode()
	req.Header.Set("Content-Type", "application/pdf")
	req.Header.Set("Authorization", "Bearer "+s.Key)
	res, err := s.Client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	sealed, err := io.ReadAll(io.LimitReader(res.Body, 20<<20))
	switch {
	case err != nil:
		return nil, "", err
	case res.StatusCode != http.StatusOK:
		var said struct{ Detail string }
		_ = json.Unmarshal(sealed, &said)
		return nil, "", fmt.Errorf("adapter: the sealing service answered %s %s", res.Status, said.Detail)
	case !bytes.HasPrefix(sealed, []byte("%PDF-")):
		return nil, "", fmt.Errorf("adapter: the sealing service answered no PDF")
	}
	return sealed, res.Header.Get("X-Seal-Receipt"), nil
}

// Simulated implements Sealer.
func (SealService) Simulated() bool { return false }
