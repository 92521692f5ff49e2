// Package pgconf reads pg_hba.conf and postgresql.conf as PostgreSQL does,
// included files as well, and keeps hotpair's own lines in them between two
// markers.
//
// What a maintainer needs to know of PostgreSQL:
//
//   - pg_hba.conf: the first record that matches type, database, user and
//     address decides; there is no fall-through. hotpair's line therefore
//     stands at the top. Records may include others (@file; from version 16
//     include, include_if_exists, include_dir) and go on after a backslash.
//   - postgresql.conf: the last assignment wins, so hotpair's line stands at
//     the end. include_dir takes *.conf in the order of the C locale, without
//     those that begin with a dot. postgresql.auto.conf in the data directory,
//     written by ALTER SYSTEM, comes after everything.
//   - listen_addresses takes effect at a restart only, pg_hba.conf at a reload.
//
// Source: PostgreSQL's documentation, chapters "The pg_hba.conf File" and
// "Setting Parameters".
package pgconf

// Reader gives the content of a file by its absolute path, and the names in a
// directory.
type Reader interface {
	Read(name string) ([]byte, error)  // fs.ErrNotExist: there is none
	List(dir string) ([]string, error) // an error where it is no directory
}
