package adapter

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// eicar is the standard's harmless test file, in two parts so that no scanner of this
// repository takes fright.
var eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// scannerSaying listens as clamd does, and answers what say makes of a content.
func scannerSaying(t *testing.T, say func(content []byte) string) *Clam {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				command := make([]byte, len("zINSTREAM\x00"))
				if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
					return
				}
				var content []byte
				for {
					var n uint32
					if err := binary.Read(conn, binary.BigEndian, &n); err != nil {
						return
					}
					if n == 0 {
						break
					}
					piece := make([]byte, n)
					if _, err := io.ReadFull(conn, piece); err != nil {
						return
					}
					content = append(content, piece...)
				}
				_, _ = io.WriteString(conn, say(content))
			}()
		}
	}()
	c, err := NewClam("tcp://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What is sent arrives whole in its pieces; each answer of a scanner, and none, is told
// apart.
func TestClam(t *testing.T) {
	big := make([]byte, 5*clamPiece+7)
	_, _ = rand.Read(big)
	var got []byte
	c := scannerSaying(t, func(content []byte) string { got = content; return "stream: OK\x00" })
	for _, content := range [][]byte{{}, {1}, big[:clamPiece], big} {
		found, err := c.Scan(context.Background(), bytes.NewReader(content))
		if err != nil || found != "" || !bytes.Equal(got, content) {
			t.Errorf("%d bytes: %q %v, %d arrived", len(content), found, err, len(got))
		}
	}
	for answer, want := range map[string]string{"stream: Eicar-Test-Signature FOUND\x00": "Eicar-Test-Signature", "stream: A B FOUND\x00": "A B", "stream:  FOUND\x00": "error", "INSTREAM size limit exceeded. ERROR\x00": "error", "stream: OK": "error", "": "error"} {
		found, err := scannerSaying(t, func([]byte) string { return answer }).Scan(context.Background(), strings.NewReader("x"))
		if (want == "error") != (err != nil) || err == nil && found != want {
			t.Errorf("%q is read as %q, %v", answer, found, err)
		}
	}
	slow := scannerSaying(t, func([]byte) string { time.Sleep(time.Minute); return "" })
	slow.Limit = 50 * time.Millisecond
	if _, err := slow.Scan(context.Background(), strings.NewReader("x")); err == nil {
		t.Error("a silent scanner is waited for")
	}
	for _, at := range []string{"", "localhost:3310", "tcp://localhost", "http://x:1", "unix://x", "unix://"} {
		if _, err := NewClam(at); err == nil {
			t.Errorf("%q is taken", at)
		}
	}
}

// clamd itself, where it is installed, with one signature of ours.
func TestClamItself(t *testing.T) {
	if _, err := exec.LookPath("clamd"); err != nil {
		t.Skip("clamd is not installed")
	}
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(filepath.Join(dir, "db"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("db/eicar.ndb", "Eicar-Test-Signature:0:0:58354f2150254041505b345c505a58353428505e2937434329377d2445494341522d5354414e444152442d414e544956495255532d544553542d46494c452124482b482a\n")
	socket := filepath.Join(dir, "clamd.ctl")
	conf := write("clamd.conf", "LocalSocket "+socket+"\nDatabaseDirectory "+filepath.Join(dir, "db")+"\nForeground yes\n")
	cmd := exec.Command("clamd", "--config-file="+conf)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	c, err := NewClam("unix://" + socket)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if version, err := c.Reachable(context.Background()); err == nil && strings.HasPrefix(version, "ClamAV ") {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("clamd does not answer: %v\n%s", err, &log)
		}
	}
	for content, want := range map[string]string{"a paper": "", eicar: "Eicar-Test-Signature.UNOFFICIAL"} {
		if found, err := c.Scan(context.Background(), strings.NewReader(content)); err != nil || found != want {
			t.Errorf("%q %v, want %q", found, err, want)
		}
	}
}
