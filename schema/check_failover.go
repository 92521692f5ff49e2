package schema

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// mostMoments bounds what a failover waits for: longer is a mistake in the unit.
const mostMoments = 10 * time.Minute

func checkMoments(text string) string {
	d, wrong := parseDuration(text)
	if wrong == "" && d > mostMoments {
		return "More than 10 minutes: nobody could phone for as long. Write seconds, such as \"10s\"."
	}
	return wrong
}

// checkWitness takes an address that another host can have.
func checkWitness(text string) string {
	if checkAddress(text) != "" {
		return fmt.Sprintf("%s is not the address of another host. Write one such as \"10.0.0.254\", that answers pings while this node is not cut off.", quote(text))
	}
	return ""
}

func checkArgument(text string) string {
	for _, r := range text {
		if r == 0 {
			return "It holds a NUL character, which no argument can. Take it out."
		}
	}
	return ""
}

func checkWindow(text string) string {
	if from, to := parseWindow(text); from == to {
		return quote(text) + " is not a part of a day. Write two different times, such as \"22:00-06:00\"."
	}
	return ""
}

// parseWindow reads "22:00-06:00" as times from midnight; both 0: it is none.
func parseWindow(text string) (from, to time.Duration) {
	var a, b time.Time
	var err error
	const layout = "15:04"
	if len(text) == 2*len(layout)+1 && text[len(layout)] == '-' {
		if a, err = time.Parse(layout, text[:len(layout)]); err == nil {
			b, err = time.Parse(layout, text[len(layout)+1:])
		}
	}
	if err != nil || b.IsZero() {
		return 0, 0
	}
	midnight := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	return a.Sub(midnight), b.Sub(midnight)
}

func (c checked) checkFailover() hcl.Diagnostics {
	f := c.Failover
	var diags hcl.Diagnostics
	if f.Degraded < f.Unreachable {
		diags = append(diags, failing(c.at("failover.degraded"), "Limits out of order", fmt.Sprintf(
			"failover.degraded (%s) is shorter than failover.unreachable (%s): a master that still answers would be replaced sooner than a dead one. Set degraded to %q or more.", short(f.Degraded), short(f.Unreachable), short(f.Unreachable))))
	}
	diags = slices.Concat(diags, c.checkProbe("ping", f.Ping), c.checkProbe("sip", f.SIP), c.checkProbe("tcp", f.TCP), c.checkProbe("http", f.HTTP), c.checkProbe("postgresql", f.PostgreSQL))
	for _, hook := range []string{"before_takeover", "after_takeover", "before_failback", "after_failback"} {
		diags = append(diags, c.checkProgram("failover.hooks."+hook)...)
	}
	return diags
}

func (c checked) checkProgram(at string) hcl.Diagnostics {
	list := c.values[at].list
	if len(list) == 0 || path.IsAbs(list[0].text) && path.Clean(list[0].text) == list[0].text {
		return nil
	}
	return hcl.Diagnostics{failing(list[0].at, "Not the path of a program", "The first word is the program: write its absolute path, such as [\"/usr/local/sbin/tell\", \"takeover\"]. It is run without a shell.")}
}

func (c checked) checkProbe(name string, p Probe) hcl.Diagnostics {
	at := func(argument string) string { return "failover." + name + "." + argument }
	switch {
	case !p.Enabled:
		return nil
	case p.Timeout > p.Interval:
		return hcl.Diagnostics{failing(c.at(at("timeout")), "Timeout longer than the interval", fmt.Sprintf("failover.%s would be asked again (%s) before its answer is given up (%s). Set timeout to %q or less.", name, short(p.Interval), short(p.Timeout), short(p.Interval)))}
	case name == "http" && p.URL.Reveal() == "":
		return hcl.Diagnostics{failing(c.blockAt("failover.http"), "Missing argument url", "Write the URL of the master's web server that is to be got, or leave the block out.")}
	case name == "sip" && len(p.Transports) == 0:
		return hcl.Diagnostics{failing(c.at(at("transports")), "No transport", "Write [\"udp\", \"tcp\"], or one of them, or enabled = false.")}
	case name == "sip" && p.Interval < 3*time.Second && len(p.Transports) > 1, name == "sip" && p.Interval < 2*time.Second:
		return hcl.Diagnostics{failing(c.at(at("interval")), "Asked too often", "Asterisk takes 5 requests in 5 s from one address, and a fail2ban bans who asks more. Set interval to \"3s\" or more, or to \"2s\" with one transport.")}
	}
	return c.tooLate(name, p)
}

// tooLate warns of a probe that notices after the limit: it would add to it.
func (c checked) tooLate(name string, p Probe) hcl.Diagnostics {
	if notice := time.Duration(p.Fall)*p.Interval + p.Timeout; notice > max(c.Failover.Unreachable, 10*time.Second) && (name == "ping" || name == "sip") && c.Node.Role == Slave {
		return hcl.Diagnostics{warning(c.at("failover."+name+".interval"), "A late probe", fmt.Sprintf("failover.%s may need %s to notice that nothing answers, and the slave does not take over before. Ask more often, or set a smaller fall.", name, short(notice)))}
	}
	return nil
}
