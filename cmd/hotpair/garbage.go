package main

import "runtime/debug"

// hasten lets the heap grow to 16 MiB before it is looked through for garbage: most
// commands end before, and looking takes a tenth of their time.
func hasten() { debug.SetGCPercent(400) }

// linger undoes that, for a command that goes on or reads much.
func linger() { debug.SetGCPercent(100) }
