// Package dashboard is a page for people that shows how a pair stands: who serves,
// what is amiss, and what to do about it. It shows what package status holds, and
// can change nothing.
//
// What a maintainer needs to know:
//
//   - Everything that is shown is hostile: names, reasons and errors come from the
//     peer, from phones and from files. html/template escapes it, cleaned takes out
//     control characters and what turns the direction of writing, and nothing of it
//     is ever in a script, a style or an address.
//   - The policy of the page (CSP) admits no inline style and no inline script: a
//     bar is an SVG rectangle with a width. A meta refresh is no script; it stands in
//     a noscript, for browsers without.
//   - One look at the node serves everybody: the feed looks while somebody is
//     connected, and hands on what changed. Times that only grow older are no
//     change; the browser counts them on by itself.
//   - What is said by a colour is said by a word and a shape too.
//   - Addresses are relative, so that a web server may pass the page on below a path
//     of its own that ends in a slash.
package dashboard
