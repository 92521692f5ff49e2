package dashboard

import (
	"log/slog"

	"github.com/hotpair/hotpair/resources/timeline"
)

// mostEvents is how many events are shown.
const mostEvents = 12

// event is something that happened on the node, or the same several times in a row.
type event struct {
	At    moment // the last time
	Text  []span
	Level Level
	Times int
}

// events are the last that were recorded, the newest first.
func (v view) events() (list []event, more bool) {
	said := ""
	for _, e := range lastFirst(v.Events) {
		text := cleaned(capitalised(e.Text))
		if last := len(list) - 1; last >= 0 && text == said {
			list[last].Times++
			continue
		}
		if len(list) == mostEvents {
			return list, true
		}
		list, said = append(list, event{At: v.moment(e.At), Text: spans(text), Level: severity(e), Times: 1}), text
	}
	return list, false
}

// severity is how an event was logged.
func severity(e timeline.Entry) Level {
	switch e.Level {
	case slog.LevelError.String():
		return Trouble
	case slog.LevelWarn.String():
		return Attention
	}
	return Well
}
