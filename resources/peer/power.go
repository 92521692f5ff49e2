package peer

import (
	"fmt"
	"syscall"
)

// Of linux/capability.h and linux/prctl.h.
const (
	capChown          = 0
	capDacOverride    = 1
	capDacReadSearch  = 2
	capFowner         = 3
	capFsetid         = 4
	capSetpcap        = 8
	capSysAdmin       = 21
	lastCap           = 63
	capBoundingDrop   = 24 // PR_CAPBSET_DROP
	setNoNewPrivs     = 38 // PR_SET_NO_NEW_PRIVS
	ambient, clearAll = 47, 4
)

// renounce leaves the program that this thread becomes only what storing
// somebody's files takes: no device, no mount, no other root.
func renounce() error {
	keep := map[uintptr]bool{capChown: true, capDacOverride: true, capDacReadSearch: true, capFowner: true, capFsetid: true}
	for capability := range uintptr(lastCap + 1) {
		if keep[capability] || capability == capSetpcap {
			continue
		}
		if err := prctl(capBoundingDrop, capability); err != nil && err != syscall.EINVAL { // it is not known to this kernel
			return fmt.Errorf("giving up capability %d: %w", capability, err)
		}
	}
	if err := prctl(capBoundingDrop, capSetpcap); err != nil { // the last, since it takes this one
		return fmt.Errorf("giving up capability %d: %w", capSetpcap, err)
	}
	if err := prctl(ambient, clearAll); err != nil {
		return fmt.Errorf("giving up ambient capabilities: %w", err)
	}
	if err := prctl(setNoNewPrivs, 1); err != nil {
		return fmt.Errorf("giving up privileges to come: %w", err)
	}
	return nil
}

func prctl(option, value uintptr) error {
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, option, value, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
