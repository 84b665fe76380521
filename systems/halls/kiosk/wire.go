// Package kiosk is what a self-service device (自助终端) and the house say to each other,
// and the agent that says it from beside the device's browser.
//
// A device has a key pair of its own (Ed25519); the house keeps the public half. Each
// request is signed over its method, path, count, time and body, and counts up, so that
// none can be altered or sent twice. What a device did while it could not be heard lies
// in its queue: entries that only grow, each signed and chained to the one before by
// hash. What is personal in them is sealed to the house's key (HPKE, RFC 9180) before it
// touches the disk.
package kiosk

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"
)

// The headers of a signed request.
const (
	HeaderDevice    = "Kiosk-Device"
	HeaderCount     = "Kiosk-Count"
	HeaderTime      = "Kiosk-Time" // Unix milliseconds of the device's clock
	HeaderSignature = "Kiosk-Signature"
)

// Drift is how far a device's clock may be from the house's.
const Drift = 5 * time.Minute

// digest hashes parts so that no two lists of parts hash alike.
func digest(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}

func number(n int64) []byte {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	return b[:]
}

func signedRequest(method, path, device string, count, at int64, body []byte) []byte {
	return digest([]byte("shanzhi kiosk request"), []byte(method), []byte(path), []byte(device), number(count), number(at), body)
}

// SignRequest signs a request; at is in Unix milliseconds.
func SignRequest(key ed25519.PrivateKey, method, path, device string, count, at int64, body []byte) string {
	return base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, signedRequest(method, path, device, count, at, body)))
}

// VerifyRequest says whether a signature is the device's, of exactly this request.
func VerifyRequest(public ed25519.PublicKey, signature, method, path, device string, count, at int64, body []byte) bool {
	sig, err := base64.RawURLEncoding.DecodeString(signature)
	return err == nil && len(public) == ed25519.PublicKeySize && ed25519.Verify(public, signedRequest(method, path, device, count, at, body), sig)
}

// QueueEntry is one line of a device's queue.
type QueueEntry struct {
	Seq    int64           `json:"seq" minimum:"1"`
	At     int64           `json:"at" doc:"Unix milliseconds of the device's clock"`
	Kind   string          `json:"kind" maxLength:"40"`
	Data   json.RawMessage `json:"data" doc:"Nothing personal"`
	Sealed []byte          `json:"sealed,omitempty" doc:"What is personal, sealed to the house's key"`
	Prev   []byte          `json:"prev,omitempty" doc:"Hash of the entry before"`
	Hash   []byte          `json:"hash"`
	Sig    []byte          `json:"sig"`
}

func (e *QueueEntry) hash() []byte {
	return digest([]byte("shanzhi kiosk entry"), number(e.Seq), number(e.At), []byte(e.Kind), e.Data, e.Sealed, e.Prev)
}

// NewEntry makes the entry after prev; nil is none.
func NewEntry(key ed25519.PrivateKey, prev *QueueEntry, at time.Time, kind string, data any, sealed []byte) (QueueEntry, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return QueueEntry{}, err
	}
	e := QueueEntry{Seq: 1, At: at.UnixMilli(), Kind: kind, Data: raw, Sealed: sealed}
	if prev != nil {
		e.Seq, e.Prev = prev.Seq+1, prev.Hash
	}
	e.Hash = e.hash()
	e.Sig = ed25519.Sign(key, e.Hash)
	return e, nil
}

// ErrTampered is an entry that its device did not write, or not there.
var ErrTampered = errors.New("kiosk: an entry does not follow the one before it, or is not what its device signed")

// Check says whether the entry is the device's and follows the hash of the one before.
func (e *QueueEntry) Check(public ed25519.PublicKey, prev []byte) error {
	if !bytes.Equal(e.Prev, prev) || !bytes.Equal(e.Hash, e.hash()) || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, e.Hash, e.Sig) {
		return ErrTampered
	}
	return nil
}

const sealInfo = "shanzhi kiosk sealed"

// BoxKey makes the house's key pair out of a secret of 32 bytes.
func BoxKey(secret []byte) (hpke.PrivateKey, error) {
	return hpke.DHKEM(ecdh.X25519()).DeriveKeyPair(secret)
}

