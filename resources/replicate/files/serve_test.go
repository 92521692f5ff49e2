package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

// speech is what a master says, in frames.
func speech(parts ...any) []byte {
	var b bytes.Buffer
	w := newWire(&b, &b)
	for _, part := range parts {
		switch part := part.(type) {
		case uint32:
			_ = w.length(part)
		case string:
			_ = w.writeFrame([]byte(part))
		default:
			_ = w.writeJSON(part)
		}
	}
	_ = w.w.Flush()
	return b.Bytes()
}

func peerTree(t testing.TB) (root string) {
	root = t.TempDir()
	put(t, root+"/etc/asterisk/a", "old")
	put(t, root+"/etc/passwd", "outside")
	must(t, os.MkdirAll(root+"/var/lib/asterisk", 0o755))
	must(t, os.Symlink("..", root+"/etc/asterisk/up"))
	must(t, os.Symlink("/etc", root+"/etc/asterisk/root"))
	return root
}

func file(name, content string) entry {
	return entry{Kind: kindFile, Path: []byte(name), Mode: 0o644, UID: os.Getuid(), GID: os.Getgid(), Size: int64(len(content)), Time: 1}
}

func directory(name string) entry {
	return entry{Kind: kindDir, Path: []byte(name), Mode: 0o755, UID: os.Getuid(), GID: os.Getgid(), Time: 1}
}

func end() entry { return entry{Kind: kindEnd} }

func TestWhatAMasterMustNotSayEndsTheSession(t *testing.T) {
	hello := greeting{Version: version}
	top := directory("/etc/asterisk")
	strange := map[string][]any{
		"outside":               {hello, file("/etc/passwd", "x"), end()},
		"with steps":            {hello, top, file("/etc/asterisk/../passwd", "x"), end()},
		"relative":              {hello, file("etc/asterisk/x", "x"), end()},
		"a zero":                {hello, top, file("/etc/asterisk/x\x00y", "x"), end()},
		"the directory itself":  {hello, file("/etc/asterisk", "x"), end()},
		"removes the directory": {hello, entry{Kind: kindGone, Path: []byte("/etc/asterisk")}, end()},
		"no parent":             {hello, file("/etc/asterisk/d/x", "x"), end()},
		"a link for a parent":   {hello, top, entry{Kind: kindLink, Path: []byte("/etc/asterisk/l"), Target: []byte("/etc")}, file("/etc/asterisk/l/passwd", "x"), end()},
		"through a link":        {hello, top, file("/etc/asterisk/up/passwd", "x"), end()},
		"a strange kind":        {hello, top, entry{Kind: "device", Path: []byte("/etc/asterisk/x")}, end()},
		"a strange mode":        {hello, top, entry{Kind: kindFile, Path: []byte("/etc/asterisk/x"), Mode: 0o60644}, end()},
		"a negative size":       {hello, top, entry{Kind: kindFile, Path: []byte("/etc/asterisk/x"), Size: -1}, end()},
		"an empty target":       {hello, top, entry{Kind: kindLink, Path: []byte("/etc/asterisk/x")}, end()},
		"a long path":           {hello, top, file("/etc/asterisk/"+strings.Repeat("x", 5000), "x"), end()},
		"more than its size":    {hello, top, file("/etc/asterisk/x", "x"), end(), "xy", ""},
		"less than its size":    {hello, top, file("/etc/asterisk/x", "xy"), end(), "x", ""},
		"a long frame":          {hello, top, file("/etc/asterisk/x", "xy"), end(), uint32(maxFrame + 1)},
		"a long header":         {hello, uint32(maxFrame + 1)},
		"half a header":         {hello, uint32(100)},
		"no JSON":               {hello, "{"},
		"another version":       {greeting{Version: version + 1}},
		"a strange exclusion":   {greeting{Version: version, Exclude: []string{"["}}},
		"a cut":                 {hello, top, file("/etc/asterisk/x", "xy"), end(), "x"},
		"a cut in the list":     {hello, top},
	}
	for what, parts := range strange {
		t.Run(what, func(t *testing.T) {
			root := peerTree(t)
			before := listing(t, root)
			var out bytes.Buffer
			err := newTree(root, declared()).serve(t.Context(), bytes.NewReader(speech(parts...)), &out)
			if err == nil {
				t.Error("it was taken")
			}
			if after := listing(t, root); !reflect.DeepEqual(before, after) {
				t.Errorf("before %v\nafter %v", before, after)
			}
		})
	}
}

// listing is every path below a root with what it holds.
func listing(t testing.TB, root string) map[string]string {
	t.Helper()
	seen := map[string]string{}
	for place := range touches(t, root) {
		text, err := os.ReadFile(place)
		if err == nil {
			seen[place] = string(text)
		} else if target, err := os.Readlink(place); err == nil {
			seen[place] = target
		} else {
			seen[place] = ""
		}
	}
	return seen
}

