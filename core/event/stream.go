package event

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Stream is the JetStream that other bureaus' programs read: subjects
// "shanzhi.SUBJECT" (shanzhi.appeal.dispatch), the event's ID as message ID, so
// that what is published twice is kept once. It is filled from SQL by the
// relay and may be wiped at any time.
//
// It acknowledges before its file is synced: SQL is the truth, and the relay's
// cursor moves only after the acknowledgement, so what a power cut takes from
// the stream can be published again from the outbox.
type Stream struct {
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
}

// StreamName is the name of the stream; StreamSubjects what it takes.
const (
	StreamName     = "SHANZHI"
	StreamSubjects = "shanzhi.>"
)

// OpenStream connects to an outside NATS by URL, or runs one inside, with its
// files in a folder and, when listen is not empty, open to others at that
// address.
func OpenStream(ctx context.Context, url, folder, listen string) (*Stream, error) {
	s := &Stream{}
	var err error
	if url == "" {
		opts := &server.Options{ServerName: "shanzhi", JetStream: true, StoreDir: folder, DontListen: listen == "", NoSigs: true, NoLog: true}
		if listen != "" {
			host, port, ok := strings.Cut(listen, ":")
			if _, err := fmt.Sscan(port, &opts.Port); !ok || err != nil {
				return nil, fmt.Errorf("event: %q is not an address such as 127.0.0.1:4222", listen)
			}
			opts.Host = host
		}
		if s.server, err = server.NewServer(opts); err != nil {
			return nil, fmt.Errorf("event: the stream: %w", err)
		}
		s.server.Start()
		if !s.server.ReadyForConnections(20 * time.Second) {
			s.server.Shutdown()
			return nil, errors.New("event: the stream did not start")
		}
		s.conn, err = nats.Connect("", nats.InProcessServer(s.server))
	} else {
		s.conn, err = nats.Connect(url, nats.Name("shanzhi"), nats.MaxReconnects(-1))
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("event: the stream does not answer: %w", err)
	}
	if s.js, err = jetstream.New(s.conn); err != nil {
		s.Close()
		return nil, err
	}
	_, err = s.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: StreamName, Subjects: []string{StreamSubjects}, Storage: jetstream.FileStorage,
		Retention: jetstream.LimitsPolicy, MaxAge: 30 * 24 * time.Hour, MaxBytes: 4 << 30, Discard: jetstream.DiscardOld, Duplicates: 10 * time.Minute})
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("event: the stream: %w", err)
	}
	return s, nil
}

// Close ends the connection, and the server where it runs inside.
func (s *Stream) Close() {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.Shutdown()
		s.server.WaitForShutdown()
	}
}

// JetStream is the stream for those who read it in this process.
func (s *Stream) JetStream() jetstream.JetStream { return s.js }

// relayConsumer is the cursor of the relay.
const relayConsumer = "relay"

// Relay publishes every event to the stream, in commit order, until ctx ends.
func (b *Bus) Relay(ctx context.Context, s *Stream) {
	b.Forward(ctx, relayConsumer, func(ctx context.Context, events []Event) error {
		futures := make([]jetstream.PubAckFuture, 0, len(events))
		for _, e := range events {
			raw, err := json.Marshal(e)
			if err != nil {
				return err
			}
			f, err := s.js.PublishMsgAsync(&nats.Msg{Subject: "shanzhi." + e.Subject, Data: raw}, jetstream.WithMsgID(e.ID.String()))
			if err != nil {
				return err
			}
			futures = append(futures, f)
		}
		select {
		case <-s.js.PublishAsyncComplete():
		case <-time.After(10 * time.Second):
			return errors.New("event: the stream did not acknowledge in time")
		case <-ctx.Done():
			return ctx.Err()
		}
		for _, f := range futures {
			select {
			case err := <-f.Err():
				return err
			default:
			}
		}
		return nil
	})
}

// Refill makes the relay publish again everything that the outbox still holds:
// after the stream was wiped.
func (b *Bus) Refill(ctx context.Context) error { return b.reset(ctx, relayConsumer) }
