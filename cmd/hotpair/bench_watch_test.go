package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	emulated "github.com/hotpair/hotpair/cmd/pairbox/provd"
)

// benchPhones is a master to be with so many phones.
func benchPhones(b *testing.B, phones int) (dir string, server *emulated.Server) {
	b.Helper()
	dir, data := b.TempDir(), b.TempDir()
	err := os.CopyFS(dir, os.DirFS("../../testdata/sandbox/wazo"))
	if err == nil {
		err = emulated.Seed(data, emulated.Seeding{Phones: phones, Own: "10.0.0.1"})
	}
	if err == nil {
		server, err = emulated.New(emulated.Options{Dir: data, ServiceID: "hotpair", ServiceKey: "key"})
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { server.Close() })
	base, err := server.Listen("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	write(b, filepath.Join(dir, "var/lib/wazo-auth-keys/hotpair-key.yml"), "service_id: hotpair\nservice_key: key\n")
	write(b, filepath.Join(dir, "etc/hotpair/ha.hcl"), fmt.Sprintf("platform = \"wazo\"\nnode {\n  role = \"master\"\n}\npeer {\n  address = \"10.0.0.2\"\n}\nsip_expiry {\n  max = \"4m\"\n}\nprovisioning {\n  url = \"%s/0.2\"\n  auth {\n    url = \"%s/auth/0.1\"\n  }\n}\n", base, base))
	return dir, server
}

func write(b *testing.B, path, text string) {
	b.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func apply(b *testing.B, dir string) {
	b.Helper()
	if out, err := exec.Command(binary(b), "--root", dir, "apply", "--auto-approve").CombinedOutput(); err != nil {
		b.Fatal(err, string(out))
	}
}

// BenchmarkPhones measures the first apply of a master, which writes every
// phone's document, and the second, which writes none.
func BenchmarkPhones(b *testing.B) {
	for _, phones := range []int{303, 5000} {
		b.Run(fmt.Sprint(phones), func(b *testing.B) {
			var first, second time.Duration
			for b.Loop() {
				dir, server := benchPhones(b, phones)
				began := time.Now()
				apply(b, dir)
				first += time.Since(began)
				if n := server.Count("PUT", "/0.2/cfg_mgr"); n != phones+2 {
					b.Fatalf("%d documents were written", n)
				}
				server.Forget()
				began = time.Now()
				apply(b, dir)
				second += time.Since(began)
				if n := server.Count("PUT", "/0.2/cfg_mgr"); n != 0 {
					b.Fatalf("%d documents were written again", n)
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(first.Seconds()*1000/float64(b.N), "ms/first")
			b.ReportMetric(second.Seconds()*1000/float64(b.N), "ms/second")
		})
	}
}

// BenchmarkWatch measures the daemon: from the end of an edit to the end of
// what follows from it, and what it costs at rest.
func BenchmarkWatch(b *testing.B) {
	b.Run("edit", func(b *testing.B) {
		dir, _ := benchPhones(b, 303)
		apply(b, dir)
		started(b, dir)
		file, jobs := filepath.Join(dir, "etc/hotpair/ha.d/10.hcl"), filepath.Join(dir, "etc/cron.d/xivo-ha-master")
		var all, worst time.Duration
		minute := 0
		for b.Loop() {
			minute = minute%59 + 1
			write(b, file, fmt.Sprintf("replication {\n  schedule = \"%d * * * *\"\n}\n", minute))
			began := time.Now()
			for text := ""; !strings.HasPrefix(text, fmt.Sprint(minute, " ")); time.Sleep(time.Millisecond) {
				read, err := os.ReadFile(jobs)
				if err != nil || time.Since(began) > time.Minute {
					b.Fatal("it does not follow", err)
				}
				text = string(read)
			}
			all, worst = all+time.Since(began), max(worst, time.Since(began))
			time.Sleep(time.Second)
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(all.Seconds()*1000/float64(b.N), "ms/edit")
		b.ReportMetric(worst.Seconds()*1000, "ms-worst")
	})
	for _, phones := range []int{0, 303, 5000} {
		b.Run(fmt.Sprint("rest-", phones), func(b *testing.B) {
			dir, _ := benchPhones(b, phones)
			apply(b, dir)
			pid := started(b, dir)
			before, began, held := wakeups(b, pid), time.Now(), memory{}
			for b.Loop() {
				held.watch(b, pid, phonesEvery*interval)
			}
			b.ReportMetric(0, "ns/op")
			held.report(b)
			b.ReportMetric(float64(wakeups(b, pid)-before)/time.Since(began).Seconds(), "wake-ups/s")
		})
	}
}

// started starts the daemon of a node and waits until it has looked.
func started(b *testing.B, dir string) (pid int) {
	b.Helper()
	cmd := exec.Command(binary(b), "--root", dir, "watch")
	log, err := cmd.StderrPipe()
	if err == nil {
		asUnit(b, func() { err = cmd.Start() })
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), "msg=watching") {
			go io.Copy(io.Discard, log)
			return cmd.Process.Pid
		}
	}
	b.Fatal("the daemon ended")
	return 0
}

// statusOf is a figure of proc(5)'s status: KiB of memory, or a count.
func statusOf(b *testing.B, task any, name string) int {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%v/status", task))
	if err != nil {
		return 0 // a thread that has ended
	}
	_, rest, _ := strings.Cut(string(text), name+":")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		b.Fatalf("%s is not in %s", name, text)
	}
	n, err := strconv.Atoi(fields[0])
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// wakeups is how often the threads of a process have gone to sleep.
func wakeups(b *testing.B, pid int) int {
	b.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	for _, task := range tasks {
		n += statusOf(b, strings.TrimPrefix(task, "/proc/"), "voluntary_ctxt_switches")
	}
	return n
}
