package dashboard

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

const (
	lookEvery = 2 * time.Second
	lookLimit = 15 * time.Second // the database may be slow
	waitLimit = time.Second      // how long a page waits for a look
	beatEvery = 10 * time.Second
)

// scene is what one look found, made ready for everybody.
type scene struct {
	Input
	at      time.Time
	edition string
	event   []byte // for those who listen
}

// feed looks at the node while somebody is interested, once for all of them.
type feed struct {
	look   func(ctx context.Context) Input
	render *renderer
	failed func(error)

	mu        sync.Mutex
	looking   chan struct{} // closed when the look under way ends; nil: none is
	last      *scene
	changed   chan struct{} // closed when there is another edition
	listeners int
	end       context.CancelFunc // of the looks for those who listen
}

// told is what a listener is sent.
type told struct {
	Edition string `json:"edition"`
	Build   string `json:"build"`
	Title   string `json:"title"`
	Icon    string `json:"icon"`
	Main    string `json:"main"`
}

// now is what the last look found, which is not older than lookEvery where a look
// takes no longer than waitLimit. It is nil only where nobody has looked yet.
func (f *feed) now(ctx context.Context) *scene {
	if last, _ := f.next(); last != nil && time.Since(last.at) < lookEvery {
		return last
	}
	f.again(ctx)
	last, _ := f.next()
	return last
}

// again looks, or waits for the look under way, but not for long.
func (f *feed) again(ctx context.Context) {
	f.mu.Lock()
	looking := f.looking
	if looking == nil {
		looking = f.begin(ctx)
	}
	f.mu.Unlock()
	late := time.NewTimer(waitLimit)
	defer late.Stop()
	select {
	case <-looking:
	case <-late.C:
	case <-ctx.Done():
	}
}

// begin looks in the background. The lock is held.
func (f *feed) begin(ctx context.Context) chan struct{} {
	done := make(chan struct{})
	f.looking = done
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookLimit)
	go func() {
		defer cancel()
		s, err := f.see(ctx)
		if err != nil {
			f.failed(err)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.looking = nil; err == nil {
			f.take(s)
		}
		close(done)
	}()
	return done
}

// see looks, and makes what was found ready. Nothing in a page may end the daemon,
// which has to take over.
func (f *feed) see(ctx context.Context) (s *scene, err error) {
	defer func() {
		if wrong := recover(); wrong != nil {
			err = fmt.Errorf("making the page: %v", wrong)
		}
	}()
	return f.scene(f.look(ctx))
}

// take makes a scene the last one. The lock is held.
func (f *feed) take(s *scene) {
	old := f.last
	if f.last = s; old != nil && old.edition == s.edition {
		s.event = old.event
		return
	}
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
}

// scene makes what was found ready.
func (f *feed) scene(in Input) (*scene, error) {
	s := &scene{Input: in, at: time.Now()}
	var err error
	if s.edition, err = f.render.edition(in, s.at); err != nil {
		return nil, err
	}
	main, p, err := f.render.main(in, s.at)
	if err != nil {
		return nil, err
	}
	s.event, err = json.Marshal(told{Edition: s.edition, Build: f.render.assets.Build(), Title: p.Title, Icon: f.render.assets.Address(icon(p.Verdict.Level)), Main: string(main)})
	return s, err
}

// icon is the file that shows a level in a browser's tab.
func icon(l Level) string { return l.String() + ".svg" }

// Icon is that of the page.
func (p page) Icon() string { return p.Assets.Address(icon(p.Verdict.Level)) }

// listen has the node looked at until leave is called.
func (f *feed) listen(ctx context.Context) (leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listeners++; f.listeners == 1 {
		ctx, f.end = context.WithCancel(context.WithoutCancel(ctx))
		go f.run(ctx)
	}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.listeners--; f.listeners == 0 {
			f.end()
		}
	}
}

// run looks again and again.
func (f *feed) run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		f.again(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// next is the last scene, and what is closed when there is another edition.
func (f *feed) next() (*scene, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changed == nil {
		f.changed = make(chan struct{})
	}
	return f.last, f.changed
}

// busy tells how many listen.
func (f *feed) busy() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.listeners
}
