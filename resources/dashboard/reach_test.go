package dashboard

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/hotpair/hotpair/cmd/pairbox/chromium"
)

// find is a state by its name.
func find(t *testing.T, name string) Input {
	t.Helper()
	all := now().all()
	i := slices.IndexFunc(all, func(s state) bool { return s.name == name })
	if i < 0 {
		t.Fatalf("there is no state %s", name)
	}
	return all[i].in
}

func TestWithoutScriptsThePageIsReadAndReloadsItself(t *testing.T) {
	t.Parallel()
	tab := chromium.Open(t)
	tab.WithoutScripts()
	page := show(t, now().standby())
	tab.Go(page.url)
	for _, want := range []string{"The pair is well", "as of", "Without JavaScript the page reloads itself", "17 days ago", "witness 10.0.0.254"} {
		if text := tab.Text("body"); !strings.Contains(text, want) {
			t.Errorf("%q cannot be read in %s", want, text)
		}
	}
	page.become(find(t, "took-over"))
	tab.Becomes("it is loaded again", func() bool { return strings.Contains(tab.Title(), "This node serves in place of the master") })
	calm(t, tab, page.url)
	tab.Go("about:blank")
}

func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	tab := chromium.Open(t)
	page := show(t, find(t, "outage-broken"))
	tab.Looks(1280, 900, chromium.Light())
	tab.Go(page.url)
	tab.Reads("#live", "live")
	at := func() string {
		return chromium.Ask[string](tab, `(e => e.id || e.textContent)(document.activeElement.closest("a, main, details") || document.activeElement)`)
	}
	seen := func() bool {
		return chromium.Ask[bool](tab, `(e => { const box = e.getBoundingClientRect(), style = getComputedStyle(e); return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.top >= 0 && box.bottom <= innerHeight })(document.activeElement)`)
	}
	tab.Press(kb.Tab)
	if at() != "Skip to how the pair stands" || !seen() {
		t.Fatalf("the first stop is %s", at())
	}
	tab.Press(kb.Enter)
	if at() != "main" {
		t.Errorf("it leads to %s", at())
	}
	tab.Press(kb.Tab)
	if at() != "no-backup" || !seen() {
		t.Fatalf("the next stop is %s", at())
	}
	tab.Press(kb.Enter)
	tab.Reads("#no-backup", "Cisco SPA504G 00:15:65:00:00:07")

	in := find(t, "outage-broken")
	in.Status.Notes = []string{"What was noted meanwhile."}
	page.become(in)
	tab.Reads("main", "What was noted meanwhile.")
	if at() != "no-backup" || !chromium.Ask[bool](tab, "document.getElementById('no-backup').open") {
		t.Errorf("what changed took away where one was: %s", at())
	}
	tab.Press(kb.Tab)
	if at() != "The same for machines" || !seen() {
		t.Errorf("the last stop is %s", at())
	}
	calm(t, tab, page.url)
	tab.Go("about:blank")
}

func TestAScreenReaderFindsItsWay(t *testing.T) {
	t.Parallel()
	tab := chromium.Open(t)
	for _, name := range []string{"differences", "consent", "outage-broken", "took-over", "just-started", "disabled"} {
		page := show(t, find(t, name))
		tab.Go(page.url)
		tab.Reads("#live", "live")
		for _, width := range []int{1280, 360} {
			tab.Looks(width, 800, chromium.Light())
			tree := tab.Tree()
			for role, least := range map[string]int{"banner": 1, "main": 1, "contentinfo": 1, "heading": 2, "region": 1} {
				if n := count(tree, role); n < least {
					t.Errorf("%s at %d: %d of %s", name, width, n, role)
				}
			}
			for _, thing := range tree {
				if slices.Contains([]string{"region", "heading", "link", "rowheader", "columnheader"}, thing.Role) && strings.TrimSpace(thing.Name) == "" {
					t.Errorf("%s at %d: a %s without a name", name, width, thing.Role)
				}
				if thing.Role == "image" || thing.Role == "graphics-document" || thing.Role == "SvgRoot" {
					t.Errorf("%s at %d: a shape is read: %+v", name, width, thing)
				}
			}
			if tables := chromium.Ask[int](tab, "document.querySelectorAll('table').length"); tables > 0 && (count(tree, "table") != tables || count(tree, "rowheader") == 0 || count(tree, "columnheader") == 0) {
				t.Errorf("%s at %d: %d tables, and %d are read, with %d headers of columns and %d of rows", name, width, tables, count(tree, "table"), count(tree, "columnheader"), count(tree, "rowheader"))
			}
		}
		if skipped := chromium.Ask[string](tab, `(() => { let last = 0; for (const h of document.querySelectorAll("h1,h2,h3,h4")) { const n = +h.tagName[1]; if (n > last + 1) return h.textContent; last = n } return "" })()`); skipped != "" {
			t.Errorf("%s: a level is left out before %q", name, skipped)
		}
		if lang, live := chromium.Ask[string](tab, "document.documentElement.lang"), chromium.Ask[int](tab, "document.querySelectorAll('[aria-live], [role=alert]').length"); lang != "en" || live != 2 {
			t.Errorf("%s: %s, %d live regions", name, lang, live)
		}
		calm(t, tab, page.url)
		tab.Go("about:blank")
		tab.Forget()
	}
}

func count(tree []chromium.Thing, role string) (n int) {
	for _, thing := range tree {
		if thing.Role == role {
			n++
		}
	}
	return n
}

// What is said of a change is the headline, once, and nothing where it stays.
func TestOnlyTheHeadlineIsSaidAloud(t *testing.T) {
	t.Parallel()
	tab := chromium.Open(t)
	page := show(t, now().master())
	tab.Go(page.url)
	tab.Reads("#live", "live")
	in := now().master()
	in.Status.Notes = []string{"What was noted meanwhile."}
	page.become(in)
	tab.Reads("main", "What was noted meanwhile.")
	if said := tab.Text("#said"); said != "" {
		t.Errorf("a detail is said: %s", said)
	}
	page.become(find(t, "master-sip-dead"))
	tab.Reads("#said", "The SIP server of this master does not answer")
	if icon := chromium.Ask[string](tab, "document.getElementById('icon').href"); !strings.Contains(icon, "/trouble.") {
		t.Errorf("the icon is %s", icon)
	}
	calm(t, tab, page.url)
	tab.Go("about:blank")
}

func TestAWebServerMayPassItOnBelowAPath(t *testing.T) {
	t.Parallel()
	tab := chromium.Open(t)
	page := show(t, now().master())
	inner, err := url.Parse(page.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(inner) }}
	outer := httptest.NewServer(http.StripPrefix("/hotpair", proxy))
	t.Cleanup(outer.Close)
	tab.Go(outer.URL + "/hotpair/")
	tab.Reads("#live", "live")
	page.become(now().standby())
	tab.Reads("#verdict", "This node stands by.")
	calm(t, tab, outer.URL+"/hotpair/")
	tab.Go("about:blank")
}
