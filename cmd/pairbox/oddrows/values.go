package oddrows

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// random is a value of a kind, a null now and then. Keys are from a small range,
// so that they meet.
func random(rng *rand.Rand, kind string) any {
	if rng.IntN(8) == 0 && kind != "id" {
		return nil
	}
	switch kind {
	case "up":
		if rng.IntN(2) == 0 {
			return nil
		}
		fallthrough
	case "id":
		return strconv.Itoa(rng.IntN(60))
	case "big":
		return strconv.FormatInt(rng.Int64()-rng.Int64(), 10)
	case "text":
		return text(rng)
	}
	list := kinds()[kind]
	return list[rng.IntN(len(list))]
}

// text is one that looks like something else, or several, or a long one.
func text(rng *rand.Rand) string {
	list := Texts()
	one := list[rng.IntN(len(list))]
	switch rng.IntN(6) {
	case 0:
		return one + list[rng.IntN(len(list))] + list[rng.IntN(len(list))]
	case 1:
		return strings.Repeat(one, rng.IntN(100))
	}
	return one
}

// Texts are texts that a careless reader of a dump takes for its own language.
func Texts() []string {
	return []string{
		"", " ", "word", `\N`, `\.`, "\\.\n", "COPY public.plain (id) FROM stdin;", "\n--\n-- Name: plain; Type: TABLE DATA\n--\n\nCOPY public.plain FROM stdin;\n1\n\\.\n",
		`\connect postgres`, `\! touch /tmp/x`, "\\copy x from y", `\t\n\x41\101\\`, "a\tb", "a\nb", "a\r\nb", "\b\f\v\x7f\x1b[31m", `'`, `''; DROP TABLE plain; --`, `"`, "$$", "$1", "$a$",
		"NULL", "null", "{NULL}", "(,)", "%s%n", "é", "e\u0301", "\u00a0", "\u2028", "\ufeff", "\U0001f4de\U0001f469\u200d\U0001f680", "\u202etxt", "ß", "ﬀ", "İi", "0x00", "-0", "1e3", strings.Repeat("é", 4001),
	}
}

// kinds are values of which many are equal and yet not the same, or have no
// equal.
func kinds() map[string][]string {
	return map[string][]string{
		"word":    {"a", "A", "á", "Z", "ä", "a b", "ab", "-a", "_a", "é", "e\u0301", "", `\.`, `\N`, "10", "9", "'", "\t", "COPY public.parent FROM stdin;", "\U0001f4de"},
		"small":   {"-32768", "0", "32767"},
		"share":   {"0", "1", "2", "3", "100"},
		"flag":    {"t", "f"},
		"amount":  {"1", "1.0", "1.00", "-0.000", "NaN", "Infinity", "-Infinity", "1e-20", "123456789012345678901234567890.0001", "1e400"},
		"scaled":  {"1.0", "1.00", "-99999999.9999", "NaN", "0.0001"},
		"ratio":   {"NaN", "-0", "0", "Infinity", "-Infinity", "0.1", "1e-37", "3.4e38", "16777217"},
		"short":   {"", "a", "a ", `\`, "été", "a\tb", "it's", `\N`},
		"padded":  {"", "a", "a   ", "ab\tc", `\.`, "ééé"},
		"mood":    {"low", "mid", "HIGH", "it's"},
		"moods":   {`{low,NULL,"it's"}`, "{}", "{HIGH,HIGH}"},
		"json":    {`{"a": 1.0}`, `{"a": 1.00}`, `{"a":1,"a":2}`, " [1]", `"\u0041"`, `"A"`, "null", "{\"a\":\n\t\"\\\\.\"}"},
		"jsonb":   {`{"a": 1.0}`, `{"a": 1.00}`, "null", `{"b":[],"a":{"x":"\"\\"}}`, `"\\N"`},
		"texts":   {"{}", `{NULL,"NULL",""}`, "[2:3]={a,b}", "{{a,b},{c,d}}", `{"\\","\"",",","\\N"," "}`},
		"numbers": {"{}", "{1,NULL,3}", "[0:1]={7,8}", "{{1},{2}}"},
		"grid":    {"{1.0,1.00,NaN}", "{NULL}", "{1.00,1.0,NaN}"},
		"raw":     {`\x`, `\x00`, `\x5c2e0a`, `\x5c4e`, `\xff00fe`},
		"span":    {"1 mon", "30 days", "720:00:00", "-1 days +02:00:00", "1 year -1 mons", "00:00:00.000001"},
		"moment":  {"2026-03-29 01:30:00+01", "2026-10-25 02:30:00+02", "0044-03-15 00:00:00+00 BC", "infinity", "-infinity", "294276-12-31 23:59:59.999999+00", "1883-11-18 12:00:00+05:53:28"},
		"local":   {"2026-03-29 02:30:00", "infinity", "-infinity", "0001-01-01 00:00:00 BC", "2026-01-01 00:00:00.000001"},
		"day":     {"2026-02-28", "infinity", "-infinity", "4713-01-01 BC", "9999-12-31"},
		"hour":    {"00:00:00", "24:00:00", "00:00:00.000001"},
		"zoned":   {"12:00:00+05:45:30", "24:00:00-12", "12:00:00+00", "13:00:00+01"},
		"ident":   {"00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "f47ac10b-58cc-4372-a567-0e02b2c3d479"},
		"host":    {"10.0.0.1/8", "10.0.0.1", "::1", "2001:db8::/32", "::ffff:10.0.0.1"},
		"net":     {"10.0.0.0/8", "::/0", "0.0.0.0/0"},
		"mac":     {"08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"},
		"markup":  {"<a/>", "<a></a>", "a &amp; b", `<?xml version="1.0"?><a/>`, "", "<![CDATA[\\.\n]]>"},
		"pairs":   {`"a"=>NULL, "b"=>""`, "", `"a"=>"b"`, `"\"\\"=>"=>,"`},
		"bits":    {"", "0", "00", "101"},
		"period":  {"empty", "[1,5)", "(,)", "[3,]"},
		"spot":    {"(0,-0)", "(NaN,Infinity)", "(0.1,1e-300)"},
		"price":   {"-1.23", "92233720368547758.07", "0"},
	}
}
