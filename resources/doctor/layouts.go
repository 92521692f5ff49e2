package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotpair/hotpair/resources"
	"github.com/hotpair/hotpair/resources/replicate"
)

// layouts are in what two databases differ.
type layouts struct{ versions, columns []string }

func (l *look) askLayouts(ctx context.Context) (layouts, error) {
	link, err := l.link.get(ctx, ctx)
	if err != nil {
		return layouts{}, err
	}
	o, err := resources.Replication(l.Config, l.Node.Host, l.Own)
	if err != nil {
		return layouts{}, err
	}
	if o.Database == nil {
		return layouts{}, errNoDatabase
	}
	versions, columns, err := replicate.Layouts(ctx, link, o)
	return layouts{versions, columns}, err
}

func (l *look) laidOut(ctx context.Context, fine string, which func(layouts) []string) verdict {
	if v, stock := l.channelOnly(); stock {
		return v
	}
	found, err := l.layouts.get(ctx, l.run)
	if err != nil {
		return ofDatabase(err)
	}
	return either(few(which(found)), "upgrade both nodes to the same version: `wazo-upgrade`, the standby first", "%s", fine)
}

// few are the first of a list, with the number of the others.
func few(list []string) []string {
	const most = 5
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}

func schemaVersions(ctx context.Context, l *look) verdict {
	return l.laidOut(ctx, "the version tables say the same", func(found layouts) []string { return found.versions })
}

func columns(ctx context.Context, l *look) verdict {
	return l.laidOut(ctx, "tables, columns and types are the same", func(found layouts) []string { return found.columns })
}
