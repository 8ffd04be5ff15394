"""The control API: what tests, the demo and benchmarks do to the workspace, as JSON over HTTP under /control/.

A verb is a function of a `Desk` and the arguments (query and JSON body together) that returns JSON; verbs live in the module
of what they are about. An answer has `"ok": true`, or `"ok": false` with `error`, `detail` and status 400.
"""

from sandbox.control.front import Control

__all__ = ["Control"]
