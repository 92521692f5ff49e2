// Package web is the server of all that the daemon tells by HTTP: whether the node
// serves, the metrics, and the dashboard. It may only be read.
//
// What a maintainer needs to know:
//
//   - No TLS and no password: a web server in front has both. What it passes on must
//     carry a Host that is listed in Names, or an address.
//   - Host is checked against DNS rebinding: a page of another site whose name
//     suddenly means 127.0.0.1 must not read this. Addresses cannot be rebound, but
//     only the one that was connected to is taken. A request without Host is no
//     browser's (RFC 9112 §3.2).
package web
