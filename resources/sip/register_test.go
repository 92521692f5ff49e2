package sip

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestWhatIsGrantedIsReadFromTheOwnContact(t *testing.T) {
	own := netip.MustParseAddrPort("10.0.0.1:4711")
	for headers, want := range map[string]int{
		"":                               -1,
		"Expires: 70\r\n":                70,
		"Expires: 70\r\nExpires: 71\r\n": -1,
		"Expires: -1\r\n":                -1,
		"Expires: 4294967295\r\n":        4294967295,
		"Expires: 4294967296\r\n":        -1,
		"m: <sip:a@10.0.0.1:4711>;expires=80\r\nExpires: 70\r\n":                                                  80,
		"Contact: <sip:a@10.0.0.2:4711>;expires=80\r\nExpires: 70\r\n":                                            70,
		"Contact: <sip:a@10.0.0.2:1>;expires=1, \"x,y>\" <sip:10.0.0.1:4711;ob>;q=1;Expires=90;x\r\n":             90,
		"Contact: <sip:a@10.0.0.2:1>;expires=1\r\nContact: <sip:a@10.0.0.1:4711;transport=udp>;expires=100;x\r\n": 100,
		"Contact: <sip:a@10.0.0.1:4711>;expires=x\r\nExpires: 70\r\n":                                             -1,
		"Contact: <sip:a@10.0.0.1:4711>;expires=\r\nContact: ><\r\nContact: >\r\nContact: \"\r\nExpires: 7\r\n":   7,
	} {
		r, err := Parse([]byte(strings.Replace(good, "To:", headers+"To:", 1)))
		if err != nil {
			t.Fatalf("%q: %v", headers, err)
		}
		got, told := r.Granted(own)
		if told != (want >= 0) || told && got != time.Duration(want)*time.Second {
			t.Errorf("%q: %s, %v", headers, got, told)
		}
	}
	r, err := Parse([]byte(strings.Replace(good, "To:", "Min-Expires: 60\r\nTo:", 1)))
	if least, told := r.Least(); err != nil || !told || least != time.Minute {
		t.Error(least, told, err)
	}
}
