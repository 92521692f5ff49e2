#!/usr/bin/python
"""Keep a node of a telephony pair as its ha.hcl says, by hotpair itself."""

import json
import os
import shutil
import stat
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
---
module: hotpair
short_description: Keep a node of a telephony pair as its ha.hcl says
description:
  - Validates a new ha.hcl, has hotpair plan the node with it, and only then puts it in place and applies it.
  - In check mode nothing is written on the node. The plan is made with the new ha.hcl, as in a real run.
  - Exit codes of hotpair are told apart. 3, another hotpair runs, and 4, applied in part, are failures.
options:
  content:
    description: The whole of ha.hcl. It is never shown or logged. Without it the node's own ha.hcl is kept.
    type: str
  show_config:
    description: Whether the diff shows the lines of ha.hcl. Only for files that hold no secrets.
    type: bool
    default: false
  apply:
    description: Whether the plan is carried out. Otherwise only ha.hcl is put in place.
    type: bool
    default: true
  allow:
    description:
      - What may disturb calls. What C(restart) and C(resync) allow is that of C(hotpair apply --allow); otherwise it
        waits, and is no change.
      - C(stop) allows that a node that serves calls becomes one that does not; otherwise the task fails.
    type: list
    elements: str
    choices: [restart, resync, stop]
    default: []
  lock_timeout:
    description: How long another hotpair of the node is waited for, such as 30s.
    type: str
    default: 2m
  binary:
    description: The program hotpair, by its path or by its name.
    type: str
    default: hotpair
  root:
    description: Directory that holds the node, for sandboxes and images.
    type: path
    default: /
"""

EXAMPLES = r"""
- name: This node is as ha.hcl says
  hotpair:
    content: "{{ lookup('ansible.builtin.template', 'ha.hcl.j2') }}"
    allow: [restart]
"""

RETURN = r"""
plan:
  description: How many things hotpair creates, changes and removes, and how many actions follow.
  returned: unless it failed before
  type: dict
waiting:
  description: What hotpair owes until it is allowed.
  returned: unless it failed before
  type: list
notes:
  description: What hotpair tells of the node beside the plan.
  returned: unless it failed before
  type: list
"""

CONFIG = "/etc/hotpair/ha.hcl"
EXIT_LOCKED = 3


class Node:
    """A node that hotpair looks at and changes, with an ha.hcl that may not be in place yet."""

    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.path = self.below(CONFIG)
        self.draft = None  # where the new ha.hcl stands until it is in place
        self.written = False

    def below(self, path):
        """A path of the node, as this machine names it."""
        return os.path.join(self.params["root"], path.lstrip("/"))

    def is_new(self):
        """Whether ha.hcl is to become another one."""
        content = self.params["content"]
        return content is not None and content != self.current()

    def current(self):
        """What ha.hcl holds now; None: there is none."""
        try:
            with open(self.path, encoding="utf-8", errors="replace", newline="") as f:
                return f.read()
        except FileNotFoundError:
            return None

    def draft_config(self):
        """Writes the new ha.hcl where hotpair can read it and nobody else can."""
        self.draft = os.path.join(self.module.tmpdir, os.path.basename(CONFIG))
        with open(self.draft, "w", encoding="utf-8", newline="", opener=lambda path, flags: os.open(path, flags, 0o600)) as f:
            f.write(self.params["content"])

    def hotpair(self, *words):
        """Runs hotpair, and gives its exit code and the objects that it prints."""
        command = [self.params["binary"], "--json", "--root", self.params["root"]]
        if self.draft:
            command += ["--config", self.draft]
            if os.path.exists(self.below("/etc/hotpair/ha.d")):
                command += ["--config", self.below("/etc/hotpair/ha.d")]
        code, out, err = self.module.run_command(command + list(words))
        said = []
        for line in out.splitlines():
            try:
                said.append(json.loads(line))
            except ValueError:
                err += "\n" + line
        if code != 0 and not any(o["@level"] == "error" for o in said):
            said.append({"@level": "error", "@message": err.strip() or "hotpair ended with code %d" % code, "type": "diagnostic"})
        return code, said

    def named(self, text):
        """A text with the name that ha.hcl has on the node."""
        return text.replace(self.draft, CONFIG) if self.draft else text

    def fail(self, code, said):
        """Fails with what hotpair says, with file, line and column where there are any."""
        texts = [self.named(explained(o)) for o in said if o["@level"] == "error"]
        done = [o for o in said if o["type"] in ("apply_complete", "action_complete")]
        if code == EXIT_LOCKED:
            texts.append("Run it again later, or wait longer with hotpair_lock_timeout.")
        stopped = bool(done or of_type(said, "apply_stopped"))
        if stopped:
            texts.append("Done before that: " + (", ".join(o["hook"]["resource"] for o in done) or "nothing in full") + ". The next run finishes what is left.")
        elif self.written:
            texts.append(CONFIG + " is in place; nothing else was changed.")
        else:
            texts.append("Nothing was changed.")
        self.module.fail_json(msg="\n".join(dict.fromkeys(texts)), rc=code, changed=self.written or stopped)

    def plan(self):
        """What hotpair would do."""
        code, said = self.hotpair("plan")
        if code != 0:
            self.fail(code, said)
        return said

    def install(self):
        """Puts the new ha.hcl in place, as a whole. A first one is its owner's alone."""
        directory = os.path.dirname(self.path)
        os.makedirs(directory, 0o755, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=directory, prefix=".ha.hcl.", delete=False) as f:
            self.module.add_cleanup_file(f.name)
            f.write(self.params["content"])
            f.flush()
            if os.path.exists(self.path):
                old = os.stat(self.path)
                os.fchown(f.fileno(), old.st_uid, old.st_gid)
                os.fchmod(f.fileno(), stat.S_IMODE(old.st_mode))
            os.fsync(f.fileno())
        os.replace(f.name, self.path)
        self.draft, self.written = None, True

    def apply(self):
        """Makes the node as ha.hcl says, and tells whether anything was changed."""
        words = ["apply", "--auto-approve", "--lock-timeout", self.params["lock_timeout"]]
        for word in self.params["allow"]:
            words += ["--allow", word] if word != "stop" else []
        code, said = self.hotpair(*words)
        if code != 0:
            self.fail(code, said)
        return any(o["type"] in ("apply_complete", "action_complete") for o in said)