// Seal seals what only the holder of the private key of public may read.
func Seal(public, plain []byte) ([]byte, error) {
	key, err := hpke.DHKEM(ecdh.X25519()).NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	return hpke.Seal(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealInfo), plain)
}

// Open is the inverse of Seal.
func Open(key hpke.PrivateKey, sealed []byte) ([]byte, error) {
	return hpke.Open(key, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(sealInfo), sealed)
}

// DeviceBeat is what a device says of itself each minute.
type DeviceBeat struct {
	Version     string         `json:"version" maxLength:"40"`
	Locked      bool           `json:"locked"`
	Temperature float64        `json:"temperature" doc:"Degrees Celsius, inside"`
	Supplies    map[string]int `json:"supplies" doc:"What is left, by the codes of the pack"`
	Faults      []string       `json:"faults,omitempty" maxItems:"20" doc:"Codes of what is wrong now"`
	Acks        []OrderAck     `json:"acks,omitempty" maxItems:"50"`
	Waiting     int            `json:"waiting,omitempty" doc:"Entries of the queue that were not taken yet"`
}

// OrderAck is what became of a command.
type OrderAck struct {
	Command string `json:"command" maxLength:"24"`
	Done    bool   `json:"done"`
	Note    string `json:"note,omitempty" maxLength:"200"`
}

// DeviceOrder is what a device is asked to do from afar.
type DeviceOrder struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	Text    string    `json:"text,omitempty"`
	Expires time.Time `json:"expires"`
}

// DeviceHeard is what the house answers to a beat.
type DeviceHeard struct {
	At       time.Time     `json:"at"`
	Wanted   string        `json:"wanted,omitempty" doc:"Version that the device is to run"`
	Commands []DeviceOrder `json:"commands"`
	Queue    int64         `json:"queue" doc:"Entries of its queue that the house has"`
}

// Enrolment is what a device sends with its one-time code.
type Enrolment struct {
	Code   string `json:"code" minLength:"8" maxLength:"40"`
	Public []byte `json:"public" doc:"Ed25519"`
	Serial string `json:"serial,omitempty" maxLength:"60" doc:"Of the hardware, where it knows it"`
}

// Enrolled is what it is answered.
type Enrolled struct {
	Device string `json:"device"`
	Code   string `json:"code" doc:"What people call it"`
	Name   string `json:"name"`
	Place  string `json:"place" doc:"Hall or station"`
	Box    []byte `json:"box" doc:"The house's public key, X25519, for what is personal"`
}

// PrintJob is a licence to print on one blank sheet. It is never written to a disk.
type PrintJob struct {
	Pickup string      `json:"pickup"`
	Series string      `json:"series"`
	No     int64       `json:"no"`
	Serial string      `json:"serial" doc:"As it stands on the sheet"`
	Title  string      `json:"title"`
	Lines  []PrintLine `json:"lines"`
	Token  string      `json:"token" doc:"Of the page that verifies the licence"`
}

// PrintLine is one line of what is printed.
type PrintLine struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// The kinds of entries.
const (
	PrintBegun = "print_begun"
	Printed    = "printed"
	Wasted     = "wasted"
	Taken      = "taken"
	Visit      = "visit"
	CallBack   = "call_back"
)

// SheetEntry is the data of PrintBegun, Printed, Wasted and Taken.
type SheetEntry struct {
	Pickup string `json:"pickup"`
	Series string `json:"series"`
	No     int64  `json:"no"`
	Reason string `json:"reason,omitempty"`
	// Log is the hash of the entries of this print, which the photos are tied to.
	Log []byte `json:"log,omitempty"`
}

// VisitEntry is the data of Visit: one use of a device by somebody, nobody knows whom.
type VisitEntry struct {
	Function string `json:"function"`
	Item     string `json:"item,omitempty"`
	Grade    int    `json:"grade,omitempty"`
	Helped   bool   `json:"helped,omitempty"`
	Seconds  int    `json:"seconds,omitempty"`
}

// Photos is what is sealed into Taken, and into Wasted where there is one.
type Photos struct {
	Photos [][]byte `json:"photos"`
}

// Asked is what is sealed into CallBack: who asked to be called, and what about.
type Asked struct {
	Phone string `json:"phone"`
	What  string `json:"what"`
}
