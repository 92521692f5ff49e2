# Wildix devices, from Wildix's table of failover times: the shortest and the
# longest, to the backup and back. Main and failover server are reached by the same
# transport, which is noted where it is not TCP on port 443. Wildix gives no time
# for a device that comes too early: it is taken to need its longest once more.

# Old models.
profile "wildix-wp4x0" {
  vendors   = ["Wildix"]
  models    = ["WP4?0"]
  to_backup = "60s-105s"
  to_main   = "60s-105s"
}

profile "wildix-wp4x0-r2" {
  vendors   = ["Wildix"]
  models    = ["WP4?0R2", "WP4?0 R2"]
  to_backup = "30s-60s"
  to_main   = "10s-60s"
}

# TLS on port 443, with WMS 4.0X.
profile "wildix-wp4x0-r3" {
  vendors   = ["Wildix"]
  models    = ["WP4?0R3", "WP4?0 R3", "Start*", "WorkForce*", "WelcomeConsole*"]
  to_backup = "95s-145s"
  to_main   = "60s-105s"
}

profile "wildix-vision" {
  vendors   = ["Wildix"]
  models    = ["Vision*", "SuperVision*"]
  to_backup = "60s-180s"
  to_main   = "15s-45s"
}

profile "wildix-w24fxsr2" {
  vendors   = ["Wildix"]
  models    = ["W24FXSR2"]
  to_backup = "40s-45s"
  to_main   = "30s-90s"
}

# TLS on port 443.
profile "wildix-w04fxs" {
  vendors   = ["Wildix"]
  models    = ["W04FXS"]
  to_backup = "30s-30s"
  to_main   = "45s-300s"
}

# UDP on port 5060.
profile "wildix-w02fxsr2" {
  vendors   = ["Wildix"]
  models    = ["W02FXSR2"]
  to_backup = "30s-60s"
  to_main   = "10s-30s"
}

# TCP or, with WMS 4.0X, TLS on port 443.
profile "wildix-w0xpri" {
  vendors   = ["Wildix"]
  models    = ["W0?PRI"]
  to_backup = "10s-10s"
  to_main   = "30s-180s"
}

# TCP or, with WMS 4.0X, TLS on port 443.
profile "wildix-w01-02bri" {
  vendors   = ["Wildix"]
  models    = ["W01BRI", "W02BRI"]
  to_backup = "10s-60s"
  to_main   = "60s-180s"
}

# TLS on port 443.
profile "wildix-w04fx0" {
  vendors   = ["Wildix"]
  models    = ["W04FX0", "W04FXO"]
  to_backup = "30s-30s"
  to_main   = "45s-300s"
}

# TLS on port 443, from firmware 2.8.22 on.
profile "wildix-wp600axx" {
  vendors   = ["Wildix"]
  models    = ["WP600A*"]
  to_backup = "60s-180s"
  to_main   = "15s-45s"
}

# TLS on port 443. The application is in the foreground; nobody can tell here which
# it is, so this one is taken.
profile "wildix-android-active" {
  vendors   = ["Wildix"]
  models    = ["Android*"]
  to_backup = "60s-180s"
  to_main   = "15s-45s"
}

# TLS on port 443. In the background the application changes at once.
profile "wildix-android-background" {
  vendors   = ["Wildix"]
  models    = ["Android*"]
  to_backup = "0s-0s"
  to_main   = "0s-0s"
}
