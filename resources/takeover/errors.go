package takeover

import "errors"

// errNoReport is what answers without being hotpair's report.
var errNoReport = errors.New("what came is not a report of hotpair: see that both nodes run the same version")
