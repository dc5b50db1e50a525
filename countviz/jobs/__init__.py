"""Training on demand: orders, the queue they wait in, and the processes that work it off.

Pages and commands use what stands here: they read and write a table and a folder of files. What
trains (``run``, ``recording``, ``cluster``) lives in processes that ``supervisor`` starts.
"""

from countviz.jobs.orders import Order, describe_problems
from countviz.jobs.problems import JobProblem, QueueFull
from countviz.jobs.queue import Job, Queue

__all__ = ["Job", "JobProblem", "Order", "Queue", "QueueFull", "describe_problems"]
