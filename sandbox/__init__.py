"""A stand-in Slack workspace that speaks Slack's wire protocol, strict where Slack is strict.

The app reaches it by its API address alone; tests talk to it in words through `sandbox.client.Workspace`. It
imports nothing of the bot. Layers, each reading only those before it:

state (data) ← wire, messages, channels, events (rules) ← api, methods (Web API) · sockets, push, courier (the way to the
app) · interactions, submissions, responses (people acting) ← control (for tests) ← server. `client` uses HTTP only.
"""

from sandbox.server import Sandbox

__all__ = ["Sandbox"]
