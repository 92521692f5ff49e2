// Package reconcile is the engine: it looks at declared resources, decides
// what differs, orders the changes, carries them out, and remembers.
//
// It knows what a resource, a change and a plan are. It knows nothing of
// telephony, of HCL, or of where a resource lives: kinds are handed to it as
// values with a look and an act, and they never decide. Deciding is pure;
// the world is touched through Resource, FollowUp and the package disk alone.
//
// What holds for every plan:
//
//   - Planning changes nothing, and planning again after an apply finds nothing.
//   - Just before each change the engine looks again; what moved since the plan
//     is refused with ErrStale. Just after it looks once more; what did not
//     become as wanted is ErrUnsettled.
//   - Removals come first, and the record of what has been achieved comes last,
//     after the follow-ups that are due, so that it never says more than is true.
//     Towards a node without high availability the changes are reversed.
//   - Follow-ups, such as a reload, are entered in the ledger as owed before the
//     change that asks for them and struck after they succeeded, so that a crash
//     in between loses none.
//   - Before the first change of a file a copy of it is kept, and after each what
//     the change left, so that the file can be put back to the byte as long as
//     nobody else has changed it.
package reconcile
