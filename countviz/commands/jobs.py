"""Training on demand: what is under way, and whether what it left behind is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from countviz.cli import Answer, AsJson, app, show_examples
from countviz.commands.text import tabulate
from countviz.words import count_nouns

if TYPE_CHECKING:
    from countviz.jobs import Job

JobId = Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")]

group = typer.Typer(
    invoke_without_command=True, epilog=show_examples("jobs", "jobs cancel 1f6c03ad2b77")
)
app.add_typer(group, name="jobs")


@group.callback()
def jobs(context: typer.Context, as_json: AsJson = False) -> Answer | None:
    """List the trainings on demand, or end or resume one."""
    from countviz.jobs import Queue

    if context.invoked_subcommand:
        return None
    found = Queue().list()
    rows = [["id", "state", "place", "epoch", "seeds", "family", "error"]]
    for job in found:
        place, epochs = "" if job.place is None else job.place, job.order.spec.recipe.epochs
        named = [job.id, job.state, place, f"{max(0, job.epoch)} of {epochs}"]
        rows.append([*named, len(job.order.seeds), job.order.family, job.error[:6]])
    remarks = [job.error for job in found if job.error] if found else ["there are no jobs"]
    return Answer({"jobs": [describe_job(job) for job in found]}, tabulate(rows), as_json, remarks)


def describe_job(job: Job) -> dict[str, Any]:
    """Return a job as JSON has it."""
    return vars(job) | {"order": job.order.model_dump(mode="json")}


@group.command(epilog=show_examples("jobs cancel 1f6c03ad2b77"))
def cancel(id: JobId, as_json: AsJson = False) -> Answer:
    """End a training; it can be resumed."""
    from countviz.jobs import Queue

    Queue().cancel(id)
    return _tell_state(id, as_json)


@group.command(epilog=show_examples("jobs resume 1f6c03ad2b77"))
def resume(id: JobId, as_json: AsJson = False) -> Answer:
    """Let a training go on after its last epoch."""
    from countviz.jobs import Queue

    Queue().resume(id)
    return _tell_state(id, as_json)


def _tell_state(id: str, as_json: bool) -> Answer:
    from countviz.jobs import Queue
    from countviz.jobs.problems import NO_JOB, JobProblem

    job = Queue().find(id)
    if job is None:
        raise JobProblem(NO_JOB.format(id=id))
    return Answer(describe_job(job), f"{id} is {job.state}", as_json)


@app.command(epilog=show_examples("fsck", "fsck --json"))
def fsck(as_json: AsJson = False) -> Answer:
    """Verify everything that was trained, set aside what is damaged, mend the list of jobs."""
    from countviz.folders import data_folder
    from countviz.jobs.check import check_storage

    done = check_storage(data_folder())
    sound = f"{count_nouns(done.families, 'family')} and {count_nouns(done.epochs, 'epoch')}"
    lines = [f"sound: {sound}".replace("familys", "families")]
    lines += [f"restored to the list: {id}" for id in done.restored]
    lines += [f"in quarantine: {note}" for note in done.quarantined]
    return Answer(vars(done), "\n".join(lines), as_json, done.problems)
