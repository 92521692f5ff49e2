package takeover

import "errors"

// errNoReport is what answers without being hotpair's report.
var errNoReport = errors.New("what came is not a report of hotpair: see that both nodes run the same version")

// errNotWaited is the fate of a start that is to be undone.
var errNotWaited = errors.New("SIP did not answer yet on this node when nobody waited for it any more")
