package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const smaps = `00400000-00d68000 r-xp 00000000 fe:00 1234    /usr/bin/hotpair
Size:               9632 kB
Rss:                9000 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd ex mr mw me
00d68000-017b6000 r--p 00968000 fe:00 1234    /usr/bin/hotpair
Anonymous:             0 kB
Swap:                  0 kB
01800000-01900000 r--p 01400000 fe:00 1234    /usr/bin/hotpair
Anonymous:             4 kB
Swap:                  0 kB
01900000-01a00000 r--p 01400000 fe:00 1234    /usr/bin/hotpair
Anonymous:             0 kB
Swap:                  8 kB
017b6000-0186c000 rw-p 013b6000 fe:00 1234    /usr/bin/hotpair
Anonymous:             0 kB
Swap:                  0 kB
c000000000-c000400000 rw-p 00000000 00:00 0
Anonymous:          2048 kB
Swap:                  0 kB
7f0000000000-7f0000001000 r-xp 00000000 fe:00 99    /usr/bin/hotpair with a space
Anonymous:             0 kB
Swap:                  0 kB
7fff00000000-7fff00002000 r-xp 00000000 00:00 0    [vdso]
Anonymous:             0 kB
Swap:                  0 kB
`

// A page that is not what the file holds, or could be written, must be kept.
func TestOnlyPagesThatTheFileHoldsAreGivenBack(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]mapping{
		"/usr/bin/hotpair":              {{0x400000, 0xd68000}, {0xd68000, 0x17b6000}},
		"/usr/bin/hotpair with a space": {{0x7f0000000000, 0x7f0000001000}},
		"/usr/bin/other":                nil,
	} {
		if list, err := cleanMappings(strings.NewReader(smaps), file); err != nil || !slices.Equal(list, want) {
			t.Errorf("%s: %x, %v", file, list, err)
		}
	}
}

// The program goes on, and holds less of itself.
func TestThePagesOfThisProgramAreGivenBack(t *testing.T) {
	before := ownPages(t)
	if err := unmapPages(); err != nil {
		t.Fatal(err)
	}
	if after := ownPages(t); after >= before {
		t.Errorf("%d KiB, and before %d", after, before)
	}
}

// ownPages is how much of its program this process holds, in KiB.
func ownPages(t *testing.T) (sum int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	ours := false
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		switch {
		case !strings.HasSuffix(words[0], ":"):
			ours = words[len(words)-1] == program
		case ours && words[0] == "Rss:":
			n, err := strconv.Atoi(words[1])
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
	}
	return sum
}
