package schema

// A Listener is where the daemon answers HTTP.
type Listener struct {
	Listen string   // address and port, or the path of a socket; "": nowhere
	Names  []string // host names by which it may be asked, besides its own
}

// Metrics is where the daemon tells its metrics.
type Metrics struct {
	Listener        // nowhere unless they are enabled
	Textfile string // the file that they are written to; "": none
}

// listener reads one; a block that is not enabled listens nowhere.
func (vs values) listener(block string) Listener {
	l := Listener{Listen: vs.text(block + ".listen"), Names: vs.texts(block + ".names")}
	if enabled, may := vs[block+".enabled"]; may && !enabled.flag {
		l.Listen = ""
	}
	return l
}
