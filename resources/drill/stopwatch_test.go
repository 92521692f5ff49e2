package drill

import (
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

// ready is a stopwatch of phones that registered at the master at noon.
func ready(phones int) *stopwatch {
	w := newStopwatch(phones)
	for i := range phones {
		w.answered(Master, noon)
		w.registers(i, Master, noon)
	}
	return w
}

// moves has a phone register at a node that answers it.
func (w *stopwatch) moves(phone int, n Node, seconds int) {
	w.answered(n, at(seconds))
	w.registers(phone, n, at(seconds))
}

func (w *stopwatch) expect(t *testing.T, seconds int, want ...int) {
	t.Helper()
	var got []int
	for _, o := range w.outages(at(seconds)) {
		got = append(got, int(o/time.Second))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAnOutageCountsFromTheLastAnswerToAnybody(t *testing.T) {
	w := ready(3)
	w.answered(Master, at(10))
	w.missed(Master, at(10))
	w.moves(0, Standby, 40)
	w.moves(1, Standby, 50)
	w.expect(t, 60, 30, 40, 50)
	if w.served(Standby) != 2 || w.served(Master) != 0 {
		t.Errorf("%d, %d", w.served(Standby), w.served(Master))
	}
}

func TestAServerThatComesBackEndsTheOutageOfItsPhones(t *testing.T) {
	w := ready(2)
	w.missed(Master, at(1))
	w.moves(0, Standby, 20)
	w.answered(Master, at(30))
	w.expect(t, 90, 20, 30)
	w.missed(Master, at(30))
	w.answered(Master, at(31)) // a shorter one
	w.expect(t, 90, 20, 30)
	w.begin()
	w.expect(t, 90, 0, 0)
}

func TestAQuestionFromBeforeAnAnswerTellsNothing(t *testing.T) {
	w := ready(1)
	w.moves(0, Standby, 10)
	w.moves(0, Master, 20)
	w.missed(Master, at(17)) // it came back meanwhile
	w.expect(t, 60, 0)
	if w.served(Master) != 1 {
		t.Error("the phone is not served")
	}
}

func TestWhoLeavesAServerThatAnswersHasNoOutage(t *testing.T) {
	w := ready(1)
	w.moves(0, Standby, 20)
	w.answered(Master, at(21))
	w.missed(Master, at(22))
	w.expect(t, 60, 0)
}

func TestWhoLeftAServerThatWasGoneAlreadyHasOne(t *testing.T) {
	w := ready(2)
	w.moves(0, Standby, 4) // before anybody noticed
	w.expect(t, 4, 0, 0)
	w.missed(Master, at(1))
	w.expect(t, 5, 4, 5)
}

func TestAServerThatNoPhoneIsAtMayBeAway(t *testing.T) {
	w := ready(1)
	w.missed(Standby, at(1))
	w.missed(Standby, at(2))
	w.expect(t, 60, 0)
}
