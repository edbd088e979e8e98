"""Answers questions about revision graphs with Alembic's own code.

Reads one JSON object per line, writes one per line:

  {"nodes": [{"id", "parents", "depends_on", "labels"}], "queries": [{"verb", "rows", "target"}]}
  {"heads", "effective_heads", "bases", "branch_points", "merge_points", "branches": {id: labels}, "answers": [...]}

`rows` is what alembic_version would hold. An answer is {"steps": ids in order, "rows": what the table holds then, or
null}, {"nodes": ids} or {"error": text}. Verbs: upgrade, downgrade, resolve, range (target "A:B"), stamp.
Run it with the interpreter of the system, which has Debian's alembic.
"""
import json
import sys
import types
import warnings
from unittest import mock

try:
    from alembic.runtime.migration import HeadMaintainer, RevisionStep
    from alembic.script.base import ScriptDirectory
    from alembic.script.revision import Revision, RevisionMap
except ImportError as missing:
    print(f"alembic is not installed: {missing}", file=sys.stderr)
    sys.exit(77)

warnings.simplefilter("ignore")


class Script(Revision):
    """A revision with an empty module, which is all that steps ask for."""

    module = types.SimpleNamespace(upgrade=None, downgrade=None)


def revision_map(nodes):
    return RevisionMap(
        lambda: [
            Script(
                node["id"],
                tuple(node["parents"]),
                dependencies=tuple(node["depends_on"]) or None,
                branch_labels=tuple(node["labels"]) or None,
            )
            for node in nodes
        ]
    )


def rows_after(rows, steps):
    """None where Alembic loses its way in its own table."""
    table = HeadMaintainer(mock.MagicMock(), rows)
    try:
        for step in steps:
            table.update_to_step(step)
    except (AssertionError, KeyError):
        return None
    return sorted(table.heads)


def upgrade(revisions, rows, target):
    found = list(revisions.iterate_revisions(target, rows, implicit_base=True))
    found.reverse()
    steps = [RevisionStep(revisions, revision, True) for revision in found]
    return {"steps": [r.revision for r in found], "rows": rows_after(rows, steps)}


def downgrade(revisions, rows, target):
    found = list(revisions.iterate_revisions(rows, target, select_for_downgrade=True))
    steps = [RevisionStep(revisions, revision, False) for revision in found]
    return {"steps": [r.revision for r in found], "rows": rows_after(rows, steps)}


def resolve(revisions, rows, target):
    return {"nodes": [r.revision for r in revisions.get_revisions(target) if r is not None]}


def history(revisions, rows, target):
    base, head = target.split(":")
    found = list(
        revisions.iterate_revisions(
            head or "heads", base or "base", inclusive=True, assert_relative_length=False
        )
    )
    found.reverse()
    return {"nodes": [r.revision for r in found if r is not None]}


def stamp(revisions, rows, target):
    directory = ScriptDirectory.__new__(ScriptDirectory)
    directory.revision_map = revisions
    return {"rows": rows_after(rows, directory._stamp_revs(target, rows))}


VERBS = {"upgrade": upgrade, "downgrade": downgrade, "resolve": resolve, "range": history, "stamp": stamp}


def answer(revisions, query):
    # Whatever Alembic raises, a failed assertion too, is its answer.
    try:
        return VERBS[query["verb"]](revisions, tuple(query["rows"]), query["target"])
    except Exception as failure:
        return {"error": f"{type(failure).__name__}: {failure}"}


def answer_all(task):
    revisions = revision_map(task["nodes"])
    everything = [revisions.get_revision(node["id"]) for node in task["nodes"]]
    return {
        "heads": sorted(revisions.heads),
        "effective_heads": sorted(revisions._real_heads),
        "bases": sorted(revisions.bases),
        "branch_points": sorted(r.revision for r in everything if r.is_branch_point),
        "merge_points": sorted(r.revision for r in everything if r.is_merge_point),
        "branches": {r.revision: sorted(r.branch_labels) for r in everything},
        "answers": [answer(revisions, query) for query in task["queries"]],
    }


def main():
    for line in sys.stdin:
        print(json.dumps(answer_all(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
