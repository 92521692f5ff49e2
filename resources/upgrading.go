package resources

import (
	"context"
	"path"
	"strings"

	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/resources/replicate/rows"
	"github.com/hotpair/hotpair/schema"
)

// Release is of which release this node is, by its database; nil: none is looked
// at.
func Release(ctx context.Context, cfg *schema.Config, h *host.Host) (rows.Versions, error) {
	if !databaseKept(cfg, h) {
		return nil, nil
	}
	return rows.ReadVersions(ctx, "this node", database{h, cfg.Database.URL.Reveal()}.connect, tableClasses(cfg))
}

// TelephonyRuns tells whether this node's telephony is not disabled and its unit
// is active. Where no systemd is asked, that it is not disabled is enough.
func TelephonyRuns(ctx context.Context, cfg *schema.Config, h *host.Host) (bool, error) {
	if !Serves(cfg, h) || cfg.Platform.Telephony.Unit == "" {
		return Serves(cfg, h), nil
	}
	running, known, err := unitActive(ctx, h, cfg.Platform.Telephony.Unit)
	return running || !known, err
}

// UpgradeCommand is what upgrades a node of the platform: Wazo's and XiVO's
// programs have their names from the same maker.
func UpgradeCommand(cfg *schema.Config) string {
	if maker, is := strings.CutSuffix(path.Base(cfg.Platform.Telephony.Service), "-service"); is {
		return maker + "-upgrade"
	}
	return "apt-get update && apt-get upgrade"
}
