package chromium

import (
	"encoding/json"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Ask is what an expression of the page gives; a script may be run for it also
// where those of the page may not.
func Ask[T any](t *Tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(t.ctx, chromedp.Evaluate[T](expression))
	t.must(err)
	return v
}

func call[P, R any](t *Tab, command cdp.Command[P, R], params P) error {
	_, err := chromedp.Call(t.ctx, command, params)
	return err
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(text)
}

// Thing is what a screen reader finds.
type Thing struct{ Role, Name string }

// Tree lists what a screen reader finds, in its order.
func (t *Tab) Tree() []Thing {
	t.Helper()
	tree, err := chromedp.Call(t.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	t.must(err)
	var list []Thing
	for _, n := range tree.Nodes {
		if !n.Ignored {
			list = append(list, Thing{said(n.Role), said(n.Name)})
		}
	}
	return list
}

func said(v *accessibility.Value) (s string) {
	if v != nil && json.Unmarshal(v.Value, &s) != nil {
		return string(v.Value)
	}
	return s
}

// Picture is the whole page as PNG, or at most so many pixels of its height.
func (t *Tab) Picture(width, highest int) []byte {
	t.Helper()
	beyond, high := true, Ask[float64](t, "document.documentElement.scrollHeight")
	if highest > 0 {
		high = min(high, float64(highest))
	}
	shot, err := chromedp.Call(t.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{Width: float64(width), Height: high, Scale: 1}})
	t.must(err)
	return shot.Data
}

// Title is that of the page.
func (t *Tab) Title() string {
	t.Helper()
	title, err := chromedp.Run(t.ctx, chromedp.Title())
	t.must(err)
	return title
}
