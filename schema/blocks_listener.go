package schema

// Where the daemon listens unless ha.hcl says otherwise.
const (
	dashboardListen = "/run/hotpair/dashboard.sock"
	metricsListen   = "127.0.0.1:9182"
)

func endpointBlock() block {
	return block{name: "endpoint", doc: "Where others may ask whether this node serves.", attributes: listening(
		attribute{name: "listen", kind: listenAddress(), doc: "The address and port, or the path of a socket, on which the daemon tells by HTTP whether this node serves; nowhere unless set."})}
}

func dashboardBlock() block {
	return block{name: "dashboard", doc: "A page that shows the pair.", attributes: listening(
		attribute{name: "enabled", kind: toggle(), preset: "true", doc: "Whether the daemon serves a page that shows how the pair stands."},
		attribute{name: "listen", kind: listenAddress(), preset: quote(dashboardListen), doc: "The address and port, or the path of a socket that only root can use, on which it is served."})}
}

func metricsBlock() block {
	return block{name: "metrics", doc: "Figures for Prometheus.", attributes: append(listening(
		attribute{name: "enabled", kind: toggle(), preset: "false", doc: "Whether the daemon serves metrics for Prometheus."},
		attribute{name: "listen", kind: listenAddress(), preset: quote(metricsListen), doc: "The address and port, or the path of a socket, on which they are served at /metrics."}),
		attribute{name: "textfile", kind: filePath(), doc: "A file that the daemon writes them to, ending in .prom, for the textfile collector of node_exporter; none unless set."})}
}

// listening are the arguments of a block that has the daemon listen.
func listening(own ...attribute) []attribute {
	return append(own, attribute{name: "names", kind: hostNames(), doc: "Host names by which it may be asked, besides localhost and its address."})
}
