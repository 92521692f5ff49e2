package deliver

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
)

// Receiver is one that is told, what of, and how.
type Receiver struct {
	Name    string
	Way     Way
	Policy  alert.Policy
	Timeout time.Duration // of one message
}
