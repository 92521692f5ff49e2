// Package disk reads and replaces the files of a node, and locks them.
//
// A Root is the node's file system: "/", or a directory that stands for it in
// a sandbox or an image. Nothing outside it can be reached, also not through
// symbolic links (os.Root).
//
// A file is replaced as a whole or not at all: the new content is written to a
// temporary file beside it, synced, given the owner and mode of the old one,
// renamed over it, and the directory is synced. A reader sees the old content
// or the new, also after a power cut. A crash can leave a temporary file; its
// name says whose it is, and Sweep removes it.
//
// A file of lines, which several processes add to, is appended to instead.
//
// Refused as a target: a symbolic link or anything else that is no regular
// file, a path that is not clean, and a path below a directory that everybody
// can write, since somebody else could put a file of his own in its place.
package disk
