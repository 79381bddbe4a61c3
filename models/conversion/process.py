"""Runs a conversion in a process of its own and gives its result a name only when it is whole.

No pickle comes back from the child: it speaks JSON. No torch here.
"""

import json
import multiprocessing
import os
import shutil
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from models.contracts import BadCheckpoint, ConversionFailed
from models.conversion.jobs import Converted, Dtype, Job, Kind, Progress

ERRORS = {error.code: error for error in (BadCheckpoint, ConversionFailed)}


def convert(
    kind: Kind, source: Path, base: Path | None, out: Path, dtype: Dtype, shard_bytes: int, progress: Progress
) -> Converted:
    """Make the folder `out`, which must not exist yet; it appears whole or not at all.

    Raises BadCheckpoint for weights that cannot be converted and for an `out` that is in use, ConversionFailed when the
    child ends before its time. What it had written is removed.
    """
    if os.path.lexists(out):
        raise BadCheckpoint(f"{out} 已经存在,不会覆盖")
    partial = out.with_name(f"{out.name}.partial")
    try:
        partial.mkdir()
    except FileExistsError as error:
        message = f"{partial} 已经存在:另一次转换正在进行,或上次被强行中断;确认没有在进行之后,请删去它"
        raise BadCheckpoint(message) from error
    except OSError as error:
        raise BadCheckpoint(f"{partial} 建不起来: {error.strerror}") from error
    try:
        job = Job(kind=kind, source=source, base=base, out=partial, dtype=dtype, shard_bytes=shard_bytes)
        converted = _supervised(job, progress)
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return converted


def _supervised(job: Job, progress: Progress) -> Converted:
    # A fresh interpreter: nothing of this process, no open file or key in memory, is there for a hostile file.
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    child = spawning.Process(target=_child, args=(job.model_dump_json(), theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        while True:
            told = json.loads(ours.recv_bytes())
            if "progress" in told:
                progress(*told["progress"])
            elif "error" in told:
                raise ERRORS[told["error"]](told["message"])
            else:
                return Converted.model_validate(told["done"])
    except EOFError as error:
        child.join()
        raise ConversionFailed(_ended(child.exitcode)) from error
    finally:
        child.kill()
        child.join()
        ours.close()


def _ended(status: int | None) -> str:
    if status is not None and status < 0:
        return f"转换进程被信号 {-status} 终止" + (",多半是内存不够" if status == -9 else "")
    return f"转换进程意外结束(退出码 {status}),原因见上面的错误输出"


def _child(job: str, parent: Connection) -> None:
    """The child: work, and tell the parent. When the parent is gone, telling fails and the child ends."""
    import signal
    import warnings

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent ends this process
    warnings.simplefilter("ignore")

    def tell(**message: Any) -> None:
        parent.send_bytes(json.dumps(message).encode())

    from transformers.utils import logging

    from models.conversion.worker import work

    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        converted = work(Job.model_validate_json(job), lambda *report: tell(progress=report))
    except (BadCheckpoint, ConversionFailed) as error:
        tell(error=error.code, message=str(error))
    else:
        tell(done=converted.model_dump())
