package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// PostgresEnv names a server that the test command started for all packages:
// a DSN of a superuser. Without it each test process starts its own.
const PostgresEnv = "SHANZHI_TEST_POSTGRES"

var (
	postgresOnce sync.Once
	postgresDSN  string
	postgresErr  error
	postgresStop func()
	databases    atomic.Int64

	models sync.Map // name → func() error, which makes the database once
)

// Postgres gives an empty database on a real PostgreSQL server and drops it
// when the test ends. Where no server is installed the test is skipped, except
// under CI, where `make test` has installed one.
func Postgres(t testing.TB) (dsn string) {
	t.Helper()
	return database(t, "template1")
}

// PostgresLike gives a copy of a model that make fills, once in a process: what
// takes long to fill is copied in a moment. Nobody may be connected to the model
// once make has returned.
func PostgresLike(t testing.TB, model string, make func(dsn string) error) (dsn string) {
	t.Helper()
	serve(t)
	name := fmt.Sprintf("m%d_%s", os.Getpid(), model)
	once, _ := models.LoadOrStore(name, sync.OnceValue(func() error {
		admin, err := sql.Open("pgx", postgresDSN)
		if err != nil {
			return err
		}
		defer admin.Close()
		if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
			return err
		}
		return make(named(name))
	}))
	if err := once.(func() error)(); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	return database(t, name)
}

// serve starts the server where none runs yet.
func serve(t testing.TB) {
	t.Helper()
	postgresOnce.Do(func() {
		if postgresDSN = os.Getenv(PostgresEnv); postgresDSN == "" {
			postgresDSN, postgresStop, postgresErr = StartPostgres()
		}
	})
	if postgresErr != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("PostgreSQL: %v", postgresErr)
		}
		t.Skipf("PostgreSQL: %v", postgresErr)
	}
}

func named(database string) (dsn string) {
	return strings.Replace(postgresDSN, "/postgres?", "/"+database+"?", 1)
}

// database is a new one, like another, for one test.
func database(t testing.TB, like string) (dsn string) {
	t.Helper()
	serve(t)
	admin, err := sql.Open("pgx", postgresDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	name := fmt.Sprintf("t%d_%d_%d", os.Getpid(), time.Now().UnixNano(), databases.Add(1))
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + like); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", postgresDSN)
		if err == nil {
			_, _ = admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
			admin.Close()
		}
	})
	return named(name)
}

// Main runs the tests of a package and stops what they started. A package
// whose tests call Postgres or have a Model has it as its TestMain.
func Main(m *testing.M) {
	code := m.Run()
	modelDirs.Range(func(dir, _ any) bool { _ = os.RemoveAll(dir.(string)); return true })
	if postgresStop != nil {
		postgresStop()
	}
	os.Exit(code)
}

// StartPostgres starts a server in a folder of its own and returns the DSN of
// its superuser and what stops it. PostgreSQL refuses to run as root, so root
// runs it as the user "postgres", which Debian's package makes.
func StartPostgres() (dsn string, stop func(), err error) {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	if len(bins) == 0 {
		return "", nil, fmt.Errorf("not installed: no /usr/lib/postgresql/*/bin (apt-get install postgresql)")
	}
	bin := bins[len(bins)-1]
	dir, err := os.MkdirTemp("", "shanzhi-postgres-")
	if err != nil {
		return "", nil, err
	}
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return "", nil, err
		}
		var uid, gid uint32
		fmt.Sscan(u.Uid, &uid)
		fmt.Sscan(u.Gid, &gid)
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return "", nil, err
		}
		attr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir, cmd.SysProcAttr = dir, attr
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("initdb: %v: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	server := run("postgres", "-D", data, "-p", fmt.Sprint(port), "-c", "listen_addresses=127.0.0.1", "-k", dir,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300")
	log, err := os.Create(filepath.Join(os.TempDir(), filepath.Base(dir)+".log"))
	if err != nil {
		return "", nil, err
	}
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
		_ = os.RemoveAll(dir)
		_ = os.Remove(log.Name())
	}
	dsn = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return "", nil, err
	}
	defer db.Close()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		err := db.PingContext(ctx)
		cancel()
		if err == nil {
			return dsn, stop, nil
		}
		if time.Now().After(deadline) {
			stop()
			return "", nil, fmt.Errorf("did not answer: %w", err)
		}
	}
}

// Extension says whether an extension of PostgreSQL is installed on this machine.
func Extension(name string) bool {
	found, _ := filepath.Glob("/usr/share/postgresql/*/extension/" + name + ".control")
	return len(found) > 0
}
