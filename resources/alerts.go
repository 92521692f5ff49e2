package resources

import (
	"time"

	"github.com/hotpair/hotpair/reconcile/alert"
	"github.com/hotpair/hotpair/resources/alert/deliver"
	"github.com/hotpair/hotpair/resources/host"
	"github.com/hotpair/hotpair/schema"
)

// Receivers are those that are told when the pair is not well. Where ha.hcl names
// none, or none is in force (nil), root is mailed on a node that has a mailer.
func Receivers(cfg *schema.Config, h *host.Host) []deliver.Receiver {
	if cfg == nil || len(cfg.Alerts) == 0 {
		if h.HasCommand(deliver.Mailer) != nil {
			return nil
		}
		return []deliver.Receiver{{Name: "root", Way: deliver.Sendmail{Host: h, To: []string{"root"}}, Timeout: 30 * time.Second,
			Policy: alert.Policy{Remind: 24 * time.Hour, After: 10 * time.Second, Clear: time.Minute}}}
	}
	var list []deliver.Receiver
	for _, a := range cfg.Alerts {
		list = append(list, deliver.Receiver{Name: a.Name, Way: way(a, h), Timeout: a.Timeout,
			Policy: alert.Policy{On: a.On, Remind: a.Remind, After: a.After, Clear: a.ClearAfter}})
	}
	return list
}

func way(a schema.Alert, h *host.Host) deliver.Way {
	switch {
	case a.Webhook != nil:
		return deliver.Webhook{Host: h, URL: a.Webhook.URL.Reveal(), Token: a.Webhook.Token.Reveal(), CAFile: a.Webhook.CAFile}
	case a.Mail == nil:
		return deliver.Command{Host: h, Arguments: a.Command}
	case a.Mail.SMTP == nil:
		return deliver.Sendmail{Host: h, To: a.Mail.To, From: a.Mail.From}
	}
	s := a.Mail.SMTP
	return deliver.SMTP{Host: h, To: a.Mail.To, From: a.Mail.From, Server: s.Host, Port: s.Port, Encryption: deliver.Encryption(s.TLS),
		User: s.User, Password: s.Password.Reveal(), CAFile: s.CAFile}
}
