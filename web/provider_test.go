package web

import (
	"fmt"
	"testing"
)

// TestManyAttemptsEndNobodyElses: a network that begins sign-ins without end
// loses its own oldest, and all together lose the oldest of all.
func TestManyAttemptsEndNobodyElses(t *testing.T) {
	var a attempts
	a.put("mine", attempt{network: "here"})
	for i := range 3 * mostOfNetwork {
		a.put(fmt.Sprint("flood ", i), attempt{network: "there"})
	}
	if len(a.held) != mostOfNetwork+1 {
		t.Errorf("%d attempts are held", len(a.held))
	}
	for i := range mostAttempts {
		a.put(fmt.Sprint("crowd ", i), attempt{network: fmt.Sprint(i)})
	}
	if len(a.held) > mostAttempts {
		t.Errorf("%d attempts are held, more than %d", len(a.held), mostAttempts)
	}
	a.put("mine again", attempt{network: "here"})
	if _, ok := a.take("mine again"); !ok {
		t.Error("an attempt just begun is gone")
	}
	if _, ok := a.take("mine again"); ok {
		t.Error("an attempt is good for two answers")
	}
}
