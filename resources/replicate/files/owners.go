package files

import (
	"os/user"
	"strconv"
)

// owners maps owners between nodes by name, and remembers them.
type owners struct {
	users, groups         map[string]int
	userNames, groupNames map[int]string
}

func newOwners() *owners {
	return &owners{map[string]int{}, map[string]int{}, map[int]string{}, map[int]string{}}
}

// name puts the names of an entry's owner into it, where there are any.
func (o *owners) name(e *entry) {
	e.User = remember(o.userNames, e.UID, func(id int) string {
		u, err := user.LookupId(strconv.Itoa(id))
		if err != nil {
			return ""
		}
		return u.Username
	})
	e.Group = remember(o.groupNames, e.GID, func(id int) string {
		g, err := user.LookupGroupId(strconv.Itoa(id))
		if err != nil {
			return ""
		}
		return g.Name
	})
}

// ids are those of an entry's owner here: by name, else the numbers sent. 0 is
// root everywhere, as with rsync.
func (o *owners) ids(e entry) (uid, gid int) {
	uid, gid = e.UID, e.GID
	if e.User != "" && uid != 0 {
		uid = remember(o.users, e.User, func(name string) int {
			u, err := user.Lookup(name)
			if err != nil {
				return e.UID
			}
			return number(u.Uid, e.UID)
		})
	}
	if e.Group != "" && gid != 0 {
		gid = remember(o.groups, e.Group, func(name string) int {
			g, err := user.LookupGroup(name)
			if err != nil {
				return e.GID
			}
			return number(g.Gid, e.GID)
		})
	}
	return uid, gid
}

func number(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}

func remember[K comparable, V any](known map[K]V, key K, find func(K) V) V {
	v, is := known[key]
	if !is {
		v = find(key)
		known[key] = v
	}
	return v
}
