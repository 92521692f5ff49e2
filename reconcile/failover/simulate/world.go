package simulate

// A World is what the nodes do not decide.
type World struct {
	There, Back bool // what the master sends reaches the standby, and the other way round
	Witness     bool // the witnesses are up
	Banned      bool // the master takes no SIP from the standby
	Nodes       [2]Surroundings
}

// Surroundings are those of one node.
type Surroundings struct {
	Power    bool
	Network  bool // to the phones, the witnesses and the other node
	Hotpair  bool
	Asterisk Health
}

// Health is how Asterisk would be if its node served.
type Health int

// How Asterisk can be.
const (
	Well    Health = iota
	Hanging        // it answers nothing until it is started anew
	Broken         // it answers nothing, started anew or not
	Away           // it is being restarted, not by hotpair
)

// fine is a world in which all is well.
func fine() World {
	well := Surroundings{Power: true, Network: true, Hotpair: true}
	return World{There: true, Back: true, Witness: true, Nodes: [2]Surroundings{well, well}}
}

// linked tells whether both nodes hear each other.
func (w *World) linked() bool {
	return w.There && w.Back && w.Nodes[Master].Network && w.Nodes[Standby].Network
}