def explained(message):
    """An error of hotpair's, with its place."""
    told = message.get("diagnostic", {})
    place, text = told.get("range", {}), told.get("summary", message["@message"])
    if place.get("line"):
        text = "%s:%d:%d: %s" % (place["filename"], place["line"], place["column"], text)
    if told.get("detail"):
        text += ". " + told["detail"]
    return text


def shown(resource, state):
    """The lines of a diff for one side of a change."""
    return ["%s %s = %s" % (resource, name, json.dumps(value, ensure_ascii=False)) for name, value in sorted((state or {}).items())]


def diff_of(node, changes, actions):
    """What Ansible shows with --diff: ha.hcl, the things of the node, and what is done after."""
    diffs = []
    if node.is_new():
        diffs.append(config_diff(node))
    before, after = [], []
    for change in changes:
        addr = change["resource"]["addr"]
        before += shown(addr, change["before"])
        after += shown(addr, change["after"])
    after += ["! %s: %s" % (a["name"], a["effect"]) for a in actions]
    if before or after:
        diffs.append({"before_header": "this node", "after_header": "this node, as ha.hcl says",
                      "before": "".join(line + "\n" for line in before), "after": "".join(line + "\n" for line in after)})
    return diffs


def ending_calls(said, changes):
    """What of a plan ends the calls of a node that serves them; None: nothing does."""
    kinds = {c["resource"]["resource_type"]: c["after"] or {} for c in changes}
    if "passive" in kinds.get("services", {}).values():
        return "This node serves calls, and its services would be stopped: its calls end then."
    noted = [o["@message"] for o in of_type(said, "note") if o["code"] == "stops_services"]
    return noted[0] if noted and "schedule" in kinds else None


def config_diff(node):
    """ha.hcl before and after. Its lines are shown only where that was asked for."""
    old, new = node.current(), node.params["content"]
    before, after = "", "the new ha.hcl; show_config shows its lines, where it holds no secret\n"
    if old is not None:
        before = "the present ha.hcl\n"
    if node.params["show_config"]:
        before, after = indented(old or ""), indented(new)
    return {"before_header": CONFIG, "after_header": CONFIG, "before": before, "after": after}


def indented(text):
    """Lines that are not the content itself, which Ansible would mask as a whole."""
    return "".join("  " + line + "\n" for line in text.splitlines())


def of_type(said, kind):
    return [o for o in said if o["type"] == kind]


def run(node):
    """Looks, and acts unless it is only a check."""
    module, params = node.module, node.params
    changed = node.is_new()
    if not os.path.exists(params["binary"]) and not shutil.which(params["binary"]):
        if module.check_mode:
            module.warn("hotpair is not installed on this node yet, so nobody can tell what it would change there.")
            module.exit_json(changed=changed, diff=[config_diff(node)] if changed else [])
        module.fail_json(msg="%s is not on this node: install hotpair first, by hotpair_package or by hand. Nothing was changed." % params["binary"])
    if changed:
        node.draft_config()
    said = node.plan()
    actions = [o["action"] for o in of_type(said, "planned_action")]
    waiting = [a for a in actions if a["standing"] == "waiting" and a["consent"] not in params["allow"]]
    due = [a for a in actions if a["standing"] in ("due", "waiting") and a not in waiting]
    changes = [o["change"] for o in of_type(said, "planned_change")]
    if not params["apply"]:
        changes, due = [], []
    ending = ending_calls(said, changes)
    if ending and "stop" not in params["allow"]:
        module.fail_json(msg=ending + " Allow it with hotpair_allow: [stop], or correct its role. Nothing was changed.")
    diff = diff_of(node, changes, due)
    acts = bool(changes or due)
    if not module.check_mode:
        if changed:
            node.install()
        if params["apply"]:
            acts = node.apply()
    owed = ["%s: %s. It waits for hotpair_allow: [%s]." % (a["name"], a["effect"], a["consent"]) for a in waiting]
    module.exit_json(changed=changed or acts, diff=diff, waiting=owed,
                     plan=of_type(said, "change_summary")[-1]["changes"], notes=[o["@message"] for o in of_type(said, "note")])


def main():
    run(Node(AnsibleModule(
        argument_spec={
            "content": {"type": "str", "no_log": True},
            "show_config": {"type": "bool", "default": False},
            "apply": {"type": "bool", "default": True},
            "allow": {"type": "list", "elements": "str", "choices": ["restart", "resync", "stop"], "default": []},
            "lock_timeout": {"type": "str", "default": "2m"},
            "binary": {"type": "str", "default": "hotpair"},
            "root": {"type": "path", "default": "/"},
        },
        supports_check_mode=True,
    )))


if __name__ == "__main__":
    main()
