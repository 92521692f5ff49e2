# CHANGELOG.md in the form of deb-changelog(5). What is not released yet is the
# version that is being packaged.
function item(    i, n, words, line) {
	n = split(text, words, " ")
	for (i = 1; i <= n; i++) {
		if (line != "" && length(line) + length(words[i]) > 74) {
			print lead line
			lead = "    "
			line = ""
		}
		line = line == "" ? words[i] : line " " words[i]
	}
	if (n) print lead line
	text = ""
}
function finish() {
	item()
	if (open) printf "\n -- The hotpair project <hotpair@users.noreply.github.com>  %s\n\n", date
}
/^## \[/ {
	finish()
	name = $2
	gsub(/[][]/, "", name)
	printf "hotpair (%s) unstable; urgency=medium\n\n", name == "Unreleased" ? version : name
	open = 1
	next
}
/^### / && open { item(); printf "  [ %s ]\n", $2; next }
/^- / && open { item(); lead = "  * "; text = substr($0, 3); next }
/^  / && open { text = text " " substr($0, 3) }
END { finish() }
