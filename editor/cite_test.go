package editor

import "testing"

func TestCite(t *testing.T) {
	numbers := map[string]string{"a": "5.2", "b-1": "表1"}
	got := Cite("见[](#a)和[](#b-1)，[](#none)不动，[字](#a)也不动", func(id string) string { return numbers[id] })
	if want := "见5.2和表1，[](#none)不动，[字](#a)也不动"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
