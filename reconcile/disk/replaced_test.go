package disk

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// A status is read by others while the daemon writes it anew.
func TestWhatIsReplacedMeanwhileIsRead(t *testing.T) {
	r, dir := open(t)
	must(t, r.Write("/etc/state", []byte("whole"), 0o644))
	var ended atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for next := filepath.Join(dir, "etc/next"); !ended.Load(); {
			if os.WriteFile(next, []byte("whole"), 0o644) != nil || os.Rename(next, filepath.Join(dir, "etc/state")) != nil {
				return
			}
		}
	}()
	for range 5000 {
		if text, err := r.Read("/etc/state"); err != nil || string(text) != "whole" {
			t.Errorf("read %q, %v", text, err)
			break
		}
		if text, there, err := r.Look("/etc/state"); err != nil || !there || string(text) != "whole" {
			t.Errorf("looked at %q, %v", text, err)
			break
		}
	}
	ended.Store(true)
	<-done
}
