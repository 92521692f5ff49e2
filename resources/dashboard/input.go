package dashboard

import (
	"time"

	"github.com/hotpair/hotpair/resources/replicate"
	"github.com/hotpair/hotpair/resources/status"
	"github.com/hotpair/hotpair/resources/timeline"
)

// Input is what the page is made of.
type Input struct {
	Status  status.Status
	Known   bool              // a pass could look; without, Status has little
	History []replicate.Entry // of the replication, the newest last
	Events  []timeline.Entry  // what else happened, the newest last
}

// view is an input at a moment, on its way to the page.
type view struct {
	Input
	node    string
	now     time.Time
	ageless bool
}

func (v view) moment(t time.Time) moment { return moment{t, v.now, v.ageless} }

// disabled tells whether the node is to be in no pair.
func (v view) disabled() bool {
	return v.Status.Wanted == "disabled" || v.Status.Wanted == "" && v.Status.Recorded == "disabled"
}

// observed tells whether nothing is touched.
func (v view) observed() bool {
	return v.Status.Watch != nil && v.Status.Watch.Mode == "observe"
}

// own and other are what the two nodes are called in a sentence.
func (v view) own() string {
	if v.Status.Standby {
		return "standby"
	}
	return "master"
}

func (v view) other() string {
	if v.Status.Standby {
		return "master"
	}
	return "standby"
}

// peer names the other node with its address.
func (v view) peer() string { return "the " + v.other() + " (" + cleaned(v.Status.Peer) + ")" }
