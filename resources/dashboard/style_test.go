package dashboard

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// colours are the variables of one scheme.
func colours(t *testing.T, block string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(block, -1) {
		found[m[1]] = m[2]
	}
	if len(found) < 16 {
		t.Fatalf("only %d colours", len(found))
	}
	return found
}

// luminance is that of WCAG 2.2, "relative luminance".
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var sum float64
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += share * c
	}
	return sum
}

// contrast is that of WCAG 2.2, "contrast ratio".
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTextHasContrastInBothSchemes(t *testing.T) {
	text, err := static.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, rest, cut := strings.Cut(string(text), "@media screen and (prefers-color-scheme: dark)")
	dark, _, _ := strings.Cut(rest, "\n}\n")
	if !cut {
		t.Fatal("there is no dark scheme")
	}
	pairs := [][2]string{{"text", "ground"}, {"text", "card"}, {"text", "code"}, {"soft", "ground"}, {"soft", "card"}, {"link", "card"}, {"link", "ground"}, {"text", "ground"}}
	for _, level := range []string{"well", "attention", "trouble", "unclear"} {
		pairs = append(pairs, [2]string{level, "card"}, [2]string{level, level + "-ground"}, [2]string{"text", level + "-ground"}, [2]string{"soft", level + "-ground"}, [2]string{"ink", level})
	}
	for name, scheme := range map[string]map[string]string{"light": colours(t, light), "dark": colours(t, dark)} {
		for _, p := range pairs {
			if c := contrast(t, scheme[p[0]], scheme[p[1]]); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f", name, p[0], p[1], c)
			}
		}
	}
	if c := fmt.Sprintf("%.2f", contrast(t, "#ffffff", "#767676")); c != "4.54" {
		t.Errorf("it reckons wrongly: %s", c)
	}
}

func TestTheStyleAndTheScriptAskNobody(t *testing.T) {
	for _, name := range []string{"static/style.css", "static/live.js"} {
		text, err := static.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, not := range []string{"http:", "https:", "url(", "@import", "//cdn", "eval("} {
			if strings.Contains(string(text), not) {
				t.Errorf("%s has %s", name, not)
			}
		}
	}
}
