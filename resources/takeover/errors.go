package takeover

import (
	"errors"
	"fmt"
)

// errLate is a report that nobody answered.
var errLate = fmt.Errorf("no answer within %s; it is tried again and again", answerIn)

// errNoReport is what answers without being hotpair's report.
var errNoReport = errors.New("what came is not a report of hotpair: see that both nodes run the same version")
