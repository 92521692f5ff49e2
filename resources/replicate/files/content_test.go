package files

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

// once calls a function at the first write.
type once struct {
	act  func()
	said []byte
}

func (o *once) Write(p []byte) (int, error) {
	if len(o.said) == 0 {
		o.act()
	}
	o.said = append(o.said, p...)
	return len(p), nil
}

func TestAFileThatChangesInTheMidstIsAborted(t *testing.T) {
	const name = "/etc/asterisk/a"
	for what, act := range map[string]func(string) error{
		"written over": func(place string) error {
			f, err := os.OpenFile(place, os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteAt([]byte("!"), 0)
			}
			return errors.Join(err, f.Close())
		},
		"cut":      func(place string) error { return os.Truncate(place, 100_000) },
		"appended": func(place string) error { return os.Truncate(place, 2_000_000) },
		"nothing":  func(string) error { return nil },
		"replaced": func(place string) error {
			return errors.Join(os.Rename(place, place+".old"), os.WriteFile(place, nil, 0o644))
		},
	} {
		p := newPair(t)
		p.write(name, strings.Repeat("x", 1_000_000))
		src := newSource(p.options.Host, declared(), newOwners())
		src.add(name)
		out := &once{act: func() { must(t, act(p.master+name)) }}
		w := newWire(strings.NewReader(""), out)
		reading, err := src.send(w, src.items[name])
		must(t, errors.Join(err, w.w.Flush()))
		src.close()
		last := binary.BigEndian.Uint32(out.said[len(out.said)-4:])
		if whole := what == "nothing" || what == "replaced"; whole && (reading != nil || last != 0) || !whole && (!errors.Is(reading, errMoved) || last != aborted) {
			t.Errorf("%s: %v, ends with %x", what, reading, last)
		}
	}
}

func TestAFileThatMovedBeforeItIsReadIsNotSent(t *testing.T) {
	p := newPair(t)
	p.write("/etc/asterisk/a", "x")
	src := newSource(p.options.Host, declared(), newOwners())
	defer src.close()
	src.add("/etc/asterisk/a")
	p.write("/etc/asterisk/a", "xyz")
	w := newWire(strings.NewReader(""), io.Discard)
	if reading, err := src.send(w, src.items["/etc/asterisk/a"]); !errors.Is(reading, errMoved) || err != nil || w.w.Buffered() != 4 {
		t.Errorf("%v, %v, %d bytes were sent", reading, err, w.w.Buffered())
	}
}
