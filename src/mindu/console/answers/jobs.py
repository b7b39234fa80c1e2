"""Jobs: the looks ahead that run or are done, one by one."""

from mindu.base.records import Words
from mindu.console.ask import missing
from mindu.console.contract.ahead import JobOut, Jobs
from mindu.console.feed import Ahead

NO_JOB = Words("look ahead", "推演")
LISTED = Words("`/api/v1/lookahead` lists them.", "见推演列表。")


def jobs(ahead: Ahead | None) -> Jobs:
    """Return all looks ahead."""
    return Jobs(items=tuple(ahead.jobs()) if ahead else (), possible=ahead is not None)


def job(ahead: Ahead | None, name: str) -> JobOut:
    """Return one look ahead, with both futures when it is done.

    Raises:
        Bad: there is none of that name.
    """
    found = next((j for j in ahead.jobs() if j.id == name), None) if ahead else None
    if ahead is None or found is None:
        raise missing(NO_JOB, LISTED)
    return JobOut(job=found, futures=ahead.futures(name))


def cancel(ahead: Ahead | None, name: str) -> JobOut:
    """End a look ahead.

    Raises:
        Bad: there is none of that name.
    """
    found = job(ahead, name)
    assert ahead is not None, "who has a look ahead looks ahead"
    return JobOut(job=ahead.cancel(found.job.id))
