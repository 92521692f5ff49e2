// Package when knows at what times a schedule is due.
package when

import _ "github.com/go-co-op/gocron/v2"
