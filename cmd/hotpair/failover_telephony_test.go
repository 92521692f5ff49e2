package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/hotpair/hotpair/cmd/pairbox/kamailio"
)

// asksTheTest is what the stub of the platform's script does: it asks for a start
// or a stop, and ends when that is done.
const asksTheTest = `echo "$1" >var/lib/stub/asked.new
mv var/lib/stub/asked.new var/lib/stub/asked
while [ -e var/lib/stub/asked ]; do sleep 0.1; done
`

// telephony is a node's SIP server, a real one, which the platform's script
// starts and stops.
type telephony struct {
	node *lanNode
	pace pace

	mu     sync.Mutex
	server *kamailio.Server // nil: none runs
	dark   bool             // the node is off
	status int              // that answers OPTIONS; 0: 200
}

// answer does what the platform's script asks for, until the test ends.
func answer(n *lanNode, pace pace) *telephony {
	p := &telephony{node: n, pace: pace}
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				p.obey()
			}
		}
	}()
	n.t.Cleanup(func() {
		close(done)
		<-ended
		p.kill()
	})
	return p
}

// obey does what is asked for, if anything is.
func (p *telephony) obey() {
	asked := filepath.Join(p.node.dir, "var/lib/stub/asked")
	text, err := os.ReadFile(asked)
	if err != nil {
		return
	}
	switch strings.TrimSpace(string(text)) {
	case "start":
		time.Sleep(p.pace.starts)
		p.start()
	case "stop":
		p.kill()
	}
	if err := os.Remove(asked); err != nil {
		p.node.t.Error(err)
	}
}

// start starts the server in the node's namespace, unless it runs.
func (p *telephony) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil || p.dark {
		return
	}
	err := p.node.net.Enter(func() (err error) {
		p.server, err = kamailio.Start(p.node.t.Context(), kamailio.Options{Address: p.node.sip(), Status: p.status, Expiry: kamailio.Expiry{Min: time.Second, Max: p.pace.expiry, Default: p.pace.expiry}})
		return err
	})
	if err != nil {
		p.node.t.Error(err)
	}
}

// kill kills the server, if it runs.
func (p *telephony) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server != nil {
		_ = p.server.Close() // it may have been killed
	}
	p.server = nil
}

// freeze has the server's processes stand still.
func (p *telephony) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.server.Freeze(); err != nil {
		p.node.t.Error(err)
	}
}

// off cuts the power, after which nothing starts until on.
func (p *telephony) off(cut func()) {
	p.mu.Lock()
	p.dark = true
	cut()
	p.mu.Unlock()
	p.kill()
}

// on lets the server run again; the next start answers OPTIONS with the status.
func (p *telephony) on(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dark, p.status = false, status
}