// A link that leads out, where the master has a directory, is replaced, not
// followed.
func TestALinkThatLeadsOutIsNotFollowed(t *testing.T) {
	root := peerTree(t)
	said := speech(greeting{Version: version}, directory("/etc/asterisk"), directory("/etc/asterisk/up"), file("/etc/asterisk/up/passwd", "inside"), end(), "inside", "")
	if err := newTree(root, declared()).serve(t.Context(), bytes.NewReader(said), io.Discard); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"/etc/passwd": "outside", "/etc/asterisk/up/passwd": "inside"} {
		if text, err := os.ReadFile(root + name); err != nil || string(text) != want {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- newTree(peerTree(t), declared()).serve(ctx, theirs, theirs) }()
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
}

func TestServeSweepsWhatACutLeft(t *testing.T) {
	root := peerTree(t)
	put(t, root+"/etc/asterisk/.a.hotpair-tmp", "half")
	if err := Serve(t.Context(), bytes.NewReader(speech(greeting{Version: version})), io.Discard, []string{root + "/etc/asterisk"}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(root + "/etc/asterisk/.a.hotpair-tmp"); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestTheMasterMistrustsItsPeer(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/a", "x")
	hello, err := json.Marshal(greeting{Version: version})
	must(t, err)
	frame := func(p string) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(p))), p...) }
	for what, answers := range map[string][]byte{
		"too few needs":        frame("n\x00"),
		"an objection":         frame("!no\x1b[2J"),
		"a long frame":         {0xff, 0xff, 0xff, 0xfe},
		"an outcome of others": append(frame("n\x00\x00"), frame(`{"item":99,"verb":"update"}`)...),
		"no end":               append(frame("n\x00\x00"), bytes.Repeat(frame(`{"item":0,"verb":"update"}`), 9)...),
		"a cut":                frame("n\x00\x00"),
	} {
		t.Run(what, func(t *testing.T) {
			p.options.Open = func(context.Context, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go io.Copy(io.Discard, theirs)
				go func() { theirs.Write(frame(string(hello))); theirs.Write(answers); theirs.Close() }()
				return ours, nil
			}
			s := p.session()
			if _, err := s.Send(t.Context(), []string{"/etc/asterisk/a"}); !errors.Is(err, ErrBroken) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("got %v", err)
			}
			if _, err := s.Send(t.Context(), nil); !errors.Is(err, ErrBroken) {
				t.Errorf("again: %v", err)
			}
		})
	}
}

func FuzzServe(f *testing.F) {
	hello := greeting{Version: version, Exclude: []string{"/etc/asterisk/*.x"}, MaxDelete: 10}
	top := directory("/etc/asterisk")
	f.Add(speech(hello, top, file("/etc/asterisk/x", "xy"), end(), "xy", ""))
	f.Add(speech(hello, top, entry{Kind: kindGone, Path: []byte("/etc/asterisk/a")}, end(), end()))
	f.Add(speech(hello, top, entry{Kind: kindLink, Path: []byte("/etc/asterisk/up"), Target: []byte("x")}, end()))
	f.Add(speech(hello, top, directory("/etc/asterisk/up"), file("/etc/asterisk/up/passwd", "xy"), end(), "xy", ""))
	f.Add(speech(hello, top, file("/etc/asterisk/x", "xy"), end(), "x", uint32(aborted)))
	f.Fuzz(func(t *testing.T, said []byte) {
		root := peerTree(t)
		_ = newTree(root, declared()).serve(t.Context(), bytes.NewReader(said), io.Discard)
		for place, text := range listing(t, root) {
			inside := strings.HasPrefix(place, root+"/etc/asterisk") || strings.HasPrefix(place, root+"/var/lib/asterisk")
			if place == root+"/etc/passwd" && text != "outside" || !inside && place != root+"/etc/passwd" && text != "" {
				t.Fatalf("%s: %q", place, text)
			}
			if strings.HasSuffix(place, ".hotpair-tmp") {
				t.Fatalf("%s was left", place)
			}
		}
		if len(listing(t, root+"/etc")) < 2 {
			t.Fatal("something outside is gone")
		}
	})
}

func FuzzItem(f *testing.F) {
	for _, line := range []string{`<f+++++++++ 1 var/a\#012b`, `*deleting   0 x/`, `.d..t...... 4096 var/`, "cL+++ 3 x", ""} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if c, _, is := item(line); is && (!clean(c.Path) && !strings.ContainsRune(c.Path, 0) || c.Verb == "") {
			t.Errorf("%q is %v", line, c)
		}
		var r found
		r.read(line)
	})
}
