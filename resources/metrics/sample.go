package metrics

import (
	"context"
	"time"

	"github.com/hotpair/hotpair/resources/status"
)

// A Sample is all that the metrics tell of.
type Sample struct {
	status.Status
	Known    bool      // a pass could look at the node
	Version  string    // hotpair's
	Role     string    // master, slave or disabled; "": no ha.hcl is in force
	System   string    // the platform, by its short name
	Serves   *bool     // telephony runs and is not disabled; nil: that is not known
	Looked   time.Time // when a pass last looked at the node
	Accepted time.Time // when ha.hcl last came into force
}

// A Source takes one. It is called from several goroutines.
type Source func(ctx context.Context) Sample
