// Package deliver hands messages over: by the node's own mailer, to a mail
// server, by a POST, or to a program. It decides nothing about what is told when.
//
// What a maintainer needs to know:
//
//   - What a message says may come from a hostile log, peer or file. It is cleaned
//     once, by Message.Clean: no line ends or control characters, bounded lengths.
//     Addresses come from ha.hcl, which refuses what is not one.
//   - A server's certificate is always verified, by its name and by ca_file or the
//     system's. STARTTLS is asked for and never waived: one that is stripped on the
//     way ends the attempt before a password or a message is sent.
//   - go-mail prolongs its deadline with each step, and its Close waits for the
//     step: the connection is closed under it when the context ends.
//     Its EncodingUSASCII writes quoted-printable and calls it 7bit; and it leaves
//     an ASCII subject alone, also one that its reader would decode.
//   - Errors reach logs, status and mail: they hold no URL, token or password. A
//     server may send back what it was sent, so passwords are taken out of what it
//     says.
package deliver
