package status

import "time"

// Receiver is how one that is told of alerts stands.
type Receiver struct {
	Name    string    `json:"name"`
	Way     string    `json:"way"`               // how it is told, without anything secret
	Told    []string  `json:"told"`              // the conditions that it knows to last
	Failure string    `json:"failure,omitempty"` // why it could not be told the last time
	Failing time.Time `json:"failing,omitzero"`  // since when
}
