// Package oddrows makes tables that no platform has, but that a copier of rows
// must get right, and changes them at random: every type of column, keys of all
// kinds or none, names that need quoting, values that look like something else.
//
// The tables are in schema public. Their enumerated type has its labels in
// another order, and another number, on a server that asks for it, and one table
// its columns.
package oddrows
