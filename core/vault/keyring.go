package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
)

// Suite is the pair of algorithms that keys are used with.
type Suite string

// The suites. SM is GB/T 32907-2016 (SM4) with GB/T 32905-2016 (SM3), which
// 等保 and 密评 ask of government systems.
const (
	International Suite = "aes256-sha256"
	SM            Suite = "sm4-sm3"
)

func (s Suite) aead(key []byte) (cipher.AEAD, error) {
	var block cipher.Block
	var err error
	if s == SM {
		block, err = sm4.NewCipher(key[:16])
	} else {
		block, err = aes.NewCipher(key)
	}
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (s Suite) mac(key []byte) hash.Hash {
	if s == SM {
		return hmac.New(func() hash.Hash { return sm3.New() }, key)
	}
	return hmac.New(sha256.New, key)
}

// seal encrypts and authenticates; the nonce stands before the text.
func (s Suite) seal(key, plain, bound []byte) ([]byte, error) {
	aead, err := s.aead(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, bound), nil
}

func (s Suite) open(key, sealed, bound []byte) ([]byte, error) {
	aead, err := s.aead(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errors.New("vault: a sealed value is too short")
	}
	return aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], bound)
}

// masterKey wraps the keys of persons. Its file lies outside the data folder.
type masterKey struct {
	ID      string    `json:"id"`
	Suite   Suite     `json:"suite"`
	Created time.Time `json:"created"`
	Secret  []byte    `json:"secret"` // 32 random bytes
}

// Keyring is the folder of keys: master keys by id, the newest of which wraps
// new persons' keys, and named secrets that never rotate by themselves (the
// look-up key, the audit log's signing seed). The folder belongs outside the
// data folder and outside its backups.
type Keyring struct {
	dir   string
	suite Suite

	mu      sync.RWMutex
	keys    map[string]masterKey
	current string
}

// OpenKeyring reads the folder of keys, making it with a first key when it is
// absent or empty.
func OpenKeyring(dir string, suite Suite) (*Keyring, error) {
	if suite == "" {
		suite = International
	}
	if suite != International && suite != SM {
		return nil, fmt.Errorf("vault: suite %q is neither %q nor %q", suite, International, SM)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("vault: the folder of keys: %w", err)
	}
	k := &Keyring{dir: dir, suite: suite}
	if err := k.load(); err != nil {
		return nil, err
	}
	if k.current == "" {
		if _, err := k.Rotate(); err != nil {
			return nil, err
		}
	}
	return k, nil
}

func (k *Keyring) load() error {
	files, err := filepath.Glob(filepath.Join(k.dir, "master-*.json"))
	if err != nil {
		return err
	}
	keys, current := map[string]masterKey{}, ""
	slices.Sort(files)
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("vault: %w", err)
		}
		var key masterKey
		if err := json.Unmarshal(raw, &key); err != nil || len(key.Secret) != 32 || key.ID == "" {
			return fmt.Errorf("vault: %s is not a key file", filepath.Base(file))
		}
		keys[key.ID] = key
		if current == "" || key.Created.After(keys[current].Created) {
			current = key.ID
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.current = keys, current
	return nil
}

// Rotate makes a new master key and uses it for new persons. Old keys stay:
// [Vault.Rewrap] moves what they wrap, after which their files may go.
func (k *Keyring) Rotate() (id string, err error) {
	key := masterKey{Suite: k.suite, Created: time.Now().UTC(), Secret: make([]byte, 32)}
	rand.Read(key.Secret)
	tag := make([]byte, 4)
	rand.Read(tag)
	key.ID = fmt.Sprintf("%s-%x", key.Created.Format("20060102"), tag)
	raw, _ := json.Marshal(key)
	if err := writeSecret(filepath.Join(k.dir, "master-"+key.ID+".json"), raw); err != nil {
		return "", err
	}
	return key.ID, k.load()
}

// Secret is the named secret of 32 bytes, made at first use.
func (k *Keyring) Secret(name string) ([]byte, error) {
	if strings.ContainsAny(name, "/.") {
		return nil, fmt.Errorf("vault: %q is no name of a secret", name)
	}
	path := filepath.Join(k.dir, "secret-"+name)
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		raw = make([]byte, 32)
		rand.Read(raw)
		err = writeSecret(path, raw)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if len(raw) != 32 {
		return nil, fmt.Errorf("vault: the secret %q is damaged", name)
	}
	return raw, nil
}

// writeSecret writes a file that only its owner reads, whole or not at all.
func writeSecret(path string, raw []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(raw)
	if err := errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return os.Rename(tmp.Name(), path)
}

func (k *Keyring) master(id string) (masterKey, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if id == "" {
		id = k.current
	}
	key, ok := k.keys[id]
	if !ok {
		return masterKey{}, fmt.Errorf("vault: master key %q is not in the folder of keys", id)
	}
	return key, nil
}

// Seal seals a small secret under a key derived for its use; bound ties it to
// where it lies.
func (k *Keyring) Seal(plain []byte, bound string) ([]byte, error) {
	key, err := k.Secret("small")
	if err != nil {
		return nil, err
	}
	return International.seal(key, plain, []byte(bound))
}

// Open is the inverse of Seal.
func (k *Keyring) Open(sealed []byte, bound string) ([]byte, error) {
	key, err := k.Secret("small")
	if err != nil {
		return nil, err
	}
	return International.open(key, sealed, []byte(bound))
}

// MAC is a keyed hash of parts, for look-up of what must not be stored plain.
func (k *Keyring) MAC(parts ...string) []byte {
	key, err := k.Secret("lookup")
	if err != nil {
		panic(err) // the ring was opened, so its folder is readable
	}
	mac := k.suite.mac(key)
	for _, p := range parts {
		mac.Write([]byte(p))
		mac.Write([]byte{0})
	}
	return mac.Sum(nil)
}
