package adapter

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// Clam is a virus scanner (病毒查杀) that speaks clamd's protocol: what is scanned is sent
// by INSTREAM.
type Clam struct {
	network, address string
	Limit            time.Duration // of one scan; a minute when 0
}

// NewClam reads an address: tcp://host:3310 or unix:///run/clamav/clamd.ctl.
func NewClam(at string) (*Clam, error) {
	u, err := url.Parse(at)
	switch {
	case err != nil:
		return nil, fmt.Errorf("adapter: %q is no address of a virus scanner: %w", at, err)
	case u.Scheme == "tcp" && u.Port() != "":
		return &Clam{network: "tcp", address: u.Host}, nil
	case u.Scheme == "unix" && u.Host == "" && u.Path != "":
		return &Clam{network: "unix", address: u.Path}, nil
	}
	return nil, fmt.Errorf("adapter: %q is no address of a virus scanner, such as tcp://host:3310 or unix:///run/clamav/clamd.ctl", at)
}

// clamPiece is how much is sent at once; clamAnswer bounds what is read back.
const (
	clamPiece  = 64 << 10
	clamAnswer = 1 << 10
)

// ask sends a command, and what follows it, and reads the answer.
func (c *Clam) ask(ctx context.Context, command string, send func(w io.Writer) error) (string, error) {
	limit := c.Limit
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", fmt.Errorf("adapter: the virus scanner: %w", err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	_, err = conn.Write([]byte("z" + command + "\x00"))
	if err == nil && send != nil {
		err = send(conn)
	}
	// Where it has enough it answers and closes: what it says counts before that it closed.
	raw, rerr := io.ReadAll(io.LimitReader(conn, clamAnswer))
	if answer, _, whole := bytes.Cut(raw, []byte{0}); whole {
		return string(answer), nil
	}
	if err == nil {
		err = rerr
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return "", fmt.Errorf("adapter: the virus scanner: %w", err)
}

// Scan says which virus a content carries; "" none. An error says that it is not known.
func (c *Clam) Scan(ctx context.Context, content io.Reader) (found string, err error) {
	answer, err := c.ask(ctx, "INSTREAM", func(w io.Writer) error {
		piece := make([]byte, 4+clamPiece)
		for {
			n, err := io.ReadFull(content, piece[4:])
			if n > 0 {
				binary.BigEndian.PutUint32(piece, uint32(n))
				if _, err := w.Write(piece[:4+n]); err != nil {
					return err
				}
			}
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				_, err = w.Write([]byte{0, 0, 0, 0})
				return err
			}
			if err != nil {
				return err
			}
		}
	})
	if err != nil {
		return "", err
	}
	said := strings.TrimPrefix(answer, "stream: ")
	if said == "OK" {
		return "", nil
	}
	if name, ok := strings.CutSuffix(said, " FOUND"); ok && name != "" {
		return name, nil
	}
	return "", fmt.Errorf("adapter: the virus scanner says %q", answer)
}

// Reachable says which version answers.
func (c *Clam) Reachable(ctx context.Context) (string, error) { return c.ask(ctx, "VERSION", nil) }
