package rows

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// opened is a pair of sessions in their transactions.
func (b *box) opened(j *Job) *pair {
	b.t.Helper()
	p, err := j.open(b.t.Context())
	if err == nil {
		b.t.Cleanup(func() { p.close(b.t.Context()) })
		err = p.readCatalogs(b.t.Context())
	}
	if err == nil {
		err = p.check(b.t.Context(), j.Classes)
	}
	if err == nil {
		err = p.begin(b.t.Context(), false)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return p
}

// differing compares one table.
func (p *pair) differing(ctx context.Context, g *digest) (*difference, error) {
	found, err := p.differences(ctx, []*digest{g})
	return found[0], err
}

func TestOnlyRowsAreCountedWhereTheStandbyHasNone(t *testing.T) {
	b := newBox(t, small)
	b.do(b.master, someRows)
	p := b.opened(b.job(smallClasses))
	d := newDigest(p.on.tables["users"], 300)
	if err := p.digests(t.Context(), []*digest{d}, func(int) {}); err != nil {
		t.Fatal(err)
	}
	found, err := p.differing(t.Context(), d)
	if err != nil || !d.bare || !found.all || found.freshRows != 300 || found.standby != 0 || found.fresh.count() != 0 {
		t.Errorf("%+v, %+v, %v", d, found, err)
	}
	b.do(b.standby, "INSERT INTO users (name) VALUES ('deleted'); DELETE FROM users")
	must(t, p.digests(t.Context(), []*digest{d}, func(int) {}))
	found, err = p.differing(t.Context(), d)
	if err != nil || d.bare || !found.all || found.freshRows != 300 || found.standby != 0 || found.fresh.count() != 0 {
		t.Errorf("after a deletion: %+v, %+v, %v", d, found, err)
	}
}

func TestBucketsTellWhereRowsDiffer(t *testing.T) {
	const tables = `CREATE TABLE numbers (a bigint, b smallint, v text, PRIMARY KEY (a, b)); CREATE TABLE names (name varchar(20) COLLATE "C" PRIMARY KEY, v text); CREATE TABLE ids (id uuid PRIMARY KEY, v text);
CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE TABLE moods (m mood, n int, v text, PRIMARY KEY (m, n)); INSERT INTO moods SELECT (ARRAY['sad', 'happy']::mood[])[1 + n % 2], n, 'v' FROM generate_series(1, 1000) n;
INSERT INTO numbers SELECT -n, n % 7, 'v' FROM generate_series(1, 1000) n; INSERT INTO names SELECT 'é' || n, 'v' FROM generate_series(1, 1000) n; INSERT INTO ids SELECT md5(n::text)::uuid, 'v' FROM generate_series(1, 1000) n`
	b := newBox(t, tables)
	b.do(b.master, "UPDATE numbers SET v = NULL WHERE a = -7; DELETE FROM names WHERE name = 'é8'; INSERT INTO ids VALUES (md5('new')::uuid, ''); UPDATE moods SET v = '' WHERE n = 9")
	p := b.opened(b.job(Classes{}))
	for name, want := range map[string][]string{"numbers": {"-7 0"}, "names": {"é8"}, "moods": {"happy 9"}, "ids": {"22af645d-1859-cb5c-a6da-0c484f1f37ea"}} {
		d := newDigest(p.on.tables[name], 1000)
		if err := p.digests(t.Context(), []*digest{d}, func(int) {}); err != nil {
			t.Fatal(err)
		}
		found, err := p.differing(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		var differing []string
		for _, lot := range []keys{found.fresh, found.changed, found.gone} {
			for i := range lot.count() {
				var columns []string
				for _, column := range lot {
					columns = append(columns, column[i])
				}
				differing = append(differing, strings.Join(columns, " "))
			}
		}
		if d.buckets != 32 || len(d.apart()) != 1 || !slices.Equal(differing, want) || found.master != d.master.rows() || found.standby != d.standby.rows() || found.standby < 1000 {
			t.Errorf("%s: %d buckets, %d apart, %q, %+v", name, d.buckets, len(d.apart()), differing, found)
		}
	}
}
